"""One line a finding: `path:line:column: severity[rule] message`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.report.listed import Listing
from iamlint.report.text import summary
from iamlint.text.shown import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.report.formats import Output
    from iamlint.rule.run import Run


def report(run: Run, output: Output) -> Iterator[str]:
    last = summary(run, output)
    for one in Listing(run, output):
        f = one.finding
        place = f"{plain(f.path)}:{f.range.start.line}:{f.range.start.column}"
        where = f" ({one.where})" if one.where else ""
        yield f"{place}: {f.severity}[{f.rule}] {plain(f.message)}{where}\n"
    yield f"{last}\n"
