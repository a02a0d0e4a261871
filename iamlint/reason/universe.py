"""The requests that there are: actions, the resources that they act on, and accounts.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Final

from iamlint.evaluator.match import read_glob
from iamlint.late_pattern import late_pattern
from iamlint.reason.texts import ANY_TEXT, DIGITS, CharStep, arn_language, cut, language_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from iamlint.catalog import Catalog
    from iamlint.evaluator.statement import CompiledStatement
    from iamlint.reason.budget import Budget
    from iamlint.reason.texts import Language, Union

EVERYTHING: Final = "*"
"""The target of an action that acts on no resource."""
_ANY: Final = "arn:${Partition}:%s:*:${Account}:*"
ANY_ARN: Final = _ANY % "*"
"""The target of an action whose resources are not known: any ARN."""
_PLACEHOLDER: Final = late_pattern(r"\$\{[^{}]*\}")
_FIELDS: Final = 6
FRESH_ACCOUNTS: Final = (
    "111122223333", "444455556666", "777788889999", "123456789012", "210987654321"
)  # fmt: skip


def actions_named(
    statements: Iterable[CompiledStatement], catalog: Catalog, budget: Budget
) -> dict[str, None]:
    """Return the actions, in lower case, that some statement names, surely or maybe."""
    each = (each_named(statement, catalog, budget) for statement in statements)
    return dict.fromkeys(chain.from_iterable(each))


def each_named(statement: CompiledStatement, catalog: Catalog, budget: Budget) -> Iterator[str]:
    """Yield the same for one statement, as they are asked for."""
    actions = statement.actions
    services = actions.services() if actions is not None else None
    for service in catalog.services() if services is None else sorted(services):
        names = _names(service, statement, catalog, budget)
        yield from (name for name, _ in statement.names_of(service, names))


def _names(
    service: str, statement: CompiledStatement, catalog: Catalog, budget: Budget
) -> Iterable[str]:
    if service not in catalog.unlisted():
        return _listed(service, catalog)
    element = statement.source.action_element
    entries = [e.known.lower() for e in (element.entries if element else ()) if e.known]
    globs = [e.partition(":")[2] for e in entries if e.partition(":")[0] in (service, "*")]
    unions = [(language_of(read_glob(glob)),) for glob in dict.fromkeys(globs)]
    return [f"{service}:{part.text}" for part in cut((ANY_TEXT,), unions, budget)]


def exists(action: str, catalog: Catalog) -> bool:
    """Return whether AWS has an action, in lower case; any counts of a service without a list."""
    service = action.partition(":")[0]
    return service in catalog.unlisted() or action in _listed(service, catalog)


@lru_cache(maxsize=1024)
def _listed(service: str, catalog: Catalog) -> Mapping[str, None]:
    """Return the actions of a service that AWS has now, those without facts included."""
    found = catalog.service(service)
    if found is None:
        return {}
    names = [*found.actions, *map(str.lower, found.operations)]
    return {f"{service}:{name}": None for name in names if name not in found.retired}


@lru_cache(maxsize=1 << 15)  # AWS has 22,000 actions
def targets(action: str, catalog: Catalog) -> tuple[str, ...]:
    """Return what an action acts on: templates of ARNs, `EVERYTHING`, or `ANY_ARN`."""
    known = catalog.action(action)
    if known is None or not known.types_known:
        return EVERYTHING, ANY_ARN
    if not known.resource_types:
        return (EVERYTHING,)
    more = _MORE_TARGETS.get(action, ())
    service = catalog.service(known.service)
    types = service.resource_types if service else {}
    found: dict[str, None] = {}
    for use in known.resource_types:
        type_ = types.get(use.name.lower())
        if type_ is None:
            return EVERYTHING, ANY_ARN
        for arn in type_.arns:
            found.update(dict.fromkeys(_written_out(arn)))
    return (*found, *more)


_PATHS: Final = ("arn:${Partition}:es:${Region}:${Account}:domain/${DomainName}/${Path}",)
_MORE_TARGETS: Final[Mapping[str, tuple[str, ...]]] = {
    # https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html
    "es:eshttpdelete": _PATHS,
    "es:eshttpget": _PATHS,
    "es:eshttphead": _PATHS,
    "es:eshttppatch": _PATHS,
    "es:eshttppost": _PATHS,
    "es:eshttpput": _PATHS,
    # https://docs.aws.amazon.com/sns/latest/dg/sms_publish-to-phone.html
    "sns:publish": (EVERYTHING,),
    # https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html
    "glue:createconnection": (
        "arn:${Partition}:glue:${Region}:${Account}:connection/${ConnectionName}",
    ),
}
"""What AWS's pages name and its lists of resource types lack."""


