"""Which conditions close a path of escalation, and which only make it harder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.grants import (
    Truth,
    condition_always_holds,
    denials,
    restricts,
    statement_grants,
)
from iamlint.policy import wildcard
from iamlint.policy.arn_patterns import overlaps_arn
from iamlint.policy.grammar import OperatorFamily

if TYPE_CHECKING:
    from iamlint.catalog.escalation import EscalationPath
    from iamlint.policy.model import Condition, Policy
    from iamlint.rules.escalation._permissions import Holding

_SERVICE = "iam:passedtoservice"
_POLICY = "iam:policyarn"
_ADMIN_POLICIES = (
    "arn:aws:iam::aws:policy/AdministratorAccess",
    "arn:aws:iam::aws:policy/IAMFullAccess",
)


def is_closed(holding: Holding, path: EscalationPath, policy: Policy) -> bool:
    """Return whether the path cannot be gone with what is held here."""
    return any(_closes(condition, path) for condition in holding.conditions) or _is_denied_by(
        holding, path, policy
    )


def is_harder(holding: Holding, policy: Policy) -> bool:
    """Return whether a condition is in the way that the holder may well meet, such as MFA."""
    return any(
        condition.name != _SERVICE and not condition_always_holds(condition, policy)
        for condition in holding.conditions
    )


def _closes(condition: Condition, path: EscalationPath) -> bool:
    name = condition.name
    if name == _SERVICE and path.services:
        return not any(_lets_pass(condition, service) for service in path.services)
    if not _is_one_of(name, path.closed_by) or not restricts(condition):
        return False
    return name != _POLICY or not any(map(_names_admin, (e.text for e in condition.values)))


def _lets_pass(condition: Condition, service: str) -> bool:
    """Return whether the role may be passed to the service; the key is always sent with PassRole.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
    """
    if condition.family is not OperatorFamily.STRING or condition.operator is None:
        return True
    values = [entry.known for entry in condition.values]
    if None in values:
        return condition.negated
    match = wildcard.matches if condition.operator.wildcards else str.__eq__
    names = (service, f"{service}.cn")
    low = condition.operator.ignores_case
    known = [value.lower() if low else value for value in values if value is not None]
    return any(match(v, name) for v in known for name in names) is not condition.negated


def _names_admin(pattern: str) -> bool:
    """Return whether a managed policy that makes an administrator is among those named."""
    return any(overlaps_arn(pattern, policy) for policy in _ADMIN_POLICIES)


def _is_one_of(name: str, keys: tuple[str, ...]) -> bool:
    return any(wildcard.matches(key.lower(), name) for key in keys)


def _is_denied_by(holding: Holding, path: EscalationPath, policy: Policy) -> bool:
    """Return whether a Deny takes away just that use of the action which leads on."""
    return bool(path.denied_by) and any(
        bool(statement.conditions)
        and all(_is_one_of(c.name, path.denied_by) for c in statement.conditions)
        and statement_grants(statement, holding.action) is Truth.YES
        for statement in denials(policy).all
    )
