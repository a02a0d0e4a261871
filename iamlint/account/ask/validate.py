"""Refuses questions that would be answered for the wrong reason: typos, wrong types, no ARNs."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Final

from iamlint.catalog import KeyType
from iamlint.errors import UsageError
from iamlint.evaluator.context import Missing
from iamlint.late_pattern import late_pattern
from iamlint.policy.arn import is_account_id, parse_arn
from iamlint.policy.requested import RequestedResource
from iamlint.policy.spelling import did_you_mean, slip_of
from iamlint.policy.values import (
    is_valid,
    parse_address,
    parse_base64,
    parse_boolean,
    parse_moment,
    parse_number,
)
from iamlint.policy.wildcard import is_wild

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from iamlint.catalog import Action, Catalog
    from iamlint.evaluator.context import ContextValue
    from iamlint.policy.arn import Arn

_PLACEHOLDER: Final = late_pattern(r"\$\{[^{}]*\}")
_SHOWN: Final = 3

GivenContext = object
"""What people give as a context value: text, number, truth, time, a list, None for absent."""


def actions_of(catalog: Catalog, given: Iterable[str], *, least: int = 1) -> tuple[str, ...]:
    """Return the actions that names and patterns name, or raise for those AWS does not have."""
    found: dict[str, None] = {}
    for text in given:
        if not isinstance(text, str):
            raise UsageError(f"an action must be a string, not `{text!r}`")
        names = _expanded(catalog, text)
        if not names:
            raise UsageError(f"there is no action `{text}`", help=_close_actions(catalog, text))
        found.update(dict.fromkeys(names))
    if len(found) < least:
        raise UsageError(
            "the question does not name an action", help="name one, such as `s3:GetObject`"
        )
    return tuple(found)


def _expanded(catalog: Catalog, text: str) -> list[str]:
    if is_wild(text):
        return [action.full_name for action in catalog.expand(text)]
    known = catalog.action(text)
    if known is not None:
        return [known.full_name]
    return [text] if catalog.accepts_action(text) else []


def _close_actions(catalog: Catalog, text: str) -> str:
    if ":" not in text:
        return "write `service:Name`, such as `s3:GetObject`"
    close = ", ".join(f"`{name}`" for name in catalog.close_actions(text))
    known = f"the names are those of {catalog.date}"
    return f"did you mean {close}? {known}" if close else known


def check_host(catalog: Catalog, host: str) -> None:
    """Raise for the name of a service that is a slip of one AWS has.

    There is no list of all hosts, so one that resembles none is taken as it is.
    """
    label, dot, rest = host.partition(".")
    slip = None if catalog.has_arn_service(label) else slip_of(label, catalog.services())
    if slip is not None:
        meant = f"{slip}{dot}{rest}"
        raise UsageError(f"there is no service `{host}`", help=f"did you mean `{meant}`?")


def arn_patterns(catalog: Catalog, action: Action | None) -> tuple[str, ...] | None:
    """Return what an action acts on, as ARN templates; None where that is not known.

    An action without resource types gives an empty tuple: it is granted on `*` alone.
    """
    if action is None or not action.types_known:
        return None
    service = catalog.service(action.service)
    types = service.resource_types if service else {}
    found = [types.get(use.name.lower()) for use in action.resource_types]
    if any(type_ is None for type_ in found):
        return None
    return tuple(arn for type_ in found if type_ for arn in type_.arns)


def concrete(template: str, partition: str, account: str) -> str:
    """Return a template as a pattern of one partition and account."""
    named = template.replace("${Partition}", partition).replace("${Account}", account)
    return _PLACEHOLDER.sub("*", named)


@cache  # AWS has some hundred
def _template(text: str) -> tuple[RequestedResource, Arn | None]:
    """Return a template as a pattern, and as the ARN with placeholders that it is."""
    return RequestedResource.of(_PLACEHOLDER.sub("*", text)), parse_arn(text)


def fits(template: str, resource: RequestedResource) -> bool:
    """Return whether an ARN or pattern names something that a template names too."""
    pattern, wanted = _template(template)
    if not pattern.overlaps(resource):
        return False
    given = resource.arn
    if wanted is None or given is None:
        return True
    # The placeholders of region and account mean something; names of buckets hold no slash.
    missing = (wanted.region and not given.region) or (wanted.account and not given.account)
    if missing and "*" not in given.fields[:4]:
        return False
    return not (wanted.resource == "${BucketName}" and "/" in given.resource)


def check_fit(action: str, resource: RequestedResource, templates: tuple[str, ...] | None) -> None:
    """Raise when an action cannot be about a resource."""
    arn = resource.text
    if templates is None:
        return
    if not templates:
        raise UsageError(
            f"`{action}` does not act on a resource, but the question names `{arn}`",
            help="ask without a resource",
        )
    if any(fits(template, resource) for template in templates):
        return
    inside = f"{arn.rstrip('/')}/*"
    within = RequestedResource.of(inside)
    if any(fits(template, within) for template in templates):
        kinds = "objects" if ":s3:" in arn else "the content of such a resource"
        raise UsageError(
            f"`{action}` acts on {kinds}, not on `{arn}`",
            help=f"did you mean `{inside}`?",
        )
    shown = ", ".join(f"`{template}`" for template in templates[:_SHOWN])
    more = ", …" if len(templates) > _SHOWN else ""
    raise UsageError(f"`{action}` does not act on `{arn}`", help=f"it acts on {shown}{more}")


def checked_resource(catalog: Catalog, text: str) -> RequestedResource:
    """Return an ARN, a pattern of ARNs or `*`, or raise for what can name no resource."""
    resource = RequestedResource.of(text)
    if resource.is_everything:
        return resource
    arn = resource.arn
    if arn is None or not arn.resource:
        raise UsageError(
            f"`{text}` is not an ARN",
            help="an ARN has the form arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE",
        )
    _check_fields(catalog, text, arn)
    return resource


def _check_fields(catalog: Catalog, text: str, arn: Arn) -> None:
    account = arn.account in ("", "aws") or is_account_id(arn.account)
    if not account and not is_wild(arn.account):
        raise UsageError(
            f"`{arn.account}` in `{text}` is not an account id", help="an account id has 12 digits"
        )
    partitions = catalog.partitions()
    rows = (
        ("partition", arn.partition, arn.partition in partitions, partitions),
        ("service", arn.service, catalog.has_arn_service(arn.service), ()),
        ("region", arn.region, arn.region in ("", *catalog.regions()), catalog.regions()),
    )
    for what, value, known, others in rows:
        if not known and not is_wild(value):
            close = others or catalog.close_services(value)
            raise UsageError(
                f"there is no {what} `{value}` in AWS's ARNs: `{text}`",
                help=did_you_mean(value, close) or f"such as {', '.join(sorted(close)[:_SHOWN])}",
            )


def checked_context(catalog: Catalog, given: Mapping[str, GivenContext]) -> dict[str, ContextValue]:
    """Return a context as the evaluator takes it; None becomes an absent key."""
    found: dict[str, ContextValue] = {}
    for name, value in given.items():
        key = catalog.condition_key(name)
        if key is None:
            close = ", ".join(f"`{known}`" for known in catalog.close_keys(name))
            raise UsageError(
                f"there is no condition key `{name}`",
                help=f"did you mean {close}?" if close else None,
            )
        many = isinstance(value, list | tuple | set | frozenset)
        if many and not key.multivalued:
            raise UsageError(f"`{name}` has one value, but the question gives {_length(value)}")
        items = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        texts = tuple(_text(name, item, key.type) for item in (items if many else [items]))  # type: ignore[attr-defined]
        if value is not None:
            _check_names(catalog, name, texts)
        if value is None:
            found[name.lower()] = Missing.ABSENT
        else:
            found[name.lower()] = texts if key.multivalued else texts[0]
    return found


def refuse_keys(catalog: Catalog, keys: Iterable[str], names: Iterable[str]) -> None:
    """Raise for a key that comes with none of these actions: an answer with it proves nothing."""
    actions = [catalog.action(name) for name in names]
    known = [action for action in actions if action is not None]
    if len(known) < len(actions):
        return
    for key in keys:
        if not any(catalog.may_carry(action, key) for action in known):
            listed = ", ".join(f"`{action.full_name}`" for action in known[:_SHOWN])
            more = ", …" if len(known) > _SHOWN else ""
            raise UsageError(
                f"no request for {listed}{more} carries `{_spelled(catalog, key)}`",
                help=_close_carried(catalog, key, known),
            )


def _spelled(catalog: Catalog, key: str) -> str:
    known = catalog.condition_key(key)
    return key if known is None or "$" in known.name else known.name


def _close_carried(catalog: Catalog, key: str, actions: Sequence[Action]) -> str:
    """Return the key of these actions that was probably meant, or the actions that have this one.

    https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
    """
    prefix, _, name = key.partition(":")
    for other in (*dict.fromkeys(f"{action.service}:{name}" for action in actions), f"aws:{name}"):
        is_other = other != key and catalog.condition_key(other) is not None
        if is_other and any(catalog.may_carry(action, other) for action in actions):
            return f"did you mean `{_spelled(catalog, other)}`?"
    if guess := slip_of(key, {other for action in actions for other in catalog.keys_of(action)}):
        return f"did you mean `{_spelled(catalog, guess)}`?"
    service = catalog.service(prefix)
    if service is None or all(action.service != prefix for action in actions):
        return f"only actions of `{prefix}` have it" if service else _TAKEN
    having = [a.full_name for a in service.actions.values() if catalog.may_carry(a, key)]
    shown = ", ".join(f"`{name}`" for name in having[:_SHOWN])
    return f"it comes with {shown}{', …' if len(having) > _SHOWN else ''}" if having else _TAKEN


_TAKEN: Final = "leave it out; `simulate` accepts any key"


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
# https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
_OF_ACCOUNTS: Final = frozenset(
    {
        "aws:principalaccount", "aws:resourceaccount", "aws:sourceaccount", "kms:calleraccount",
        "s3:resourceaccount",
    }
)  # fmt: skip


def _check_names(catalog: Catalog, name: str, texts: Iterable[str]) -> None:
    """Refuse regions and accounts that AWS does not have: the catalog knows them as texts."""
    for text in texts:
        if name.lower() == "aws:requestedregion" and text not in catalog.regions():
            raise UsageError(
                f"there is no region `{text}`", help=did_you_mean(text, catalog.regions())
            )
        if name.lower() in _OF_ACCOUNTS:
            checked_account(text)


def checked_account(text: str) -> str:
    """Return an account id; raise if the text is not one."""
    if not is_account_id(text):
        raise UsageError(f"`{text}` is not an account id", help="an account id has 12 digits")
    return text


def _length(value: object) -> str:
    return "a list" if isinstance(value, list | tuple | set | frozenset) else repr(value)


def _text(name: str, value: object, type_: KeyType) -> str:
    """Return one value as the text AWS compares, or raise when it is not of the key's type."""
    if value is None:
        return ""
    if isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, datetime):
        text = moment(value)
    else:
        text = str(value)
    if not is_valid(_PARSE.get(type_, str), text):
        wanted = _WANTED.get(type_, "a text")
        raise UsageError(f"`{name}` accepts {wanted}, not `{text}`")
    return text


