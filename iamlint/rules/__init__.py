"""All rules, in report order. `make docs` lists them in `table`, from the modules of the families."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rule.outline import rule_of
from iamlint.rules.table import ROWS

if TYPE_CHECKING:
    from iamlint.rule import Rule

BUILTIN: tuple[Rule, ...] = tuple(map(rule_of, ROWS))
