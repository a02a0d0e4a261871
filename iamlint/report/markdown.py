"""A summary in GitHub's Markdown, for a job's summary or a comment on a pull request."""

from __future__ import annotations

from heapq import nsmallest
from typing import TYPE_CHECKING

from iamlint.late_pattern import late_pattern
from iamlint.load.find.uri import RepositoryPaths
from iamlint.report.listed import Listing
from iamlint.report.text import (
    broke,
    by_severity,
    count,
    most_severe_first,
    statistics,
    summary,
)
from iamlint.text.shown import plain

if TYPE_CHECKING:
    from iamlint.report.formats import Output
    from iamlint.report.listed import Listed
    from iamlint.rule.run import Run

_MOST_ROWS = 100  # a comment holds 65,536 characters
_LONGEST_CELL = 300
_MARKS = late_pattern(r"[\\*_\[\]<>#~&!|`]")


def report(run: Run, output: Output) -> str:
    findings = nsmallest(
        _MOST_ROWS, Listing(run, output), key=lambda one: most_severe_first(one.finding)
    )
    blocks = ["### iamlint", f"**{_text(summary(run, output))}**"]
    uris = RepositoryPaths(run.here)
    if troubles := broke(run):
        blocks.append(
            "\n".join(
                f"- {_code(uris.place(path).as_posix())}: {_text(message)}"
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
        what = "<br>".join(_text(text) for text in (f.message, f.help, one.where) if text)
        rows.append(f"| {f.severity} | {_code(f.rule)} | {_code(place)} | {what} |")
    return "\n".join(rows)


def _text(text: str) -> str:
    """Return text as Markdown that shows it, whatever it holds; backticks make code."""
    text = plain(text)
    if len(text) > _LONGEST_CELL:
        text = text[: _LONGEST_CELL - 1] + "…"
    parts = text.split("`")
    return "".join(
        _code(part) if number % 2 and number + 1 < len(parts) else _prose(part)
        for number, part in enumerate(parts)
    )


def _prose(text: str) -> str:
    """Return a text with the marks of Markdown and HTML escaped; `@` must not notify a user."""
    shown_ = _MARKS.sub(lambda match: f"&#{ord(match[0])};", text)
    return shown_.replace("@", "@&#8203;").replace("://", ":&#8203;//")


def _code(text: str) -> str:
    """Return text as code; a bar would end the cell, and a backtick the code."""
    text = plain(text)
    if not text.strip():
        return ""
    return f"<code>{_prose(text)}</code>" if set(text) & set("|`") else f"`{text}`"
