"""The rules of the family `hygiene`, in report order: one line a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rules.hygiene import expired_ignore, unexplained_ignore, unused_ignore

if TYPE_CHECKING:
    from iamlint.rule import Rule

RULES: tuple[Rule, ...] = (
    unexplained_ignore.RULE,
    unused_ignore.RULE,
    expired_ignore.RULE,
)
