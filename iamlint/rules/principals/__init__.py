"""The rules of the family `principals`, one line a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rules.principals import (
    allow_not_principal,
    condition_key_unknown_to_services,
    deleted_principal,
    deny_not_principal,
    federated_principal_outside_trust,
    foreign_user_principal,
    group_principal,
    malformed_principal,
    misspelt_service_principal,
    policy_lockout,
    session_principal,
    wildcard_in_principal,
)

if TYPE_CHECKING:
    from iamlint.rule import Rule

RULES: tuple[Rule, ...] = (
    allow_not_principal.RULE,
    condition_key_unknown_to_services.RULE,
    deleted_principal.RULE,
    deny_not_principal.RULE,
    federated_principal_outside_trust.RULE,
    foreign_user_principal.RULE,
    group_principal.RULE,
    malformed_principal.RULE,
    misspelt_service_principal.RULE,
    policy_lockout.RULE,
    session_principal.RULE,
    wildcard_in_principal.RULE,
)
