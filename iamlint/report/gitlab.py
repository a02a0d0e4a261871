"""GitLab's Code Quality report.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from iamlint.load.find.uri import RepositoryPaths
from iamlint.report.text import broke, shown
from iamlint.rule.finding import Severity, digest
from iamlint.text.shown import plain

if TYPE_CHECKING:
    from iamlint.report.formats import Output
    from iamlint.rule.run import Run

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.NOTE: "minor"}
_UNKNOWN = "blocker"


def report(run: Run, output: Output) -> str:
    uris = RepositoryPaths(run.here)
    issues = [
        _issue(
            title, message, uris.place(path).as_posix(), _UNKNOWN, digest([path, title, message])
        )
        for path, title, message in broke(run)
    ]
    issues += [
        _issue(
            f.rule,
            f.message,
            uris.place(f.path).as_posix(),
            _SEVERITIES[f.severity],
            f.fingerprint,
            (f.range.start.line, f.range.end.line),
        )
        for f in shown(run, output)
    ]
    return json.dumps(issues, indent=1) + "\n"


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
