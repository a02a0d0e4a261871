"""The rules of the family `syntax`, one line a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rules.syntax import (
    conflicting_elements,
    duplicate_key,
    empty_operator,
    empty_variable,
    invalid_condition_key,
    invalid_effect,
    invalid_json,
    invalid_principal,
    invalid_version,
    misplaced_principal,
    misplaced_variable,
    missing_action,
    missing_effect,
    missing_principal,
    missing_resource,
    missing_statement,
    mixed_condition_values,
    null_if_exists,
    relaxed_json,
    unclosed_variable,
    unknown_element,
    unknown_operator,
    unknown_principal_type,
    unknown_variable,
    unquoted_variable_default,
    variable_in_hcl,
    variable_in_old_version,
    variable_in_sub,
    variable_with_space,
    wrong_type,
)

if TYPE_CHECKING:
    from iamlint.rule import Rule

RULES: tuple[Rule, ...] = (
    conflicting_elements.RULE,
    duplicate_key.RULE,
    empty_operator.RULE,
    empty_variable.RULE,
    invalid_condition_key.RULE,
    invalid_effect.RULE,
    invalid_json.RULE,
    invalid_principal.RULE,
    invalid_version.RULE,
    misplaced_principal.RULE,
    misplaced_variable.RULE,
    missing_action.RULE,
    missing_effect.RULE,
    missing_principal.RULE,
    missing_resource.RULE,
    missing_statement.RULE,
    mixed_condition_values.RULE,
    null_if_exists.RULE,
    relaxed_json.RULE,
    unclosed_variable.RULE,
    unknown_element.RULE,
    unknown_operator.RULE,
    unknown_principal_type.RULE,
    unknown_variable.RULE,
    unquoted_variable_default.RULE,
    variable_in_hcl.RULE,
    variable_in_old_version.RULE,
    variable_in_sub.RULE,
    variable_with_space.RULE,
    wrong_type.RULE,
)
