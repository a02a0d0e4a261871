"""Annotations on a pull request, as workflow commands, and the summary for who reads the log.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
GitHub shows ten errors, ten warnings and ten notices of a step: the most severe come first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.load.find.uri import RepositoryPaths
from iamlint.report.text import broke, most_severe_first, shown, summary
from iamlint.rule.finding import Severity
from iamlint.text.shown import plain

if TYPE_CHECKING:
    from iamlint.report.formats import Output
    from iamlint.rule.finding import Finding
    from iamlint.rule.run import Run

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def report(run: Run, output: Output) -> str:
    uris = RepositoryPaths(run.here)
    lines = [
        _command("error", {"file": uris.place(path).as_posix(), "title": title}, message)
        for path, title, message in broke(run)
    ]
    keyed = [(most_severe_first(f), _annotation(f, uris)) for f in shown(run, output)]
    lines += [line for _, line in sorted(keyed, key=lambda one: one[0])]
    return "\n".join([*lines, summary(run, output)]) + "\n"


def _annotation(f: Finding, uris: RepositoryPaths) -> str:
    start, end = f.range.start, f.range.end
    properties = {
        "file": uris.place(f.path).as_posix(),
        "line": str(start.line),
        "col": str(start.column),
        "endLine": str(end.line),
        "endColumn": str(end.column),
        "title": f.rule,
    }
    if start.line != end.line:  # columns are for annotations of one line
        del properties["col"], properties["endColumn"]
    text = f"{f.message}\nhelp: {f.help}" if f.help else f.message
    return _command(_COMMANDS[f.severity], properties, text)


def _command(name: str, properties: dict[str, str], text: str) -> str:
    """Return one command; characters that steer a terminal or end the line are escaped."""
    given = ",".join(
        f"{key}={plain(value).translate(_PROPERTY)}" for key, value in properties.items()
    )
    message = "\n".join(map(plain, text.split("\n")))
    return f"::{name} {given}::{message.translate(_DATA)}"
