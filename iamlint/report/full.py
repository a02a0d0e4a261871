"""For people: each finding with its source line, carets under the value, why, and help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.report.listed import Listing
from iamlint.report.painter import Painter
from iamlint.report.text import left_out, statistics, summary
from iamlint.rule.docs_url import docs_url
from iamlint.rule.finding import Severity
from iamlint.text.excerpt import excerpt
from iamlint.text.shown import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.report.formats import Output
    from iamlint.report.listed import Listed
    from iamlint.rule import Rule
    from iamlint.rule.run import Run
    from iamlint.text.span import Lines

_COLORS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.NOTE: "36"}


def report(run: Run, output: Output) -> Iterator[str]:
    rules = {rule.name: rule for rule in run.rules}
    painter = Painter(on=output.color)
    last = painter.bold(summary(run, output))
    for one in Listing(run, output):
        rule = rules.pop(one.finding.rule, None)  # each is explained once
        lines = run.lines.get(one.finding.path)
        yield "\n".join(_finding(one, lines, rule, painter)) + "\n\n"
    for n in run.not_analysed:
        yield f"not analysed: {plain(n.path)}: {plain(left_out(n))}\n"
    if run.not_analysed:
        yield "\n"
    if output.statistics and (table := statistics(run, output)):
        yield f"{table}\n\n"
    yield f"{last}\n"


def _finding(
    one: Listed, lines: Lines | None, rule: Rule | None, painter: Painter
) -> Iterator[str]:
    f = one.finding
    start = f.range.start
    margin = " " * len(str(start.line))
    color = _COLORS[f.severity]
    yield painter.paint(f"{f.severity}[{f.rule}]", f"1;{color}") + painter.bold(
        f": {plain(f.message)}"
    )
    yield f"{margin}{painter.dim('-->')} {plain(f.path)}:{start.line}:{start.column}"
    bar = painter.dim("|")
    if lines is not None:
        source, carets = excerpt(lines, f.range.start, f.range.end)
        yield f"{margin} {bar}"
        yield f"{painter.dim(str(start.line))} {bar} {source}"
        yield f"{margin} {bar} {painter.paint(carets, color)}"
    if one.where:
        yield f"{margin} = equal: {one.where}"
    for related in f.related:
        at = related.range.start
        where = f"line {at.line}, column {at.column}"
        if related.path is not None:
            where = f"{plain(related.path)}:{at.line}:{at.column}"
        yield f"{margin} = also: {where}: {plain(related.message)}"
    if f.implied:
        yield f"{margin} = includes: {', '.join(f'`{name}`' for name in f.implied)}"
    if rule is not None:
        yield f"{margin} = why: {rule.summary}"
    if f.policy.construct:
        yield f"{margin} = construct: {plain(f.policy.construct)}"
    if f.help:
        yield f"{margin} = help: {plain(f.help)}"
    if f.fix:
        flag = "--fix" if f.fix.safe else "--fix --unsafe-fixes"
        yield f"{margin} = fix: {plain(f.fix.description)}, with `{flag}`"
    if rule is not None:
        yield f"{margin} = rule: `iamlint rule {f.rule}`"
        yield f"{margin} = docs: {painter.link(docs_url(rule))}"
