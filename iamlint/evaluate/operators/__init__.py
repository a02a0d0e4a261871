"""The condition operators: one table of rows, by name in lower case."""

from __future__ import annotations

from typing import Final

from iamlint.evaluate.operators import arn, binary, boolean, date, ip, null, numeric, string

ROWS: Final = {
    row.operator.name.lower(): row
    for module in (string, numeric, date, boolean, binary, ip, arn, null)
    for row in module.ROWS
}