def _arn(text: str) -> Arn:
    if (arn := parse_arn(text)) is None:
        raise ValueError(text)
    return arn


_PARSE: Final[Mapping[KeyType, Callable[[str], object]]] = {
    KeyType.BOOL: parse_boolean,
    KeyType.BINARY: parse_base64,
    KeyType.NUMERIC: parse_number,
    KeyType.DATE: parse_moment,
    KeyType.IP: parse_address,
    KeyType.ARN: _arn,
}
_WANTED: Final = {
    KeyType.BOOL: "true or false",
    KeyType.BINARY: "base64",
    KeyType.NUMERIC: "a number",
    KeyType.DATE: "a time such as 2027-03-31T12:00:00Z",
    KeyType.IP: "one IP address",
    KeyType.ARN: "an ARN",
}


def moment(at: datetime | str) -> str:
    """Return a point in time as AWS writes it; one without time zone is refused."""
    if isinstance(at, str):
        try:
            at = datetime.fromisoformat(at)
        except ValueError:
            raise UsageError(
                f"`{at}` is not a time", help="write it like 2027-03-31T12:00:00Z"
            ) from None
    if at.tzinfo is None:
        raise UsageError(f"`{at.isoformat()}` has no time zone", help="UTC is written with a Z")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def time_context(at: datetime | str) -> dict[str, ContextValue]:
    """Return the keys for the time of a request."""
    text = moment(at)
    epoch = int(datetime.fromisoformat(text).timestamp())
    return {"aws:currenttime": text, "aws:epochtime": str(epoch)}
