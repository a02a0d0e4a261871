"""The rules of the family `hygiene`, one line a rule."""

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
    duplicate_sid.RULE,
    empty_action_list.RULE,
    empty_condition.RULE,
    empty_condition_values.RULE,
    empty_principal.RULE,
    empty_resource_list.RULE,
    empty_sid.RULE,
    expired_ignore.RULE,
    invalid_sid.RULE,
    missing_version.RULE,
    unexplained_ignore.RULE,
    unused_ignore.RULE,
)
