"""One file for a browser, with nothing to fetch: search, filters, source excerpts, rule pages.

The page is `html.j2`.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass
from iamlint.report.html_page import allowed, asset, template
from iamlint.report.listed import Listing
from iamlint.report.text import broke, by_severity, ignored, left_out, summary
from iamlint.rule.docs_url import page_url
from iamlint.rule.finding import Severity
from iamlint.rule.page import sections, sentence
from iamlint.text.excerpt import cut
from iamlint.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from iamlint.report.formats import Output
    from iamlint.report.html_page import PageTemplate
    from iamlint.report.listed import Listed
    from iamlint.rule.finding import Finding, Range
    from iamlint.rule.run import Run
    from iamlint.text.span import Lines

_BEFORE, _AFTER, _MOST_LINES = 2, 2, 12
_WIDEST = 240
_NOBODY = "(unknown)"
_PIECES = 200  # of the page that are written together


def report(run: Run, output: Output) -> Iterator[str]:
    """Yield the page of a run. Its head counts the findings, so they are read once before."""
    rules = {rule.name: rule for rule in run.rules}
    severities = by_severity(run, output)
    counts = _Counts()
    findings = Listing(run, output, with_ignored=True)
    for one in findings:
        counts.add(one)
    style, script = asset("html.css"), asset("html.js")
    page = _template().stream(
        run=run,
        findings=findings,
        rules=rules,
        used=[rules[name] for name in sorted(counts.rules & rules.keys())],
        counts=counts,
        left_out=list(_left_out(run)),
        severities=[(severity, severities[severity]) for severity in reversed(Severity)],
        ignored=ignored(run),
        summary=summary(run, output),
        version=VERSION,
        style=style,
        script=script,
        allowed=allowed(style, script),
    )
    page.enable_buffering(_PIECES)
    yield from page


class _Counts:
    """How many findings are listed of each family, file and principal, and their rules."""

    def __init__(self) -> None:
        self.families: Counter[str] = Counter()
        self.files: Counter[str] = Counter()
        self.attached: Counter[str] = Counter()
        self.rules: set[str] = set()

    def add(self, one: Listed) -> None:
        self.families[str(one.finding.family)] += 1
        self.files.update(one.paths)
        self.attached.update(_attached_to(one))
        self.rules.add(one.finding.rule)


@cache
def _template() -> PageTemplate:
    filters: dict[str, Callable[..., object]] = {
        "about": _about,
        "attached_to": _attached_to,
        "excerpt": _excerpt,
        "page_url": page_url,
        "sections": sections,
        "sentence": sentence,
    }
    return template("html.j2", filters)


def _left_out(run: Run) -> Iterator[tuple[str, str]]:
    """Yield what was not looked at: a page without findings is not clean for it."""
    yield from ((path, message) for path, _, message in broke(run))
    for item in run.not_analysed:
        if not item.unreadable:
            yield item.path, f"not analysed: {left_out(item)}"


def _attached_to(one: Listed) -> tuple[str, ...]:
    return one.attached_to or (_NOBODY,)


def _about(f: Finding) -> str:
    facts = [f"{f.policy.kind} policy" if f.policy.kind else "", f.policy.name or ""]
    if f.statement:
        facts.append(f"statement {f.statement.sid or f.statement.index}")
    facts += [f"of {name}" for name in f.policy.attached_to]
    return ", ".join(filter(None, facts))


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of an excerpt; `marked` is the part of it that a finding is about."""

    number: str
    before: str
    marked: str = ""
    after: str = ""


def _excerpt(lines: Lines, range_: Range) -> list[_Row]:
    """Return the lines around a range, the range itself marked."""
    start, end = range_.start, range_.end
    first = max(start.line - _BEFORE, 1)
    last = min(end.line + _AFTER, len(lines), first + _MOST_LINES - 1)
    while last > end.line and not lines.text(last):
        last -= 1
    width = len(str(last))
    masked = {number: lines.masked(number) for number in range(first, last + 1)}
    texts = {number: line.text for number, line in masked.items()}
    margin = min((len(t) - len(t.lstrip()) for t in texts.values() if t.strip()), default=0)
    rows = []
    for number, text in texts.items():
        begin, stop = masked[number].part(start.column - 1, end.column - 1)
        begin = begin if number == start.line else 0
        stop = stop if number == end.line else len(text)
        if not start.line <= number <= end.line:
            begin = stop = 0
        begin, stop = max(begin - margin, 0), max(stop - margin, 0)
        rows.append(
            _Row(
                f"{number:{width}}",
                *(part.expandtabs(4) for part in cut(text[margin:], begin, stop, _WIDEST)),
            )
        )
    if last < end.line:
        rows.append(_Row(f"{'':{width}}", "…"))
    return rows