@lru_cache(maxsize=1 << 15)
def unlisted_targets(action: str, catalog: Catalog) -> tuple[str, ...]:
    """Return what an action may act on where AWS's lists of resource types lack something.

    The lists have gaps, some of them known (`_MORE_TARGETS`), and many actions also take `*`. So
    that is `*`, and each ARN of a service that has types of
    the action's service. A service sends ARNs of its own resources, so an ARN of another one in a
    statement names nothing. S3 says itself which actions take buckets and which take objects.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
    """
    name = action.partition(":")[0]
    if name in _WITH_ALL_TYPES:
        return targets(action, catalog)
    service = catalog.service(name)
    types = service.resource_types.values() if service is not None else ()
    own = {arn.split(":")[2] for type_ in types for arn in type_.arns}
    return EVERYTHING, *(_ANY % one for one in sorted(own | {name}))


_WITH_ALL_TYPES: Final = frozenset({"s3"})


def is_any(target: str) -> bool:
    """Return whether a target is any ARN, of one service or of all."""
    return target.endswith(":*")


def _written_out(arns: str) -> Iterator[str]:
    """Yield the templates of a text: AWS lists several in one, and writes `*` for any text."""
    for arn in arns.replace(" ", "").replace(",arn:", ", arn:").split(", "):
        fields = arn.split(":", _FIELDS - 1)
        if fields[4] == "*":
            fields[4] = "${Account}"
        yield ":".join(fields).replace("*", "${Any}")


def has_account(target: str) -> bool:
    """Return whether the ARNs of a target name an account."""
    return "${Account}" in target


@lru_cache(maxsize=8192)
def texts_of(target: str, partition: str, account: str, catalog: Catalog) -> Union:
    """Return the language of a target's ARNs in one partition and account; empty if it has none."""
    fields = target.split(":", _FIELDS - 1)
    if fields[1] not in ("${Partition}", partition):
        return ()
    fields[1] = partition
    text = ":".join(fields).replace("${Account}", account)
    if is_any(target):
        globs = map(read_glob, text.split(":", _FIELDS - 1))
        return ((*arn_language((*globs,)), CharStep(None)),)
    return (tuple(_steps(text, _continued(target, catalog))),)


def _steps(text: str, continued: frozenset[str]) -> Iterator[CharStep]:
    at, colons = 0, 0
    for match in _PLACEHOLDER.finditer(text):
        literal = text[at : match.start()]
        yield from map(CharStep, literal)
        colons += literal.count(":")
        at = match.end()
        without = ":" if colons < _FIELDS - 1 else ""
        if _shape(text[:at]) in continued:
            without += "/"
        yield CharStep(None, without=without)
        yield CharStep(None, repeats=True, without=without)
    yield from map(CharStep, text[at:])


def _shape(text: str) -> str:
    """Return the resource of a template, whatever its placeholders are called."""
    return _PLACEHOLDER.sub("{}", text).split(":", _FIELDS - 1)[-1]


@lru_cache(maxsize=4096)
def _continued(target: str, catalog: Catalog) -> frozenset[str]:
    """Return the beginnings of a template that another part continues with a slash.

    The name of a bucket has no slash, because an object continues it with one.
    """
    service = target.split(":")[2]
    every = (arn for type_ in catalog.arn_types(service) for arn in type_.arns)
    shapes = [_shape(one) for arn in every for one in _written_out(arn)]
    own = _shape(target)
    starts = {own[: at + 2] for at in range(len(own)) if own.startswith("{}", at)}
    return frozenset(
        start for start in starts if any(shape.startswith(f"{start}/") for shape in shapes)
    )


def fresh_account(taken: Iterable[str]) -> str:
    """Return the id of an account that is not taken."""
    known = set(taken)
    numbers = (f"{number:012}" for number in range(300_000_000_000, 301_000_000_000))
    return next(one for one in chain(FRESH_ACCOUNTS, numbers) if one not in known)


def accounts_by(patterns: Iterable[str], budget: Budget) -> list[str]:
    """Return accounts, at least one for each way in which patterns of accounts can match one."""
    exact: dict[str, None] = {}
    unions: list[Union] = []
    for pattern in dict.fromkeys(patterns):
        if pattern in ("", "*"):
            continue
        if "*" in pattern or "?" in pattern:
            unions.append((language_of(read_glob(pattern)),))
        else:
            exact[pattern] = None
    if unions:
        digits: Language = (CharStep(None, only=DIGITS),) * 12
        exact.update(dict.fromkeys(part.text for part in cut((digits,), unions, budget)))
    return list(exact)
