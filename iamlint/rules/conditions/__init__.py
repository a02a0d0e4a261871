"""The rules of the family `conditions`, in report order: one line a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rules.conditions import (
    condition_key_without_tag,
    deprecated_condition_key,
    missing_qualifier,
    unguarded_for_all_values,
    unknown_condition_key,
)

if TYPE_CHECKING:
    from iamlint.rule import Rule

RULES: tuple[Rule, ...] = (
    unknown_condition_key.RULE,
    deprecated_condition_key.RULE,
    condition_key_without_tag.RULE,
    missing_qualifier.RULE,
    unguarded_for_all_values.RULE,
)
