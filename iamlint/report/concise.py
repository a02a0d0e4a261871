"""One line a finding: `path:line:column: severity[rule] message`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.report.text import shown, summary
from iamlint.text.shown import plain

if TYPE_CHECKING:
    from iamlint.report.formats import Output
    from iamlint.rule.run import Run


def report(run: Run, output: Output) -> str:
    lines = [
        f"{plain(f.path)}:{f.range.start.line}:{f.range.start.column}: "
        f"{f.severity}[{f.rule}] {plain(f.message)}"
        for f in shown(run, output)
    ]
    return "\n".join([*lines, summary(run, output)]) + "\n"
