"""The rules of the family `hygiene`, in report order: one line a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rules.hygiene import (
    duplicate_sid,
    empty_action_list,
    empty_condition,
    empty_condition_values,
    empty_principal,
    empty_resource_list,
    empty_sid,
    expired_ignore,
    invalid_sid,
    missing_version,
    unexplained_ignore,
    unused_ignore,
)

if TYPE_CHECKING:
    from iamlint.rule import Rule

RULES: tuple[Rule, ...] = (
    missing_version.RULE,
    invalid_sid.RULE,
    duplicate_sid.RULE,
    empty_sid.RULE,
    empty_action_list.RULE,
    empty_resource_list.RULE,
    empty_principal.RULE,
    empty_condition.RULE,
    empty_condition_values.RULE,
    unexplained_ignore.RULE,
    unused_ignore.RULE,
    expired_ignore.RULE,
)
