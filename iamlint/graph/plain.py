"""Steps that are allowed at first sight, so that the account need not be asked.

One Allow without conditions names the action and the resource, and nothing denies or limits
anything that the principal does. Most steps of most accounts are of that sort.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.catalog.escalation import actions_of_paths, escalation
from iamlint.evaluator.deciding import Deciding
from iamlint.grants.grants import Truth, statement_grants
from iamlint.policy.grammar import Effect, Kind
from iamlint.policy.memory import remember
from iamlint.policy.wildcard import matches

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iamlint.graph.world import Being, GraphWorld
    from iamlint.policy.model import Policy, Statement

_Grant: TypeAlias = "tuple[int, str | None, tuple[str, ...]]"
"""A statement by its number, its Sid and its resources."""
_OTHER_SIDE: Final = ("sts:", "kms:")
"""Services with policies on the other side that must allow too."""


class PlainSteps:
    """Finds the statement that plainly allows a step."""

    def __init__(self, world: GraphWorld) -> None:
        self._world = world
        self._free: dict[str, bool] = {}

    def allowing(self, being: Being, action: str, on: str | None) -> Deciding | None:
        """Return the Allow that decides; None if the account must be asked."""
        low = action.lower()
        if low not in escalation().spelled or low.startswith(_OTHER_SIDE):
            return None
        if not self._is_free(being) or not _is_of_same_account(being, on):
            return None
        for index, policy in enumerate(being.actor.policies):
            for number, sid, patterns in remember(policy.source, _plain_grants).get(low, ()):
                if any(_names(pattern, on) for pattern in patterns):
                    return Deciding(Kind.IDENTITY, index, number, sid, Effect.ALLOW, policy.label)
        return None

    def _is_free(self, being: Being) -> bool:
        """Return whether nothing denies or limits what a principal does in its own account."""
        if being.id not in self._free:
            actor, limits = being.actor, self._world.accounts.limits_of(being.actor.account)
            self._free[being.id] = (
                self._world.in_files is None
                and being.identity is not None
                and not actor.boundary
                and not actor.unknown
                and limits.scp is None
                and limits.rcp is None
                and not any(remember(policy.source, _may_deny) for policy in actor.policies)
            )
        return self._free[being.id]


def _is_of_same_account(being: Being, on: str | None) -> bool:
    """Return whether a resource is, as far as its ARN says, in the account of a principal."""
    account = "" if on is None else f"{on}::::".split(":")[4]
    return account in ("", being.actor.account)


def _names(pattern: str, on: str | None) -> bool:
    return pattern == "*" or (on is not None and "$" not in pattern and matches(pattern, on))


def _may_deny(policy: Policy) -> bool:
    return bool(policy.opaque or policy.problems) or any(
        not statement.allows for statement in policy.statements
    )


def _plain_grants(policy: Policy) -> dict[str, tuple[_Grant, ...]]:
    """Return the Allows without conditions, by the actions of paths that they name."""
    found: dict[str, list[_Grant]] = {}
    for statement in policy.statements:
        if not _is_plain(statement):
            continue
        patterns = tuple(entry.known or "" for entry in statement.resources)
        sid = statement.sid.text if statement.sid else None
        for action in _actions(statement):
            found.setdefault(action, []).append((statement.index, sid, patterns))
    return {action: tuple(grants) for action, grants in found.items()}


def _actions(statement: Statement) -> Iterable[str]:
    if statement.not_action is None:
        return dict.fromkeys(
            one for entry in statement.actions for one in actions_of_paths(entry.known or "")
        )
    return [one for one in escalation().spelled if statement_grants(statement, one) is Truth.YES]


def _is_plain(statement: Statement) -> bool:
    return (
        statement.allows
        and not statement.conditions
        and not statement.opaque
        and not statement.is_open
        and statement.action_element is not None
        and statement.resource is not None
    )
