"""Proves that statements are about all requests that others are about, whatever their effects.

So it can be proved that a statement has no effect, or that two policies mean the same wherever they
are attached: it does not matter what other policies allow or deny.
"""

from __future__ import annotations

from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.evaluator.policy_set import PolicySet
from iamlint.evaluator.statement import compile_policy
from iamlint.fast_dataclass import dataclass, replace
from iamlint.policy.grammar import Effect, Kind
from iamlint.policy.parse import parse_policy
from iamlint.policy.wildcard import is_wild
from iamlint.reason.budget import Budget, BudgetError
from iamlint.reason.compare import is_no_wider
from iamlint.reason.samples import FRESH, Samples
from iamlint.reason.universe import actions_named, each_named, exists
from iamlint.reason.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from iamlint.catalog import Catalog
    from iamlint.evaluator.statement import CompiledPolicy, CompiledStatement
    from iamlint.policy.model import Condition, Entry, Policy, Statement

Together: TypeAlias = "frozenset[int]"
"""Places of statements, in a policy or in several one after the other."""

_OF_CALLERS: Final = frozenset({"aws:principalarn", "aws:principaltype", "aws:userid"})
"""Keys whose values for root users and federated users are not those of users and roles."""

_EVERY: Final = 25_000
"""Steps that all actions of AWS take."""


def are_known(policy: Policy) -> bool:
    """Return whether AWS takes a policy, and all of its statements are known."""
    return not policy.opaque and all(one.is_accepted(policy.kind) for one in policy.problems)


def is_known(statement: Statement) -> bool:
    """Return whether it is sure that a statement is there, and which requests it is about."""
    return (
        statement.effect is not None
        and not statement.is_open
        and statement.opaque <= {"Resource"}
        and not statement.has_more_conditions
        and statement.not_principal is None
        and all(
            e.known is not None for c in statement.conditions if _is_of_callers(c) for e in c.values
        )
    )


def _is_sure(condition: Condition) -> bool:
    if condition.operator is None:
        return False
    return not _is_of_callers(condition) or all(one.known is not None for one in condition.values)


def requests_of(policy: Policy, statements: Iterable[Statement]) -> CompiledPolicy:
    """Return a policy that allows the requests that some known statements are about.

    AWS limits root users and federated users as well, with some kinds of policies, and comparisons
    ask for users and roles. So a condition on who asks is a fact that may hold or not: requests
    carry it if they want, and equal conditions are one fact.
    """
    made = tuple(replace(one, effect=Effect.ALLOW, conditions=_abstract(one)) for one in statements)
    return compile_policy(replace(policy, statements=made, problems=()))


def _is_of_callers(condition: Condition) -> bool:
    return condition.name in _OF_CALLERS


def _abstract(statement: Statement) -> tuple[Condition, ...]:
    if not any(map(_is_of_callers, statement.conditions)):
        return statement.conditions
    return tuple(_fact(one) if _is_of_callers(one) else one for one in statement.conditions)


def _fact(condition: Condition) -> Condition:
    values = sorted({entry.text for entry in condition.values})
    said = repr((condition.name, condition.operator_text.lower(), values))
    demand = {"ForAnyValue:StringEquals": {f"{FRESH}:Facts": said.encode().hex()}}
    (statement,) = parse_policy({"Statement": {"Condition": demand}}, Kind.IDENTITY).statements  # type: ignore[dict-item] # values are plain
    return statement.conditions[0]


def is_covered(
    inner: CompiledPolicy, outer: Sequence[CompiledPolicy], catalog: Catalog, *, budget: int
) -> bool:
    """Return whether it is proved that some policies allow every request that another one allows.

    All are of one kind, and made by `requests_of`.
    """
    old, new = (_world(held, inner.kind) for held in (tuple(outer), (inner, *outer)))
    return is_no_wider(old, new, catalog, budget=budget)


def is_seen_wider(inner: CompiledPolicy, outer: Sequence[CompiledPolicy], catalog: Catalog) -> bool:
    """Return whether a few requests show that some policies are not about all of another one.

    All are made by `requests_of`, for a kind without principals.
    """
    every = [one for policy in (inner, *outer) for one in policy.statements]
    for action in _sample_actions(every, catalog):
        others = dict(enumerate(one for policy in outer for one, _ in policy.about(action)))
        for statement, _ in inner.about(action):
            samples = Samples(statement, catalog)
            if samples.are_sure(action) and not all(samples.takers(action, others)):
                return True
    return False


def _world(policies: tuple[CompiledPolicy, ...], kind: Kind) -> World:
    has_principal = kind.has_principal
    held = PolicySet(resource=policies) if has_principal else PolicySet(identity=policies)
    return World(kind, held, is_bare=True)


