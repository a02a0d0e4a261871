"""The actions of paths of escalation that a policy grants, with their resources and conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.catalog.escalation import actions_of_paths
from iamlint.fast_dataclass import dataclass, field
from iamlint.grants.carried import may_apply
from iamlint.grants.exempted import left_by_denies
from iamlint.grants.grants import Truth, condition_can_hold, is_denied, statement_grants
from iamlint.grants.reach import Reach, reach, resource_patterns
from iamlint.policy.wildcard import is_wild

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.catalog import Catalog
    from iamlint.catalog.escalation import Escalation
    from iamlint.policy.at import At
    from iamlint.policy.model import Condition, Policy, Statement


@dataclass(frozen=True, slots=True)
class Holding:
    """One entry that grants one action; `conditions` are those that its use must meet.

    A Deny with conditions adds a condition too, such as `iam:PassedToService` other than one value.
    """

    action: str
    statement: Statement
    at: At
    text: str
    reach: Reach
    resources: tuple[str, ...]
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Permissions:
    """What the Allow statements of one policy grant after its Denies, looked up when asked for."""

    policy: Policy
    catalog: Catalog
    known: Escalation
    entries: Mapping[str, tuple[tuple[Statement, At, str], ...]]
    found: dict[str, tuple[Holding, ...]] = field(default_factory=dict)

    def of(self, action: str) -> tuple[Holding, ...]:
        if action not in self.found:
            self.found[action] = tuple(self._look_up(action))
        return self.found[action]

    def _look_up(self, action: str) -> Iterator[Holding]:
        spelled = self.known.spelled[action]
        fact = self.catalog.action(spelled)
        if fact is None or is_denied(self.policy, spelled):
            return
        groups = self.known.targets.get(action, ((),))
        patterns = [resource_patterns(fact, self.catalog, group) for group in groups]
        left = tuple(left_by_denies(self.policy, spelled))
        seen: set[int] = set()
        for statement, at, text in self.entries.get(action, ()):
            if id(statement) in seen or not _can_hold(statement, self.policy):
                continue
            if not may_apply(statement, fact, self.catalog):
                continue
            seen.add(id(statement))
            far = [reach(statement, self.policy, spelled, group) for group in patterns]
            if min(far) is not Reach.NONE:
                yield Holding(
                    action,
                    statement,
                    at,
                    text,
                    far[0],
                    tuple(e.pattern for e in statement.resources) or ("*",),
                    (*statement.conditions, *left),
                )


def permissions_in(policy: Policy, catalog: Catalog, known: Escalation) -> Permissions:
    """Return the entries that name each of the actions; a name goes before a pattern."""
    entries: dict[str, list[tuple[Statement, At, str]]] = {}
    for statement in policy.statements:
        if not statement.allows:
            continue
        for action, at, text in _named(statement, known):
            entries.setdefault(action, []).append((statement, at, text))
    for found in entries.values():
        found.sort(key=lambda one: is_wild(one[2]))
    return Permissions(policy, catalog, known, {name: tuple(f) for name, f in entries.items()})


def _named(statement: Statement, known: Escalation) -> Iterator[tuple[str, At, str]]:
    for entry in statement.actions:
        for action in actions_of_paths(entry.known) if entry.known is not None else ():
            yield action, entry.at, entry.text
    if statement.not_action is not None:
        for action in known.spelled:
            if statement_grants(statement, action) is Truth.YES:
                yield action, statement.not_action.at.of_key, statement.not_action.name


def _can_hold(statement: Statement, policy: Policy) -> bool:
    return not statement.has_more_conditions and all(
        condition_can_hold(c, policy) for c in statement.conditions
    )
