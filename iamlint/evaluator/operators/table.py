"""The condition operators: one table of rows, by name in lower case."""

from __future__ import annotations

from typing import Final

from iamlint.evaluator.operators import arn, binary, boolean, date, ip, null, numeric, string

ROWS: Final = {
    row.operator.name.lower(): row
    for row in (
        *string.ROWS,
        *numeric.ROWS,
        *date.ROWS,
        *boolean.ROWS,
        *binary.ROWS,
        *ip.ROWS,
        *arn.ROWS,
        *null.ROWS,
    )
}
