"""The rules of the family `actions`, one line a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rules.actions import (
    action_never_applies,
    action_outside_resource_type,
    action_without_condition_key,
    action_without_resources,
    condition_key_without_its_action,
    malformed_action,
    missing_dependent_action,
    missing_required_resource,
    tag_condition_without_tag_support,
    unknown_action,
    unknown_service,
    wildcard_in_service_name,
)

if TYPE_CHECKING:
    from iamlint.rule import Rule

RULES: tuple[Rule, ...] = (
    action_never_applies.RULE,
    action_outside_resource_type.RULE,
    action_without_condition_key.RULE,
    action_without_resources.RULE,
    condition_key_without_its_action.RULE,
    malformed_action.RULE,
    missing_dependent_action.RULE,
    missing_required_resource.RULE,
    tag_condition_without_tag_support.RULE,
    unknown_action.RULE,
    unknown_service.RULE,
    wildcard_in_service_name.RULE,
)
