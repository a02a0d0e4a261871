"""GitHub's workflow commands, read back as the runner reads them."""

from __future__ import annotations

import re
from dataclasses import replace

from iamlint.report.formats import Output
from iamlint.rule.finding import Severity
from tests.report.report_runs import EMPTY, RUN
from tests.support.reports import REPORTS

COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")
ESCAPES = {"%25": "%", "%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ","}


def unescaped(text: str) -> str:
    return re.sub("%(25|0D|0A|3A|2C)", lambda match: ESCAPES[match[0]], text)


def commands(report: str) -> list[tuple[str, dict[str, str], str]]:
    parsed = []
    for line in report.splitlines()[:-1]:
        match = COMMAND.fullmatch(line)
        assert match
        properties = (item.split("=", 1) for item in match[2].split(","))
        parsed.append(
            (match[1], {key: unescaped(value) for key, value in properties}, unescaped(match[3]))
        )
    return parsed


def test_annotations_come_the_most_severe_first_after_what_has_no_verdict() -> None:
    report = REPORTS["github"](RUN, Output())

    odd = r"pol\x1bicies/über uns.json5"
    assert commands(report) == [
        ("error", {"file": "c.json", "title": "not-analysed"}, "not analysed: not UTF-8"),
        (
            "error",
            {"file": "min.json", "title": "plain-rule"},
            "rule `plain-rule` broke: KeyError: 'x'",
        ),
        (
            "error",
            {"file": odd, "title": "plain-rule"},
            "rule `plain-rule` broke: KeyError: 'x'",
        ),
        (
            "error",
            {"file": "iamlint.toml", "line": "1", "endLine": "3", "title": "plain-rule"},
            "a [link](1) in a file without text",
        ),
        (
            "error",
            _at(odd, 3, 50, 54, "plain-rule"),
            r"the action \x1b[31m`日本`\x1b[0m is none",
        ),
        (
            "warning",
            _at("min.json", 1, 2025, 2039, "too-wide"),
            "`iam:PassRole` on all roles\nhelp: make it narrow",
        ),
        (
            "notice",
            {"file": odd, "line": "3", "endLine": "4", "title": "too-wide"},
            "every resource\nhelp: name them\nall",
        ),
    ]
    assert report.splitlines()[-1].startswith("2 errors, 1 warning, 1 note in 2 policies")


def _at(path: str, line: int, column: int, end: int, title: str) -> dict[str, str]:
    return {
        "file": path,
        "line": str(line),
        "col": str(column),
        "endLine": str(line),
        "endColumn": str(end),
        "title": title,
    }


def test_text_of_a_user_ends_no_command_and_starts_none() -> None:
    evil = replace(RUN.findings[0], message="a\n::stop-commands::x\r%0A::error::y", path="a,b:c%.j")

    report = REPORTS["github"](replace(EMPTY, findings=(evil,)), Output())

    assert len(report.splitlines()) == 2
    [(_, properties, message)] = commands(report)
    assert properties["file"] == "a,b:c%.j"
    assert message == "a\n\\x3a:stop-commands::x\\r%0A::error::y"


def test_run_without_findings_is_its_summary() -> None:
    assert REPORTS["github"](EMPTY, Output()) == "no findings in 1 policy of 2 files\n"


def test_what_is_below_the_asked_severity_is_no_annotation() -> None:
    report = REPORTS["github"](RUN, Output(min_severity=Severity.ERROR))

    assert {kind for kind, _, _ in commands(report)} == {"error"}
