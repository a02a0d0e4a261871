"""What the text formats say alike: which findings, how many, and text a terminal may print."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from iamlint.errors import BrokenPart
from iamlint.rule.finding import Severity
from iamlint.text.shown import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load import NotAnalysed
    from iamlint.report.formats import Output
    from iamlint.rule.finding import Finding
    from iamlint.rule.run import DatedReport, Run, SwitchedOff

_FEW = 3


def shown(run: Run, output: Output) -> Iterator[Finding]:
    """Yield the findings a report lists: not suppressed, not below the asked severity."""
    return (f for f in run.findings if is_shown(f, output))


def is_shown(f: Finding, output: Output) -> bool:
    """Return whether a report lists a finding."""
    return f.is_open and _is_asked(f.severity, output)


def _is_asked(severity: Severity, output: Output) -> bool:
    least = output.min_severity
    return least is None or severity.rank >= least.rank


def shown_counts(run: Run, output: Output) -> Counter[tuple[str, Severity]]:
    """Return how many findings of each rule and severity a report lists."""
    found: Counter[tuple[str, Severity]] = Counter()
    for (rule, severity, is_open, _), number in run.tally.items():
        if is_open and _is_asked(severity, output):
            found[rule, severity] += number
    return found


def by_severity(run: Run, output: Output) -> Counter[Severity]:
    """Return how many findings of each severity a report lists."""
    found: Counter[Severity] = Counter()
    for (_, severity), number in shown_counts(run, output).items():
        found[severity] += number
    return found


def ignored(run: Run) -> int:
    """Return how many findings are ignored."""
    return sum(number for (*_, is_ignored), number in run.tally.items() if is_ignored)


def open_count(run: Run) -> int:
    """Return how many findings count, whatever their severity."""
    return sum(number for (_, _, is_open, _), number in run.tally.items() if is_open)


def most_severe_first(f: Finding) -> tuple[object, ...]:
    """Return the key of a finding in the order for a reader who stops early."""
    return (-f.severity.rank, -(f.security_severity or 0), *f.order)


def broke(run: Run) -> list[tuple[str, str, str]]:
    """Return path, title and message of what has no verdict: the run is not clean for it."""
    return [
        *(
            (item.path, "not-analysed", f"not analysed: {left_out(item)}")
            for item in run.not_analysed
            if item.unreadable
        ),
        *((item.path, item.name, str(item)) for item in run.broken),
    ]


def left_out(item: NotAnalysed) -> str:
    """Return which policy of a file is not analysed, and why."""
    return f"`{item.policy}`: {item.reason}" if item.policy else item.reason


def count(number: int, noun: str) -> str:
    if noun.endswith("y") and noun[-2:-1] not in "aeiou" and number != 1:
        return f"{number} {noun[:-1]}ies"
    ending = "es" if noun.endswith("x") else "s"
    return f"{number} {noun}{'' if number == 1 else ending}"


def summary(run: Run, output: Output) -> str:
    """Return the last line, which counts everything: what is hidden or ignored too."""
    listed = by_severity(run, output)
    parts = [count(listed[s], s.value) for s in reversed(Severity) if listed[s]]
    hidden = open_count(run) - listed.total()
    not_counted = ignored(run)
    text = ", ".join(parts) or "no findings"
    others = f" and {count(run.subjects, 'subject')}" if run.subjects else ""
    text += f" in {count(run.policies, 'policy')}{others} of {count(run.files, 'file')}"
    if hidden:
        text += f"; {hidden} below `{output.min_severity}`"
    if not_counted:
        text += f"; {not_counted} ignored"
    if run.not_analysed:
        text += f"; {len(run.not_analysed)} not analysed"
    for report in run.reports[:_FEW]:
        text += f"; {_dated(report, run)}"
    if (more := len(run.reports) - _FEW) > 0:
        text += f"; and {count(more, 'further report')}"
    for off in run.switched_off[:_FEW]:
        text += f"; {describe_loosened(off)}"
    if (more := len(run.switched_off) - _FEW) > 0:
        text += f"; and by {count(more, 'further configuration')}"
    for part in BrokenPart:
        if broken := {b.name for b in run.broken if b.part is part}:
            text += f"; {count(len(broken), part.value)} broke"
    return text


def _dated(report: DatedReport, run: Run) -> str:
    """Return how old a report on an account is, as far as that is known."""
    text = f"{report.kind} {plain(report.path)} of {report.as_of[:10]}"
    return text if run.at is None else f"{text}, {count(report.age(run.at), 'day')} old"


def describe_loosened(off: SwitchedOff) -> str:
    """Return what a configuration below the named folder switches off."""
    parts = [f"{count(len(off.rules), 'rule')} off"] if off.rules else []
    if off.severities:
        parts.append(f"{count(len(off.severities), 'severity')} lowered")
    if off.settings:
        parts.append(" and ".join(f"`{name}`" for name in off.settings) + " set")
    return f"{', '.join(parts)} by {plain(off.path)}"


def statistics(run: Run, output: Output) -> str:
    """Return how often each rule reported, the most frequent first."""
    found = shown_counts(run, output)
    rows = sorted(found.items(), key=lambda row: (-row[1], row[0]))
    return "\n".join(f"{number:6} {severity:8} {rule}" for (rule, severity), number in rows)
