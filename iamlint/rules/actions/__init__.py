"""The rules of the family `actions`, in report order: one line a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iamlint.rule import Rule

RULES: tuple[Rule, ...] = ()
