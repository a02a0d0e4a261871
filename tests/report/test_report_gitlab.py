"""GitLab's Code Quality report, against what GitLab documents and reads."""

from __future__ import annotations

import json

from jsonschema import Draft202012Validator

from iamlint.report.formats import Output
from iamlint.rule.finding import Severity
from tests.report.report_runs import EMPTY, RUN
from tests.support.reports import REPORTS

# https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": r"^(?!\./|/)"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {
                            "begin": {"type": "integer", "minimum": 1},
                            "end": {"type": "integer", "minimum": 1},
                        },
                    },
                },
            },
        },
    },
}


def issues(output: Output) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(REPORTS["gitlab"](RUN, output))
    Draft202012Validator(SCHEMA).validate(found)
    return found


def test_every_open_finding_and_everything_without_a_verdict_is_an_issue() -> None:
    found = issues(Output())

    assert [(issue["check_name"], issue["severity"]) for issue in found] == [
        ("not-analysed", "blocker"),
        ("plain-rule", "blocker"),
        ("plain-rule", "blocker"),
        ("plain-rule", "critical"),
        ("too-wide", "major"),
        ("plain-rule", "critical"),
        ("too-wide", "minor"),
    ]
    assert found[4] == {
        "description": "`iam:PassRole` on all roles",
        "check_name": "too-wide",
        "fingerprint": "print of `iam:PassRole`",
        "severity": "major",
        "location": {"path": "min.json", "lines": {"begin": 1, "end": 1}},
    }


def test_fingerprints_are_unique_as_gitlab_shows_one_issue_each() -> None:
    prints = [issue["fingerprint"] for issue in issues(Output())]

    assert len(set(prints)) == len(prints)


def test_what_is_below_the_asked_severity_is_left_out() -> None:
    assert len(issues(Output(min_severity=Severity.ERROR))) == 5


def test_run_without_findings_is_an_empty_list_so_that_issues_close() -> None:
    assert REPORTS["gitlab"](EMPTY, Output()) == "[]\n"
