"""The rules of the family `redundancy`, one line a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rules.redundancy import (
    duplicate_condition_value,
    redundant_action,
    redundant_condition_number,
    redundant_principal,
    redundant_resource,
    redundant_statement,
)

if TYPE_CHECKING:
    from iamlint.rule import Rule

RULES: tuple[Rule, ...] = (
    duplicate_condition_value.RULE,
    redundant_action.RULE,
    redundant_condition_number.RULE,
    redundant_principal.RULE,
    redundant_resource.RULE,
    redundant_statement.RULE,
)
