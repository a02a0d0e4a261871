"""Which Allows of a policy its own Denies block completely."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import replace
from iamlint.grants.grants import denials

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Policy, Statement


def cancelled(policy: Policy) -> Iterator[Statement]:
    """Yield the Allows that Denies without conditions block, seen from their patterns alone."""
    denies = [s for s in policy.statements if is_unconditional(s)]
    if any(s.denies and s.has_more_conditions for s in policy.statements):
        sure = (s for s in policy.statements if not (s.denies and s.has_more_conditions))
        policy = replace(policy, statements=tuple(sure))
    for allow in policy.statements if denies else ():
        if not allow.allows or allow.action is None or not allow.action.known:
            continue
        resources = [e.pattern for e in allow.resources] or ["*"]
        actions = [entry.known or "" for entry in allow.actions]
        if allow.not_resource or not actions:
            continue
        if denials(policy).cover_all(actions, resources):
            yield allow


def is_unconditional(statement: Statement) -> bool:
    """Return whether a statement denies whatever the context."""
    return statement.denies and not statement.conditions and not statement.has_more_conditions
