"""The JSON shapes that scripts depend on, names in their order."""

from __future__ import annotations

import json
from typing import Any

import pytest

from iamlint.report.formats import Output
from iamlint.rule.finding import Severity
from iamlint.version import VERSION
from tests.report.report_runs import EMPTY, FINDINGS, LONG_PATH, ODD_PATH, RUN
from tests.support.reports import REPORTS


def span(*numbers: int) -> dict[str, object]:
    """Return a range from six numbers: line, column, offset, twice."""
    names = ("line", "column", "offset")
    return {
        "start": dict(zip(names, numbers[:3], strict=True)),
        "end": dict(zip(names, numbers[3:], strict=True)),
    }


WIDE = {
    "rule": "too-wide",
    "url": None,
    "family": "breadth",
    "severity": "warning",
    "confidence": "high",
    "profile": "default",
    "security_severity": 8.1,
    "access_analyzer": None,
}
PLAIN: dict[str, object] = {
    "rule": "plain-rule",
    "url": None,
    "family": "syntax",
    "severity": "error",
    "confidence": "high",
    "profile": "default",
    "security_severity": None,
    "access_analyzer": None,
}
IDENTITY: dict[str, object] = {"kind": "identity", "name": None, "pointer": []}
FOUND: list[dict[str, object]] = [
    {
        **PLAIN,
        "message": "a [link](1) in a file without text",
        "path": "iamlint.toml",
        "policy": {"kind": None, "name": None, "pointer": []},
        "statement": None,
        "pointer": [],
        "range": span(1, 1, 0, 3, 3, 30),
        "related": [],
        "properties": {},
        "fix": None,
        "fingerprint": "print of a",
        "suppressed": None,
        "implied": [],
    },
    {
        **WIDE,
        "access_analyzer": "ONE",
        "message": "`iam:PassRole` on all roles",
        "path": LONG_PATH,
        "policy": IDENTITY,
        "statement": {"index": 40, "sid": None},
        "pointer": ["Statement", 40, "Action"],
        "range": span(1, 2025, 2024, 1, 2039, 2038),
        "related": [],
        "properties": {"actions": ["iam:PassRole"]},
        "fix": {
            "safe": True,
            "description": "say which",
            "edits": [
                {"range": span(1, 2025, 2024, 1, 2039, 2038), "replacement": '"iam:Pass"'},
            ],
        },
        "fingerprint": "print of `iam:PassRole`",
        "suppressed": None,
        "implied": [],
    },
    {
        **PLAIN,
        "message": "the action \x1b[31m`日本`\x1b[0m is none",
        "path": ODD_PATH,
        "policy": IDENTITY,
        "statement": {"index": 0, "sid": "😀"},
        "pointer": ["Statement", 0, "Action"],
        "range": span(3, 50, 77, 3, 54, 81),
        "related": [],
        "properties": {},
        "fix": None,
        "fingerprint": "print of the",
        "suppressed": None,
        "implied": [],
    },
    {
        **WIDE,
        "severity": "note",
        "message": "every resource",
        "path": ODD_PATH,
        "policy": {"kind": "trust", "name": "Röle", "pointer": ["Resources", 1, "Policy"]},
        "statement": {"index": 0, "sid": "😀"},
        "pointer": ["Statement", 0, "Resource"],
        "range": span(3, 66, 93, 4, 7, 102),
        "related": [
            {
                "pointer": ["Statement", 0, "Resource", 0],
                "range": span(4, 3, 98, 4, 6, 101),
                "message": "this one",
            }
        ],
        "properties": {},
        "fix": None,
        "fingerprint": "print of every",
        "suppressed": None,
        "implied": [],
    },
    {
        **WIDE,
        "message": "ignored",
        "path": ODD_PATH,
        "policy": IDENTITY,
        "statement": {"index": 0, "sid": "😀"},
        "pointer": ["Statement", 0, "Resource", 0],
        "range": span(4, 3, 98, 4, 6, 101),
        "related": [],
        "properties": {},
        "fix": None,
        "fingerprint": "print of ignored",
        "suppressed": {"reason": "SEC-12", "where": "iamlint.toml:3"},
        "implied": [],
    },
]
TOOL = {"name": "iamlint", "version": VERSION, "catalog_date": "2026-09-26"}
REST: dict[str, Any] = {
    "not_analysed": [
        {
            "path": "a\nb.yaml",
            "pointer": ["Resources", 0],
            "policy": "Resources.0",
            "reason": "too deep",
        },
        {"path": "c.json", "pointer": [], "policy": "", "reason": "not UTF-8"},
    ],
    "summary": {"files": 4, "policies": 2, "error": 2, "warning": 1, "note": 1, "suppressed": 1},
}


def test_json_has_this_shape_and_order() -> None:
    document = {"version": 1, "tool": TOOL, "findings": FOUND, **REST}

    assert REPORTS["json"](RUN, Output()) == json.dumps(document, indent=1) + "\n"


def test_json_of_a_run_without_findings_has_the_same_members() -> None:
    assert json.loads(REPORTS["json"](EMPTY, Output())) == {
        "version": 1,
        "tool": TOOL,
        "findings": [],
        "not_analysed": [],
        "summary": {
            "files": 2,
            "policies": 1,
            "error": 0,
            "warning": 0,
            "note": 0,
            "suppressed": 0,
        },
    }


def test_jsonl_is_the_same_findings_and_then_the_summary() -> None:
    lines = [*FOUND, {"version": 1, "tool": TOOL, **REST}]

    assert REPORTS["jsonl"](RUN, Output()) == "".join(json.dumps(line) + "\n" for line in lines)


@pytest.mark.parametrize("name", ["json", "jsonl", "sarif"])
def test_machine_formats_are_ascii_whatever_the_locale(name: str) -> None:
    assert REPORTS[name](RUN, Output()).isascii()


def test_what_is_below_the_asked_severity_is_neither_listed_nor_counted() -> None:
    document = json.loads(REPORTS["json"](RUN, Output(min_severity=Severity.ERROR)))

    assert document["findings"] == [FOUND[0], FOUND[2], FOUND[4]]
    assert document["summary"] == {**REST["summary"], "warning": 0, "note": 0}
    assert len(document["findings"]) < len(FINDINGS)
