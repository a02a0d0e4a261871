"""The rules of the family `resources`, one line a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rules.resources import (
    account_not_allowed,
    impossible_resource,
    invalid_account,
    malformed_arn,
    missing_account,
    missing_region,
    region_not_allowed,
    resource_outside_resource_type,
    trailing_space_in_arn,
    unknown_partition,
    unknown_region,
    unknown_resource_in_arn,
    unknown_service_in_arn,
    upper_case_service_in_arn,
)

if TYPE_CHECKING:
    from iamlint.rule import Rule

RULES: tuple[Rule, ...] = (
    account_not_allowed.RULE,
    impossible_resource.RULE,
    invalid_account.RULE,
    malformed_arn.RULE,
    missing_account.RULE,
    missing_region.RULE,
    region_not_allowed.RULE,
    resource_outside_resource_type.RULE,
    trailing_space_in_arn.RULE,
    unknown_partition.RULE,
    unknown_region.RULE,
    unknown_resource_in_arn.RULE,
    unknown_service_in_arn.RULE,
    upper_case_service_in_arn.RULE,
)
