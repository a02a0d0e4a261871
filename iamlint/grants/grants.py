"""What a policy grants before there is a request, and what denies it.

Action arguments are names (`iam:PassRole`) or patterns (`s3:Get*`); resource arguments are ARNs
or patterns, `*` being every resource. Answers err towards "granted, perhaps": a Deny counts only
when it surely takes the whole away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.satisfiable import (
    condition_always_holds,
    condition_can_hold,
    restricts,
)
from iamlint.policy.action import ActionPattern, parse_action
from iamlint.policy.arn_patterns import covers_arn, overlaps_arn, pad
from iamlint.policy.truth import Truth, negation
from iamlint.records import dataclass

if TYPE_CHECKING:
    from iamlint.policy.model import Element, Entry, Policy, Statement

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
    """Whether something is granted, and by which statements; true unless the answer is no.

    `YES`: on all that was asked, whatever the request carries. `MAYBE`: on a part of it, under
    conditions, or through a value that cannot be known.
    """

    answer: Truth
    statements: tuple[Statement, ...] = ()

    def __bool__(self) -> bool:
        return self.answer is not Truth.NO


def grants(policy: Policy, action: str, resource: str = "*") -> Grant:
    """Tell what the Allow statements of a policy grant after its unconditional Denies."""
    answer, found = Truth.NO, []
    for statement in policy.statements:
        if not statement.allows:
            continue
        part = _grant_of(statement, policy, action, resource)
        if part is not Truth.NO:
            found.append(statement)
            answer = max(answer, part)
    return Grant(answer, tuple(found))


def _grant_of(statement: Statement, policy: Policy, action: str, resource: str) -> Truth:
    conditions = _conditions_hold(statement, policy)
    actions = statement_grants(statement, action)
    resources = statement_covers_resource(statement, resource)
    truth = min(conditions, actions, resources)
    if truth is Truth.NO or not _survives(statement, policy, action, resource):
        return Truth.NO
    if truth is Truth.YES and _touched_by_deny(policy, action, resource):
        return Truth.MAYBE
    return truth


def statement_grants(statement: Statement, action: str) -> Truth:
    """Tell whether the statement names the action: all of a pattern, a part of it, or none.

    Looks at the action elements alone, not at `Effect`, `Resource` or `Condition`.
    """
    if statement.action is not None:
        return _names_action(statement.action, action)
    if statement.not_action is not None:
        return negation(_names_action(statement.not_action, action))
    return Truth.MAYBE if "Action" in statement.opaque else Truth.NO


def statement_covers_resource(statement: Statement, resource: str) -> Truth:
    """Tell whether the statement names the resource: all of a pattern, a part of it, or none.

    A statement without any resource element names every one, as in trust policies.
    """
    if statement.resource is not None:
        return _names_resource(statement.resource, resource)
    if statement.not_resource is not None:
        return negation(_names_resource(statement.not_resource, resource))
    return Truth.MAYBE if "Resource" in statement.opaque else Truth.YES


def is_denied(policy: Policy, action: str, resource: str = "*") -> bool:
    """Return whether one Deny that may always hold covers all that the two patterns name.

    Of a Deny whose conditions are all unknown there may be none.
    """
    return denials(policy).cover(action, resource)


def _survives(statement: Statement, policy: Policy, action: str, resource: str) -> bool:
    """Tell whether something of what the statement allows is left by the Denies."""
    if is_denied(policy, action, resource):
        return False
    if statement.resource is None:
        return True
    parts = [
        entry.pattern
        for entry in statement.resource.entries
        if _resource_truth(entry, resource) is not Truth.NO
    ]
    return any(
        not is_denied(policy, action, part if covers_arn(resource, part) else resource)
        for part in parts
    )


def _touched_by_deny(policy: Policy, action: str, resource: str) -> bool:
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

    __slots__ = ("_answers", "_by_action", "_sure", "accounts", "all")

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
        self._by_action: dict[str, tuple[Statement, ...]] = {}
        self._answers: dict[tuple[str, str], bool] = {}

    def cover(self, action: str, resource: str) -> bool:
        if not self._sure:
            return False
        asked = action, resource
        if asked not in self._answers:
            self._answers[asked] = any(
                statement_covers_resource(statement, resource) is Truth.YES
                for statement in self._naming(action)
            )
        return self._answers[asked]

    def _naming(self, action: str) -> tuple[Statement, ...]:
        if action not in self._by_action:
            self._by_action[action] = tuple(
                statement
                for statement in self._sure
                if statement_grants(statement, action) is Truth.YES
            )
        return self._by_action[action]


def denials(policy: Policy) -> Denials:
    """Return the Denies of the policy that is being asked about.

    Compared by identity, since to hash a policy would cost more than most policies need.
    """
    if not _LAST or _LAST[0][0] is not policy:
        _LAST[:] = [(policy, Denials(policy))]
    return _LAST[0][1]


_LAST: list[tuple[Policy, Denials]] = []


def _is_about_everyone(statement: Statement) -> bool:
    """Tell whether a Deny hits whoever the policy is about."""
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


def _names_action(element: Element, action: str) -> Truth:
    wanted = parse_action(action)
    if wanted is None:
        return Truth.NO
    return max((_action_truth(entry, wanted) for entry in element.entries), default=Truth.NO)


def _action_truth(entry: Entry, wanted: ActionPattern) -> Truth:
    if entry.known is None:
        return Truth.MAYBE
    pattern = parse_action(entry.known)
    if pattern is None or not pattern.overlaps(wanted):
        return Truth.NO
    return Truth.YES if pattern.covers(wanted) else Truth.MAYBE


def _names_resource(element: Element, resource: str) -> Truth:
    return max((_resource_truth(e, resource) for e in element.entries), default=Truth.NO)


def _resource_truth(entry: Entry, resource: str) -> Truth:
    if covers_arn(entry.pattern, resource):
        return Truth.YES
    if entry.known is None:
        return Truth.MAYBE
    return Truth.MAYBE if overlaps_arn(entry.known, resource) else Truth.NO
