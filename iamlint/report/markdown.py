"""A summary in GitHub's Markdown, for a job's summary or a comment on a pull request."""

from __future__ import annotations

from heapq import nsmallest
from typing import TYPE_CHECKING

from iamlint.load.find.uri import RepositoryPaths
from iamlint.report.listed import Listing
from iamlint.report.markdown_text import code, text
from iamlint.report.text import (
    broke,
    by_severity,
    count,
    most_severe_first,
    statistics,
    summary,
)

if TYPE_CHECKING:
    from iamlint.report.formats import Output
    from iamlint.report.listed import Listed
    from iamlint.rule.run import Run

_MOST_ROWS = 100  # a comment holds 65,536 characters


def report(run: Run, output: Output) -> str:
    findings = nsmallest(
        _MOST_ROWS, Listing(run, output), key=lambda one: most_severe_first(one.finding)
    )
    blocks = ["### iamlint", f"**{text(summary(run, output))}**"]
    uris = RepositoryPaths(run.here)
    if troubles := broke(run):
        blocks.append(
            "\n".join(
                f"- {code(uris.place(path).as_posix())}: {text(message)}"
                for path, _, message in troubles
            )
        )
    if findings:
        blocks.append(_table(findings, uris))
    if more := by_severity(run, output).total() - sum(one.number for one in findings):
        blocks.append(f"And {count(more, 'more finding')}, none more severe.")
    if output.statistics and (table := statistics(run, output)):
        blocks.append(f"```text\n{table}\n```")
    return "\n\n".join(blocks) + "\n"


def _table(findings: list[Listed], uris: RepositoryPaths) -> str:
    rows = ["| | rule | place | what |", "|---|---|---|---|"]
    for one in findings:
        f = one.finding
        place = f"{uris.place(f.path).as_posix()}:{f.range.start.line}:{f.range.start.column}"
        what = "<br>".join(text(part) for part in (f.message, f.help, one.where) if part)
        rows.append(f"| {f.severity} | {code(f.rule)} | {code(place)} | {what} |")
    return "\n".join(rows)
