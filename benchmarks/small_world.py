"""Decides the requests of a small world under two identity policies; a proof must agree with them.

The world comes from the words of both policies and from the catalog, and from nothing that
`iamlint.reason` knows: the actions of the changed statements, instances of each pattern of
resources and of each resource type, and for each condition key some values around those named.
"""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice, product
from typing import TYPE_CHECKING, Any, NamedTuple

from iamlint.account.ask.validate import arn_patterns
from iamlint.catalog import KeyType
from iamlint.evaluator.context import Context, Missing
from iamlint.evaluator.decision import evaluate
from iamlint.evaluator.derive import complete, derive_context
from iamlint.evaluator.policy_set import PolicySet
from iamlint.evaluator.request import Request, caller_of
from iamlint.evaluator.services import sts
from iamlint.evaluator.statement import compile_policy
from iamlint.evaluator.way import is_impossible
from iamlint.policy.callers import OF_SERVICES
from iamlint.policy.grammar import Kind
from iamlint.policy.parse import parse_policy
from iamlint.policy.requested import RequestedResource
from iamlint.policy.values import parse_moment, parse_network, parse_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from iamlint.catalog import Catalog
    from iamlint.evaluator.context import ContextValue
    from iamlint.evaluator.request import Caller
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.reason.answer import Witness

HOME, OTHER = "111122223333", "444455556666"
MOST_ACTIONS = 60
MOST_REQUESTS = 20_000
MOST_CONTEXTS = 400
MOST_TEXTS = 300
_CALLERS = (f"arn:aws:iam::{HOME}:role/x", f"arn:aws:iam::{HOME}:user/x")
_FRESH = {KeyType.ARN: "arn:aws:iam::111122223333:x"}
_ALWAYS = {"aws:securetransport": ("true", "false"), "aws:currenttime": ("2026-01-01T00:00:00Z",)}
_NEVER = frozenset(map(str.lower, OF_SERVICES))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Differences(NamedTuple):
    """The requests of a small world, and those that one side alone allows."""

    asked: int
    gained: list[Request]
    lost: list[Request]


def differences(old: Any, new: Any, catalog: Catalog, *, most: int = MOST_REQUESTS) -> Differences:
    """Decide the small world of two identity policies, given as JSON values, under both."""
    before, after = compiled_pair(old, new)
    asked, gained, lost = 0, [], []
    for request in islice(_requests(old, new, catalog), most):
        asked += 1
        was, is_ = (allows(policy, request) for policy in (before, after))
        if is_ and not was:
            gained.append(request)
        elif was and not is_:
            lost.append(request)
    return Differences(asked, gained, lost)


def compiled_pair(old: Any, new: Any) -> tuple[CompiledPolicy, CompiledPolicy]:
    """Return two policies; if neither has an Allow, with one that allows everything beside them."""
    said = [_statements(one) for one in (old, new)]
    if not any(one["Effect"] == "Allow" for one in (*said[0], *said[1])):
        full = {"Effect": "Allow", "Action": "*", "Resource": "*"}
        old, new = ({**one, "Statement": [*_statements(one), full]} for one in (old, new))
    before, after = (compile_policy(parse_policy(one, Kind.IDENTITY), None) for one in (old, new))
    return before, after


def allows(policy: CompiledPolicy, request: Request) -> bool:
    """Return the decision where the resource leaves it to the policies of its callers."""
    resource = (_open(sts.needs_trust_policy(request)),)
    return evaluate(request, PolicySet(identity=(policy,), resource=resource)).allowed


@cache
def _open(is_trust: bool) -> CompiledPolicy:  # noqa: FBT001 - a key
    resource = {} if is_trust else {"Resource": "*"}
    statement = {"Effect": "Allow", "Principal": {"AWS": HOME}, "Action": "*", **resource}
    kind = Kind.TRUST if is_trust else Kind.RESOURCE
    value: Any = {"Version": "2012-10-17", "Statement": [statement]}
    return compile_policy(parse_policy(value, kind), None)


