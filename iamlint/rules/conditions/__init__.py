"""The rules of the family `conditions`, in report order: one line a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rules.conditions import unguarded_for_all_values

if TYPE_CHECKING:
    from iamlint.rule import Rule

RULES: tuple[Rule, ...] = (unguarded_for_all_values.RULE,)
