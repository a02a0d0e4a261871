"""What a condition says of multi-factor authentication.

`aws:MultiFactorAuthPresent` is there for temporary credentials only, and `aws:MultiFactorAuthAge` only
after a device was used; access keys carry neither.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from iamlint.policy.grammar import Bound, OperatorFamily, PrincipalType

if TYPE_CHECKING:
    from iamlint.policy.model import Condition, Statement

PRESENT: Final = "aws:multifactorauthpresent"
AGE: Final = "aws:multifactorauthage"
KEYS: Final = frozenset({PRESENT, AGE})


class Deviceless(StrEnum):
    """The callers without a device, by what their requests carry."""

    KEY = "access key"  # neither key
    SESSION = "session"  # `aws:MultiFactorAuthPresent` with the value `false`


DEVICELESS: Final = frozenset(Deviceless)


def says(condition: Condition, value: str) -> bool:
    """Return whether the condition asks for `true` or `false`, and nothing else."""
    return [entry.text.lower() for entry in condition.values] == [value]


def asks_presence(condition: Condition, value: str) -> bool:
    """Return whether the condition compares `aws:MultiFactorAuthPresent` with the value."""
    is_bool = condition.family is OperatorFamily.BOOL
    return condition.name == PRESENT and is_bool and says(condition, value)


def asks_null(condition: Condition, value: str) -> bool:
    """Return whether `Null` asks for the absence (`true`) or presence of one of the keys."""
    return (
        condition.name in KEYS
        and condition.family is OperatorFamily.NULL
        and says(condition, value)
    )


def asks_old(condition: Condition) -> bool:
    """Return whether the condition holds if a device was used longer ago than some time."""
    operator = condition.operator
    return condition.name == AGE and operator is not None and operator.bound is Bound.LOWER


def demands_device(condition: Condition) -> bool:
    """Return whether an Allow with the condition is for callers with a device.

    One that asks for the opposite is another rule's finding.
    """
    is_null = condition.family is OperatorFamily.NULL
    return condition.name in KEYS and condition.needs_key and (condition.name == AGE or not is_null)


def caught_by(condition: Condition) -> frozenset[Deviceless] | None:
    """Return which callers without a device a Deny with the condition applies to.

    None if it is not about them.
    """
    if asks_presence(condition, "false"):
        return frozenset({Deviceless.SESSION}) if condition.needs_key else DEVICELESS
    if asks_null(condition, "true"):
        return frozenset({Deviceless.KEY}) if condition.name == PRESENT else DEVICELESS
    if asks_old(condition):
        return frozenset() if condition.needs_key else DEVICELESS
    return None


def is_of_machines(statement: Statement) -> bool:
    """Return whether a statement names only principals that have no device."""
    types = {principal.type for principal in statement.principals}
    return bool(types) and types <= {PrincipalType.SERVICE, PrincipalType.FEDERATED}


def is_of_sessions(condition: Condition) -> bool:
    """Return whether a condition holds only for temporary credentials, which are not access keys.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    """
    if condition.name in _OF_SESSIONS:
        return condition.needs_key
    if condition.name not in _TELLS_ROLE or condition.negated or not condition.needs_key:
        return False
    values = [entry.pattern for entry in condition.values]
    return bool(values) and all(any(m in v for m in _TELLS_ROLE[condition.name]) for v in values)


_OF_SESSIONS: Final = frozenset({AGE, "aws:tokenissuetime", "aws:sourceidentity"})
_TELLS_ROLE: Final = {
    "aws:principalarn": (":role/", ":assumed-role/"),
    "aws:principaltype": ("AssumedRole", "FederatedUser"),
}
