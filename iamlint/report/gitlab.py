"""GitLab's Code Quality report.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import json
from textwrap import indent
from typing import TYPE_CHECKING

from iamlint.load.find.uri import RepositoryPaths
from iamlint.report.text import broke, shown
from iamlint.rule.finding import Severity, digest
from iamlint.text.shown import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.report.formats import Output
    from iamlint.rule.run import Run

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.NOTE: "minor"}
_UNKNOWN = "blocker"


def report(run: Run, output: Output) -> Iterator[str]:
    start = "["
    for issue in _issues(run, output):
        yield start + indent(f"\n{json.dumps(issue, indent=1)}", " ")
        start = ","
    yield "[]\n" if start == "[" else "\n]\n"


def _issues(run: Run, output: Output) -> Iterator[dict[str, object]]:
    uris = RepositoryPaths(run.here)
    yield from (
        _issue(
            title, message, uris.place(path).as_posix(), _UNKNOWN, digest([path, title, message])
        )
        for path, title, message in broke(run)
    )
    yield from (
        _issue(
            f.rule,
            f.message,
            uris.place(f.path).as_posix(),
            _SEVERITIES[f.severity],
            f.fingerprint,
            (f.range.start.line, f.range.end.line),
        )
        for f in shown(run, output)
    )


def _issue(
    name: str,
    message: str,
    path: str,
    severity: str,
    fingerprint: str,
    lines: tuple[int, int] = (1, 1),
) -> dict[str, object]:
    begin, end = lines
    return {
        "description": plain(message),
        "check_name": name,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": path, "lines": {"begin": begin, "end": end}},
    }
