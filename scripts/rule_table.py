"""Write `iamlint/rules/table.py`: what is asked of each rule before its module is imported."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

from iamlint.rule.finding import Family
from iamlint.rule.outline import FOLDER, outline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.rule import Rule

TABLE: Final = Path(__file__).parent.parent / "iamlint" / "rules" / "table.py"
_HEAD: Final = '''\
"""All rules in report order, one row each: see `iamlint/rule/outline.py`. `make docs` writes it."""

from __future__ import annotations

from typing import Final

# fmt: off
ROWS: Final = (
'''


def rules() -> Iterator[Rule]:
    """Yield the rules of all families, each by the names of its modules."""
    for family in Family:
        for path in sorted((TABLE.parent / family).glob("[!_]*.py")):
            yield import_module(f"{FOLDER}.{family}.{path.stem}").RULE


def table() -> str:
    """Return the text of the table."""
    rows = "".join(f"    {outline(rule)!r},\n" for rule in rules())
    return f"{_HEAD}{rows})\n".replace("'", '"')


if __name__ == "__main__":
    # The modules are what counts, whatever the table has: it may be of another form.
    sys.modules["iamlint.rules.table"] = ModuleType("table")
    sys.modules["iamlint.rules.table"].__dict__["ROWS"] = ()
    TABLE.write_text(table(), encoding="utf-8")
