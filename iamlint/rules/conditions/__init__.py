"""The rules of the family `conditions`, in report order: one line a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rules.conditions import (
    condition_key_without_tag,
    deprecated_condition_key,
    duplicate_condition_key_case,
    dynamodb_attributes_without_select,
    equivalent_to_null,
    for_all_values_on_single_value,
    irrelevant_condition_key,
    missing_paired_key,
    missing_qualifier,
    null_with_qualifier,
    redundant_key_due_to_wildcard,
    redundant_statement_due_to_wildcard,
    s3_prefix_in_negative_context,
    several_booleans,
    string_like_on_arn_key,
    unguarded_for_all_values,
    unknown_condition_key,
    untrustworthy_condition_key,
    variable_under_operator,
    vpce_key_with_unsupported_service,
    wildcard_without_like,
)

if TYPE_CHECKING:
    from iamlint.rule import Rule

RULES: tuple[Rule, ...] = (
    unknown_condition_key.RULE,
    deprecated_condition_key.RULE,
    condition_key_without_tag.RULE,
    missing_qualifier.RULE,
    duplicate_condition_key_case.RULE,
    dynamodb_attributes_without_select.RULE,
    equivalent_to_null.RULE,
    for_all_values_on_single_value.RULE,
    irrelevant_condition_key.RULE,
    missing_paired_key.RULE,
    null_with_qualifier.RULE,
    redundant_key_due_to_wildcard.RULE,
    redundant_statement_due_to_wildcard.RULE,
    s3_prefix_in_negative_context.RULE,
    several_booleans.RULE,
    string_like_on_arn_key.RULE,
    unguarded_for_all_values.RULE,
    untrustworthy_condition_key.RULE,
    variable_under_operator.RULE,
    vpce_key_with_unsupported_service.RULE,
    wildcard_without_like.RULE,
)
