"""The grants of a policy before there is a request, and the Denies that take them away.

Action arguments are names (`iam:PassRole`) or patterns (`s3:Get*`); resource arguments are ARNs
or patterns, `*` being every resource. Answers err towards "granted, perhaps": a Deny counts only
when it surely takes the whole away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass
from iamlint.grants.lists import names_action, names_resource, resource_truth
from iamlint.grants.satisfiable import (
    condition_always_holds,
    condition_can_hold,
    restricts,
)
from iamlint.policy.action import parse_action
from iamlint.policy.arn_patterns import covers_arn, overlaps_arn, pad
from iamlint.policy.heads import Heads
from iamlint.policy.memory import remember
from iamlint.policy.steps import spend
from iamlint.policy.truth import Truth, negation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iamlint.policy.model import Policy, Statement

__all__ = [
    "Grant",
    "Truth",
    "condition_always_holds",
    "condition_can_hold",
    "covers_arn",
    "denials",
    "grants",
    "is_denied",
    "overlaps_arn",
    "restricts",
    "statement_covers_resource",
    "statement_grants",
]


@dataclass(frozen=True, slots=True)
class Grant:
    """Whether a question is granted, and by which statements; false only if `answer` is `NO`.

    `YES`: on all of the question, whatever the request carries. `MAYBE`: on a part of it, under
    conditions, or through an unknown value.
    """

    answer: Truth
    statements: tuple[Statement, ...] = ()

    def __bool__(self) -> bool:
        return self.answer is not Truth.NO


def grants(policy: Policy, action: str, resource: str = "*") -> Grant:
    """Return what the Allow statements of a policy grant after its unconditional Denies."""
    answer, found = Truth.NO, []
    spend(len(policy.statements))
    for statement in policy.statements:
        if not statement.allows:
            continue
        part = _grant_of(statement, policy, action, resource)
        if part is not Truth.NO:
            found.append(statement)
            answer = max(answer, part)
    return Grant(answer, tuple(found))


def _grant_of(statement: Statement, policy: Policy, action: str, resource: str) -> Truth:
    truth = statement_grants(statement, action)
    if truth is not Truth.NO:
        truth = min(truth, statement_covers_resource(statement, resource))
    if truth is not Truth.NO:
        truth = min(truth, _conditions_hold(statement, policy))
    if truth is Truth.NO or not _survives(statement, policy, action, resource):
        return Truth.NO
    if truth is Truth.YES and _touched_by_deny(policy, action, resource):
        return Truth.MAYBE
    return truth


def statement_grants(statement: Statement, action: str) -> Truth:
    """Return whether the statement names the action: all of a pattern, a part of it, or none.

    Looks at the action elements alone, not at `Effect`, `Resource` or `Condition`.
    """
    if statement.action is not None:
        return names_action(statement.action, action)
    if statement.not_action is not None:
        return negation(names_action(statement.not_action, action))
    return Truth.MAYBE if "Action" in statement.opaque else Truth.NO


def statement_covers_resource(statement: Statement, resource: str) -> Truth:
    """Return whether the statement names the resource: all of a pattern, a part of it, or none.

    A statement without any resource element names every one, as in trust policies.
    """
    if statement.resource is not None:
        return names_resource(statement.resource, resource)
    if statement.not_resource is not None:
        return negation(names_resource(statement.not_resource, resource))
    return Truth.MAYBE if "Resource" in statement.opaque else Truth.YES


def is_denied(policy: Policy, action: str, resource: str = "*") -> bool:
    """Return whether one Deny that may always hold covers all that the two patterns name.

    Of a Deny whose conditions are all unknown there may be none.
    """
    return denials(policy).cover(action, resource)


def _survives(statement: Statement, policy: Policy, action: str, resource: str) -> bool:
    """Return whether something of what the statement allows is left by the Denies."""
    if is_denied(policy, action, resource):
        return False
    if statement.resource is None:
        return True
    parts = [
        entry.pattern
        for entry in statement.resource.entries
        if resource_truth(entry, resource) is not Truth.NO
    ]
    return any(
        not is_denied(policy, action, part if covers_arn(resource, part) else resource)
        for part in parts
    )


def _touched_by_deny(policy: Policy, action: str, resource: str) -> bool:
    spend(len(denials(policy).all))
    return any(
        min(
            statement_grants(statement, action),
            statement_covers_resource(statement, resource),
            _conditions_hold(statement, policy),
        )
        is not Truth.NO
        for statement in denials(policy).all
    )


class Denials:
    """The Denies of one policy; each question is answered once, for rules ask alike.

    `accounts` are those that their resources name, or patterns of them.
    """

    __slots__ = ("_answers", "_by_action", "_named", "_others", "_sure", "accounts", "all")

    def __init__(self, policy: Policy) -> None:
        self.all = tuple(statement for statement in policy.statements if statement.denies)
        self._sure = tuple(
            statement
            for statement in self.all
            if _is_about_everyone(statement) and _may_always_hold(statement, policy)
        )
        entries = (entry for statement in self.all for entry in statement.resources)
        fields = (pad(entry.known or "") for entry in entries)
        self.accounts = frozenset(found[4] for found in fields if found is not None)
        self._others = [statement for statement in self._sure if statement.action is None]
        self._named: Heads[Statement] | None = None
        self._by_action: dict[str, tuple[Statement, ...]] = {}
        self._answers: dict[tuple[str, str], bool] = {}

    def cover(self, action: str, resource: str) -> bool:
        if not self._sure:
            return False
        asked = action, resource
        if asked not in self._answers:
            self._answers[asked] = _covers(self.naming(action), resource)
        return self._answers[asked]

    def cover_all(self, actions: Iterable[str], resources: Iterable[str]) -> bool:
        """Return whether each action is taken away on each resource."""
        if not self._sure:
            return False
        named = {tuple(map(id, found)): found for found in map(self.naming, actions)}
        texts = tuple(resources)
        return all(_covers(found, text) for found in named.values() for text in texts)

    def naming(self, action: str) -> tuple[Statement, ...]:
        """Return the Denies that surely hold and name all of an action."""
        if action not in self._by_action:
            spend(len(self._others))
            candidates = {id(one): one for one in (*self._naming_some(action), *self._others)}
            self._by_action[action] = tuple(
                statement
                for statement in candidates.values()
                if statement_grants(statement, action) is Truth.YES
            )
        return self._by_action[action]

    def _naming_some(self, action: str) -> Iterator[Statement]:
        """Yield the Denies with an entry that may cover an action."""
        if self._named is None:
            entries = ((s, parse_action(e.known or "")) for s in self._sure for e in s.actions)
            self._named = Heads((str(pattern), s) for s, pattern in entries if pattern)
        wanted = parse_action(action)
        return self._named.may_cover(str(wanted)) if wanted else iter(())


def _covers(denies: Iterable[Statement], resource: str) -> bool:
    spend(1)
    return any(statement_covers_resource(one, resource) is Truth.YES for one in denies)


def denials(policy: Policy) -> Denials:
    """Return the Denies of a policy."""
    return remember(policy, Denials)


def _is_about_everyone(statement: Statement) -> bool:
    """Return whether a Deny hits whoever the policy is about."""
    if statement.not_principal is not None:
        return False
    return statement.principal is None or any(p.is_everyone for p in statement.principals)


def _conditions_hold(statement: Statement, policy: Policy) -> Truth:
    if not all(condition_can_hold(condition, policy) for condition in statement.conditions):
        return Truth.NO
    if "Condition" in statement.opaque:
        return Truth.MAYBE
    always = all(condition_always_holds(c, policy) for c in statement.conditions)
    return Truth.YES if always else Truth.MAYBE


def _may_always_hold(deny: Statement, policy: Policy) -> bool:
    if deny.has_more_conditions and not deny.conditions:
        return True
    return _conditions_hold(deny, policy) is Truth.YES