def of_witness(witness: Witness) -> Request:
    """Return the request of a witness about an identity policy."""
    caller = caller_of(str(witness.principal))
    if caller is None:
        raise ValueError(f"`{witness.principal}` is not a user or role")
    resource = RequestedResource.of(witness.resource)
    bare = Request(caller, witness.action, resource, witness.resource_account)
    context = Context(complete(witness.context, derive_context(bare)))
    return Request(caller, witness.action, resource, witness.resource_account, context)


def _requests(old: Any, new: Any, catalog: Catalog) -> Iterator[Request]:
    chance = random.Random(1)  # noqa: S311 - the same each time
    every = [*_statements(old), *_statements(new)]
    changed = [one for one in every if not all(one in _statements(side) for side in (old, new))]
    actions = _some([*dict.fromkeys(_actions(changed, catalog))], MOST_ACTIONS, chance)
    near = {text: None for one in _resources(changed) for text in _instances(one)}
    far = [text for one in _resources(every) for text in _instances(one) if text not in near]
    texts = [*near, *_some([*dict.fromkeys(far)], MOST_TEXTS, chance)]
    pairs = [(a, r) for a in actions for r in _acting_on(a, texts, catalog)]
    contexts = list(_contexts(every, catalog, chance))
    callers = [found for one in _CALLERS if (found := caller_of(one)) is not None]
    drawn: Iterable[tuple[tuple[str, str], Mapping[str, ContextValue], Caller]]
    if len(pairs) * len(contexts) * len(callers) <= MOST_REQUESTS:
        drawn = product(pairs, contexts, callers)
    else:
        drawn = zip(
            chance.choices(pairs, k=MOST_REQUESTS),
            chance.choices(contexts, k=MOST_REQUESTS),
            chance.choices(callers, k=MOST_REQUESTS),
            strict=True,
        )
    for (action, text), context, caller in drawn:
        yield _request(caller, action, text, context)


def _request(caller: Caller, action: str, text: str, given: Mapping[str, ContextValue]) -> Request:
    resource = RequestedResource.of(text)
    bare = Request(caller, action, resource, HOME)
    derived = {key.lower(): value for key, value in derive_context(bare).items()}
    return Request(caller, action, resource, HOME, Context({**given, **derived}))


def _statements(policy: Any) -> list[Any]:
    said = policy["Statement"]
    return said if isinstance(said, list) else [said]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _some(found: list[Any], most: int, chance: random.Random) -> list[Any]:
    return found if len(found) <= most else chance.sample(found, most)


def _actions(statements: Iterable[Any], catalog: Catalog) -> Iterator[str]:
    for statement in statements:
        for pattern in _list(statement.get("Action", statement.get("NotAction", "*"))):
            yield from (action.full_name for action in catalog.expand(pattern))
        if "NotAction" in statement:
            yield from (action.full_name for action in catalog.expand("*"))


def _resources(statements: Iterable[Any]) -> Iterator[str]:
    for statement in statements:
        yield from _list(statement.get("Resource", statement.get("NotResource", "*")))


def _instances(pattern: str) -> Iterator[str]:
    """Yield ARNs that a pattern matches, and neighbours that it does not."""
    fields = pattern.split(":", 5)
    if len(fields) < 6:  # noqa: PLR2004 - an ARN has six
        return
    fields[1] = fields[1].replace("*", "aws")
    fields[3] = fields[3].replace("*", "us-east-1")
    accounts = [HOME, OTHER] if "*" in fields[4] or "$" in fields[4] else [fields[4]]
    name = re.sub(r"\$\{[^}]*\}", "x", fields[5]).replace("?", "q")
    for account, star in product(accounts, ("", "x", "x/y")):
        text = ":".join((*fields[:4], account, name.replace("*", star)))
        yield from (text, f"{text}y", f"{text}/y", text[:-1])


