"""The rules of the family `actions`, in report order: one line a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rules.actions import (
    action_outside_resource_type,
    malformed_action,
    tag_condition_without_tag_support,
    unknown_action,
    unknown_service,
    wildcard_in_service_name,
)

if TYPE_CHECKING:
    from iamlint.rule import Rule

RULES: tuple[Rule, ...] = (
    malformed_action.RULE,
    unknown_service.RULE,
    unknown_action.RULE,
    action_outside_resource_type.RULE,
    tag_condition_without_tag_support.RULE,
    wildcard_in_service_name.RULE,
)
