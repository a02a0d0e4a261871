"""AWS services in a statement that act for any customer, and what to demand of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from iamlint.grants.pinned import text_of
from iamlint.late_pattern import late_pattern
from iamlint.policy.arn import parse_arn
from iamlint.policy.grammar import PrincipalType
from iamlint.policy.wildcard import is_wild
from iamlint.rules.exposure._senders import ACCOUNT, ARN, LOG_GROUP, SENDERS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iamlint.policy.model import Principal, Statement
    from iamlint.rules.exposure._senders import Sender

SOURCE_KEYS: Final = frozenset(
    {"aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"}
)

# Older keys with which some services show on whose behalf they act.
OTHER_KEYS: Final = frozenset({"aws:referer", "aws:sourceowner"})

_CHECKS: Final = frozenset({"s3:getbucketacl", "s3:getbucketlocation", "s3:listbucket"})
_OWN_PATH: Final = late_pattern(r"arn:[^:]*:s3:::[^:]*?/(?:.*/)?AWSLogs/[^/*?]+/.*", re.DOTALL)

_REGION: Final = late_pattern(r"\.[a-z]{2}(?:-[a-z]+)+-\d+$")


def deputies(statement: Statement, resource_type: str | None) -> tuple[Principal, ...]:
    """Return the service principals that may be asked by strangers to use the resource."""
    calls = _calls(statement, resource_type)
    senders = [sender for one in statement.principals if (sender := _sender(one)) is not None]
    carriers = frozenset[str]().union(*(sender.carriers for sender in senders))
    return tuple(
        principal
        for principal in statement.principals
        if _may_be_asked(principal, statement, calls) and name_of(principal) not in carriers
    )


def _may_be_asked(principal: Principal, statement: Statement, calls: frozenset[str]) -> bool:
    if not _writes_account(principal):
        return bool(keys_sent(principal, calls))
    resources = statement.resources
    if resources and all(_OWN_PATH.fullmatch(text_of(one)) for one in resources):
        return False
    by_path = _is_of_s3(calls) and not only_checks(principal, statement)
    return by_path or bool(keys_sent(principal, calls))


def keys_sent(principal: Principal, calls: frozenset[str]) -> tuple[str, ...]:
    """Return the source keys that come with all these calls of a service.

    Where it is not known what is called, these are the keys that come with all its calls.
    """
    sender = _sender(principal)
    if sender is None:
        return ()
    sent = [_sent(sender, call) for call in calls] or list(sender.sends.values())
    return tuple(key for key in (ARN, ACCOUNT, LOG_GROUP) if all(key in keys for keys in sent))


def _sent(sender: Sender, call: str) -> tuple[str, ...]:
    found = [start for start in sender.sends if call.startswith(start)]
    return sender.sends[max(found, key=len)] if found else ()


def sends_account(name: str, statement: Statement, resource_type: str | None) -> bool:
    """Return whether a service sends the account of the source with all that is allowed."""
    calls = _calls(statement, resource_type)
    return bool(calls) and all(ACCOUNT in _sent(SENDERS[name], call) for call in calls)


def only_checks(principal: Principal, statement: Statement) -> bool:
    """Return whether the service only learns whether it could write, and does not pass it on."""
    actions = {text_of(entry).lower() for entry in statement.actions}
    return bool(actions) and actions <= _CHECKS and _writes_account(principal)


def advice_for(principal: Principal, statement: Statement, resource_type: str | None) -> str | None:
    """Return what to demand of the service: only keys that it sends there, None without any.

    What is demanded of a statement must come with the requests of all its principals.
    """
    calls = _calls(statement, resource_type)
    keys = keys_sent(principal, calls)
    others = [keys_sent(one, calls) for one in statement.principals if one is not principal]
    alone = ""
    if others and all(ACCOUNT in sent for sent in (keys, *others)):
        keys = (ACCOUNT,)
    elif others:
        alone = f"give `{principal.text}` a separate statement, and "
    if keys:
        return f"{alone}demand {_tests(principal, keys)}"
    return f"{alone}{_BY_PATH}" if _is_of_s3(calls) and _writes_account(principal) else None


_BY_PATH: Final = "end the resource in `AWSLogs/ACCOUNT/*`, with the account that may write there"


def name_of(principal: Principal) -> str:
    """Return the service's name: `logs` for `logs.eu-west-1.amazonaws.com`."""
    host = text_of(principal.entry).lower().removesuffix(".cn").removesuffix(".amazonaws.com")
    return _REGION.sub("", host)


def _tests(principal: Principal, keys: Iterable[str]) -> str:
    sender = _sender(principal)
    source = sender.source if sender else ""
    forms = {
        ARN: f"`{ARN}` ({source}) with `ArnLike`",
        ACCOUNT: f"`{ACCOUNT}` with `StringEquals`",
        LOG_GROUP: f"`{LOG_GROUP}` ({source}) with `ArnLike`",
    }
    # The ARN of a bucket does not name its account.
    return (" and " if name_of(principal) == "s3" else ", or ").join(forms[key] for key in keys)


def _calls(statement: Statement, resource_type: str | None) -> frozenset[str]:
    """Return the actions that are allowed, or `sns:` for those of a service; none if not known."""
    actions = {text_of(entry).lower() for entry in statement.actions}
    services = {action.partition(":")[0] for action in actions}
    if actions and all(":" in action for action in actions) and not any(map(is_wild, services)):
        return frozenset(actions)
    arns = [parse_arn(text_of(entry)) for entry in statement.resources]
    known = {arn.service for arn in arns if arn is not None and not is_wild(arn.service)}
    if known and None not in arns:
        return frozenset(f"{service}:" for service in known)
    if resource_type is None or not resource_type.startswith("AWS::"):
        return frozenset()
    return frozenset({f"{resource_type.split('::')[1].lower()}:"})


def _is_of_s3(calls: frozenset[str]) -> bool:
    return bool(calls) and all(call.startswith("s3:") for call in calls)


def _sender(principal: Principal) -> Sender | None:
    return SENDERS.get(name_of(principal)) if principal.type is PrincipalType.SERVICE else None


def _writes_account(principal: Principal) -> bool:
    sender = _sender(principal)
    return sender is not None and sender.writes_account
