"""One file for a browser, with nothing to fetch: search, filters, source excerpts, rule pages."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

from iamlint import page
from iamlint.finding import Severity
from iamlint.page import Code, sentence
from iamlint.report.words import broke, left_out, plain, shown, summary
from iamlint.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from iamlint.finding import Finding, Range
    from iamlint.report import Output
    from iamlint.rule import Rule
    from iamlint.run import Run
    from iamlint.text.span import Lines

_BEFORE, _AFTER, _MOST_LINES = 2, 2, 12
_WIDEST = 240
_NOBODY = "(unknown)"


def report(run: Run, output: Output) -> str:
    listed = {id(f) for f in shown(run, output)}
    findings = [f for f in run.findings if id(f) in listed or f.suppressed]
    rules = {rule.name: rule for rule in run.rules}
    used = sorted({f.rule for f in findings} & rules.keys())
    parts = [
        _head(),
        f"<h1>iamlint</h1>\n<p>{_words(summary(run, output))}.</p>",
        f'<p class="dim">iamlint {VERSION}, AWS data of {escape(run.catalog_date)}</p>',
        *_troubles(run),
        _controls(findings),
        "<main>",
        *(_article(f, run.lines.get(f.path), rules) for f in findings),
        "</main>",
    ]
    if used:
        parts += ["<h2>Rules</h2>", *(_rule(rules[name]) for name in used)]
    parts.append(f"<script>{_asset('html.js')}</script>\n</body>\n</html>")
    return "\n".join(parts) + "\n"


def _head() -> str:
    """Return the head; the policy lets run what stands here, and nothing that is fetched."""
    style = _asset("html.css")
    hashes = f"style-src '{_sha256(style)}'; script-src '{_sha256(_asset('html.js'))}'"
    allowed = f"default-src 'none'; img-src data:; {hashes}"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{allowed}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<link rel="icon" href="data:,">\n'
        f"<title>iamlint</title>\n<style>{style}</style>\n</head>\n<body>"
    )


def _asset(name: str) -> str:
    return files("iamlint.report").joinpath(name).read_text(encoding="utf-8")


def _sha256(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _troubles(run: Run) -> Iterator[str]:
    """Say what was not looked at: without findings it is not therefore clean."""
    rows = [(path, message) for path, _, message in broke(run)]
    rows += [(n.path, f"not analysed: {left_out(n)}") for n in run.not_analysed if not n.unreadable]
    if rows:
        items = (f"<li><code>{_safe(path)}</code>: {_words(text)}</li>" for path, text in rows)
        yield f"<h2>Not looked at</h2>\n<ul>{''.join(items)}</ul>"


def _controls(findings: list[Finding]) -> str:
    severities = Counter(f.severity for f in findings if not f.suppressed)
    ignored = sum(f.suppressed is not None for f in findings)
    boxes = [
        f'<label><input type="checkbox" name="severity" value="{s}" checked> '
        f"{s} ({severities[s]})</label>"
        for s in reversed(Severity)
    ]
    boxes.append(f'<label><input type="checkbox" id="ignored"> ignored ({ignored})</label>')
    return "\n".join(
        [
            '<form id="controls" hidden autocomplete="off">',
            '<input id="search" type="search" placeholder="Search" aria-label="Search">',
            f'<div id="toggles">{"".join(boxes)}</div>',
            _select("family", "families", (f.family.value for f in findings)),
            _select("file", "files", (f.path for f in findings)),
            _select("attached", "principals", (n for f in findings for n in _at(f))),
            '<div id="shown" class="dim" role="status"></div>',
            "</form>",
        ]
    )


def _select(name: str, plural: str, values: Iterable[str]) -> str:
    counted = sorted(Counter(values).items())
    options = (
        f'<option value="{_safe(v)}">{_safe(v)} ({number})</option>' for v, number in counted
    )
    return (
        f'<select name="{name}" aria-label="{plural}">'
        f'<option value="">all {plural}</option>{"".join(options)}</select>'
    )


def _at(f: Finding) -> tuple[str, ...]:
    return f.policy.attached_to or (_NOBODY,)


def _article(f: Finding, lines: Lines | None, rules: Mapping[str, Rule]) -> str:
    start = f.range.start
    name = _safe(f.rule)
    link = f'<a href="#rule-{name}">{name}</a>' if f.rule in rules else name
    place = f"{_safe(f.path)}:{start.line}:{start.column}"
    data = {
        "severity": f.severity,
        "family": f.family,
        "file": _safe(f.path),
        "attached": "&#10;".join(map(_safe, _at(f))),
        **({"ignored": "yes"} if f.suppressed else {}),
    }
    attributes = " ".join(f'data-{key}="{value}"' for key, value in data.items())
    parts = [
        f'<article class="{f.severity}{" ignored" if f.suppressed else ""}" {attributes}>',
        f'<header><span class="badge">{f.severity}</span> {link} <span class="dim">{place}</span>',
        "</header>",
        f'<p class="message">{_words(sentence(f.message))}</p>',
        *_about(f, rules.get(f.rule)),
    ]
    if lines is not None:
        parts.append(f"<pre><code>{_excerpt(lines, f.range)}</code></pre>")
    for related in f.related:
        at = related.range.start
        where = f"line {at.line}, column {at.column}"
        if related.path is not None:
            where = f"{related.path}, {where}"
        parts.append(f"<p>Also {_text(where)}: {_words(related.message)}</p>")
    if f.implied:
        parts.append(f"<p>Includes {_words(', '.join(f'`{name}`' for name in f.implied))}</p>")
    if f.help:
        parts.append(f'<p class="help"><b>Help:</b> {_words(sentence(f.help))}</p>')
    return "\n".join([*parts, "</article>"])


def _about(f: Finding, rule: Rule | None) -> Iterator[str]:
    facts = [f"{f.policy.kind} policy" if f.policy.kind else "", f.policy.name or ""]
    if f.statement:
        facts.append(f"statement {f.statement.sid or f.statement.index}")
    facts += [f"of {name}" for name in f.policy.attached_to]
    if rule is not None:
        yield f"<p>{_words(sentence(rule.summary))}</p>"
    if any(facts):
        yield f'<p class="dim">{_safe(", ".join(filter(None, facts)))}</p>'
    if f.suppressed:
        yield f"<p>Ignored at {_safe(f.suppressed.where)}: {_words(f.suppressed.reason)}</p>"


def _excerpt(lines: Lines, range_: Range) -> str:
    """Return the lines around a range, the range itself marked."""
    start, end = range_.start, range_.end
    first = max(start.line - _BEFORE, 1)
    last = min(end.line + _AFTER, len(lines), first + _MOST_LINES - 1)
    while last > end.line and not lines.text(last):
        last -= 1
    width = len(str(last))
    texts = {number: lines.text(number) for number in range(first, last + 1)}
    margin = min((len(t) - len(t.lstrip()) for t in texts.values() if t.strip()), default=0)
    rows = []
    for number, text in texts.items():
        begin = start.column - 1 if number == start.line else 0
        stop = end.column - 1 if number == end.line else len(text)
        if not start.line <= number <= end.line:
            begin = stop = 0
        begin, stop = max(begin - margin, 0), max(stop - margin, 0)
        rows.append(f"<i>{number:{width}} </i> {_marked(text[margin:], begin, stop)}")
    if last < end.line:
        rows.append(f"<i>{'':{width}} </i> …")
    return "\n".join(rows)


def _marked(text: str, begin: int, stop: int) -> str:
    before, value, after = text[:begin], text[begin:stop], text[stop:]
    if len(text) > _WIDEST:
        room = _WIDEST // 3
        before = before if len(before) <= room else "…" + before[-room:]
        value = value if len(value) <= _WIDEST else value[:_WIDEST] + "…"
        after = after if len(after) <= room else after[:room] + "…"
    before, value, after = (_safe(part.expandtabs(4)) for part in (before, value, after))
    return f"{before}<mark>{value}</mark>{after}" if value else before + after


def _rule(rule: Rule) -> str:
    parts = [
        f'<details class="rule" id="rule-{_safe(rule.name)}">',
        f"<summary><b>{_safe(rule.name)}</b>: {_words(rule.summary)}</summary>",
        f'<p class="dim">{rule.family}, {rule.severity}, {rule.confidence} confidence</p>',
    ]
    for section in page.sections(rule):
        parts.append(f"<h3>{_safe(section.title)}</h3>")
        parts += [
            f"<pre><code>{_text(block.text)}</code></pre>"
            if isinstance(block, Code)
            else _paragraphs(block)
            for block in section.blocks
        ]
    return "\n".join([*parts, "</details>"])


def _paragraphs(text: str) -> str:
    if text.startswith("- "):
        items = (line.removeprefix("- ") for line in text.splitlines())
        return f"<ul>{''.join(f'<li>{_link(item)}</li>' for item in items)}</ul>"
    return "\n".join(f"<p>{_words(part)}</p>" for part in text.replace("\n\n", "\0").split("\0"))


def _link(url: str) -> str:
    if not url.startswith("https://"):
        return _safe(url)
    return f'<a href="{_safe(url)}" rel="noreferrer noopener">{_safe(url)}</a>'


def _words(text: str) -> str:
    """Return text with what stands between backticks as code."""
    parts = " ".join(text.split()).split("`")
    return "".join(
        f"<code>{_safe(part)}</code>" if number % 2 and number + 1 < len(parts) else _safe(part)
        for number, part in enumerate(parts)
    )


def _text(text: str) -> str:
    return "\n".join(_safe(line) for line in text.split("\n"))


def _safe(text: str) -> str:
    return escape(plain(text))