def _acting_on(action: str, texts: Iterable[str], catalog: Catalog) -> list[str]:
    """Return the texts that are ARNs of the resource types of an action, and one of each type."""
    templates = arn_patterns(catalog, catalog.action(action))
    if templates is None:
        return ["*", *texts]
    if not templates:
        return ["*"]
    own = [_named(one) for one in templates]
    shapes = [_shape(one) for one in templates]
    return [*own, *(text for text in texts if any(one.fullmatch(text) for one in shapes))]


def _named(template: str) -> str:
    text = template.replace("${Partition}", "aws").replace("${Account}", HOME)
    return re.sub(r"\$\{[^}]*\}|\*", "x", text.replace("${Region}", "us-east-1"))


@cache
def _shape(template: str) -> re.Pattern[str]:
    """Return what the ARNs of a type look like: no placeholder is empty."""
    parts = re.split(r"(\$\{[^}]*\}|\*)", template)
    found = ""
    for part in parts:
        match part:
            case "${Account}":
                found += "[0-9]{12}"
            case "${Partition}" | "${Region}" | "${BucketName}":
                found += "[^:/]+"
            case _ if part == "*" or part.startswith("${"):
                found += "[^:]+" if found.count(":") < 5 else ".+"  # noqa: PLR2004
            case _:
                found += re.escape(part)
    return re.compile(found)


def _contexts(
    statements: Iterable[Any], catalog: Catalog, chance: random.Random
) -> Iterator[Mapping[str, ContextValue]]:
    values: dict[str, dict[ContextValue, None]] = {
        key: dict.fromkeys(found) for key, found in _ALWAYS.items()
    }
    for operator, key, named in _conditions(statements):
        low = key.lower()
        known = values.setdefault(low, {} if low in _ALWAYS else {Missing.ABSENT: None})
        of = catalog.condition_key(key)
        fresh = _FRESH.get(of.type, "other") if of is not None else "other"
        known.update(dict.fromkeys(_values(operator, [str(one) for one in named], fresh)))
    values = {key: found for key, found in values.items() if key not in _NEVER}
    keys, choices = list(values), [list(found) for found in values.values()]
    count = 1
    for found in choices:
        count *= len(found)
    drawn: Iterable[tuple[ContextValue, ...]] = product(*choices)
    if count > MOST_CONTEXTS:
        drawn = (tuple(map(chance.choice, choices)) for _ in range(MOST_CONTEXTS))
    for values_ in drawn:
        given = dict(zip(keys, values_, strict=True))
        if not is_impossible(given):
            yield given


def _conditions(statements: Iterable[Any]) -> Iterator[tuple[str, str, list[Any]]]:
    for statement in statements:
        for operator, keys in statement.get("Condition", {}).items():
            yield from ((operator, key, _list(value)) for key, value in keys.items())


def _values(operator: str, named: list[str], fresh: str) -> Iterator[ContextValue]:
    """Yield values of a key that a condition names, and some that it does not."""
    is_many = operator.startswith("For")
    name = operator.rpartition(":")[2].removesuffix("IfExists")
    texts = list(dict.fromkeys(text for one in named for text in _near(name, one, fresh)))
    if not is_many:
        yield from texts
        return
    yield from ((text,) for text in texts)
    yield tuple(texts)
    yield ()


def _near(operator: str, value: str, fresh: str) -> Iterator[str]:
    if operator in ("Bool", "Null"):
        yield from ("true", "false")
    elif operator.startswith("Numeric"):
        number = parse_number(value)
        yield from (str(number + step) for step in (-1, 0, 1))
    elif operator.startswith("Date"):
        moment = _EPOCH + timedelta(seconds=int(parse_moment(value)))
        for days in (-1, 0, 1):
            yield (moment + timedelta(days=days)).isoformat().replace("+00:00", "Z")
    elif "Ip" in operator:
        yield from (str(parse_network(value).network_address), "198.51.100.77")
    else:
        text = re.sub(r"\$\{[^}]*\}", "x", value).replace("*", "x").replace("?", "q")
        yield from (text, f"{text}x", fresh)