class NamedTogether:
    """Which statements of some policies name the same actions."""

    def __init__(
        self, policies: Sequence[CompiledPolicy], catalog: Catalog, *, budget: int
    ) -> None:
        self._policies, self._catalog, self._budget = policies, catalog, budget
        self._statements = [one for policy in policies for one in policy.statements]
        self._places = {id(one): place for place, one in enumerate(self._statements)}

    def by_action(
        self, asking: Iterable[int], is_enough: Callable[[Together, str], bool] | None = None
    ) -> dict[Together, list[str]]:
        """Return the actions that some statements name, by all statements that name them.

        Empty if an action that AWS may add under their wildcards would be named by others together
        than any action of today: what is proved today may not hold then. Also if some that name
        an action are not enough.
        """
        wanted = frozenset(asking)
        if is_enough is not None:  # most statements are decided by the first name
            written = (action for place in wanted for action in self._first_written(place))
            if not all(is_enough(self._naming(action), action) for action in written):
                return {}
        new = {named: action for named, action in self._in_future.items() if named & wanted}
        if is_enough is not None and not all(map(is_enough, new, new.values())):
            return {}
        found: dict[Together, list[str]] = {}
        try:
            for action in self._named_by(wanted):
                named = self._naming(action)
                if named not in found and is_enough is not None and not is_enough(named, action):
                    return {}
                found.setdefault(named, []).append(action)
        except BudgetError:
            return {}
        return found if new.keys() <= found.keys() else {}

    def _first_written(self, place: int) -> Iterator[str]:
        """Yield the first action that a statement lists by its name, if AWS has it."""
        statement = self._statements[place]
        if statement.source.action is not None:
            texts = (entry.text.lower() for entry in _entries(statement))
            yield from islice((t for t in texts if not is_wild(t) and exists(t, self._catalog)), 1)

    def _named_by(self, places: Iterable[int]) -> Iterator[str]:
        budget, seen = Budget(self._budget), set[str]()
        for place in sorted(places):
            for action in each_named(self._statements[place], self._catalog, budget):
                if action not in seen:
                    seen.add(action)
                    yield action

    @cached_property
    def _in_future(self) -> dict[Together, str]:
        return {self._naming(action): action for action in _future_actions(self._statements)}

    def _naming(self, action: str) -> Together:
        named = (one for policy in self._policies for one, _ in policy.about(action))
        return frozenset(self._places[id(one)] for one in named)


@dataclass(frozen=True, slots=True)
class NamedActions:
    """The actions that statements name: these, or all but these."""

    names: frozenset[str]
    is_all_but: bool = False

    def __len__(self) -> int:
        return (_EVERY if self.is_all_but else 0) + len(self.names)


def actions_of(policy: CompiledPolicy, catalog: Catalog, *, budget: int) -> NamedActions:
    """Return the actions that the statements of a policy name; raise `BudgetError`."""
    limit = Budget(budget)

    def names(statements: Iterable[CompiledStatement]) -> frozenset[str]:
        return frozenset(actions_named(statements, catalog, limit))

    listing = [one for one in policy.statements if one.source.not_action is None]
    if any(entry.known == "*" for one in listing for entry in _entries(one)):
        return NamedActions(frozenset(), is_all_but=True)
    excepted = [names((one,)) for one in _excepted(policy)]
    named = names(listing)
    if not excepted:
        return NamedActions(named)
    return NamedActions(frozenset.intersection(*excepted) - named, is_all_but=True)


def _excepted(policy: CompiledPolicy) -> Sequence[CompiledStatement]:
    """Return statements that name what those with `NotAction` do not name."""
    made = tuple(
        replace(one, action=replace(one.not_action, name="Action"), not_action=None)
        for one in policy.source.statements
        if one.not_action is not None
    )
    return compile_policy(replace(policy.source, statements=made)).statements


def _sample_actions(statements: Iterable[CompiledStatement], catalog: Catalog) -> Iterator[str]:
    """Yield actions that AWS has and that statements name, and some that AWS does not have."""
    yield from _future_actions(statements)
    named = {entry.text.lower() for one in statements for entry in _entries(one)}
    yield from (one for one in sorted(named) if not is_wild(one) and exists(one, catalog))


def _entries(statement: CompiledStatement) -> Sequence[Entry]:
    element = statement.source.action_element
    return element.entries if element is not None else ()


def _future_actions(statements: Iterable[CompiledStatement]) -> Iterator[str]:
    """Yield an action for each wildcard pattern, and for each service, that AWS does not have."""
    yield f"{FRESH}:{FRESH}"
    seen: set[str] = set()
    for statement in statements:
        for entry in _entries(statement):
            text = entry.text.lower()
            service = text.partition(":")[0]
            seen.update((f"{service}:{FRESH}", text))
    for text in sorted(seen):
        made = text.replace("*", FRESH).replace("?", "x")
        if made != text or text.endswith(f":{FRESH}"):
            yield made
