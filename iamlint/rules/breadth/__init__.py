"""The rules of the family `breadth`, in report order: one line a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rules.breadth import allow_not_action, wildcard_admin, wildcard_service

if TYPE_CHECKING:
    from iamlint.rule import Rule

RULES: tuple[Rule, ...] = (
    wildcard_admin.RULE,
    wildcard_service.RULE,
    allow_not_action.RULE,
)
