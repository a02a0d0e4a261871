"""The rules of the family `organizations`, one line a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rules.organizations import (
    deny_of_federated_sign_in,
    incomplete_guardrail,
    named_principal_in_rcp,
    not_action_in_rcp,
    principal_key_without_service_check,
    restricted_allow_in_rcp,
    source_key_without_null_check,
    source_key_without_service_check,
    unsupported_action_in_rcp,
)

if TYPE_CHECKING:
    from iamlint.rule import Rule

RULES: tuple[Rule, ...] = (
    deny_of_federated_sign_in.RULE,
    incomplete_guardrail.RULE,
    named_principal_in_rcp.RULE,
    not_action_in_rcp.RULE,
    principal_key_without_service_check.RULE,
    restricted_allow_in_rcp.RULE,
    source_key_without_null_check.RULE,
    source_key_without_service_check.RULE,
    unsupported_action_in_rcp.RULE,
)
