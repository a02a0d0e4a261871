"""SARIF as GitHub takes it: whole documents, and what the limits cut."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from iamlint.report.formats import Output
from iamlint.rule import page
from iamlint.rule.finding import Range, Related, Severity, ThreadFlow
from iamlint.text.span import Lines
from iamlint.version import VERSION
from scripts import json_docs
from tests.report.report_runs import (
    EMPTY,
    FINDINGS,
    LONG,
    PLAIN,
    RUN,
    WIDE,
    finding,
    rule,
)
from tests.support.reports import REPORTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RULES_LISTED: list[dict[str, Any]] = [
    {
        "defaultConfiguration": {"level": "error"},
        "fullDescription": {"text": "A small run with everything that is hard to print."},
        "helpUri": "https://docs.aws.amazon.com/IAM/",
        "id": "plain-rule",
        "name": "PlainRule",
        "properties": {
            "precision": "high",
            "problem.severity": "error",
            "tags": ["correctness", "aws", "iam", "syntax"],
        },
        "shortDescription": {"text": "It is too wide."},
    },
    {
        "defaultConfiguration": {"level": "warning"},
        "fullDescription": {"text": "A small run with everything that is hard to print."},
        "helpUri": "https://docs.aws.amazon.com/IAM/",
        "id": "too-wide",
        "name": "TooWide",
        "properties": {
            "precision": "high",
            "problem.severity": "warning",
            "security-severity": "8.1",
            "tags": ["security", "aws", "iam", "breadth", "external/cwe/cwe-269"],
        },
        "shortDescription": {"text": "It is too wide."},
    },
]
NOTIFICATIONS: list[dict[str, Any]] = [
    {
        "level": "note",
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "a%0Ab.yaml", "uriBaseId": "%SRCROOT%"}
                }
            }
        ],
        "message": {"text": "Not analysed: `Resources.0`: too deep."},
    },
    {
        "level": "warning",
        "locations": [
            {"physicalLocation": {"artifactLocation": {"uri": "c.json", "uriBaseId": "%SRCROOT%"}}}
        ],
        "message": {"text": "Not analysed: not UTF-8."},
    },
    {
        "level": "error",
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "min.json", "uriBaseId": "%SRCROOT%"}
                }
            }
        ],
        "message": {"text": "Rule `plain-rule` broke: KeyError: 'x'."},
    },
    {
        "level": "error",
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {
                        "uri": "pol%1Bicies/%C3%BCber%20uns.json5",
                        "uriBaseId": "%SRCROOT%",
                    }
                }
            }
        ],
        "message": {"text": "Rule `plain-rule` broke: KeyError: 'x'."},
    },
]
RESULTS: list[dict[str, Any]] = [
    {
        "kind": "fail",
        "level": "error",
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "iamlint.toml", "uriBaseId": "%SRCROOT%"},
                    "region": {"endColumn": 1, "endLine": 1, "startColumn": 1, "startLine": 1},
                }
            }
        ],
        "message": {"text": "A [link\\](1) in a file without text."},
        "partialFingerprints": {"iamlintStatement/v1": "print of a"},
        "ruleId": "plain-rule",
        "ruleIndex": 0,
    },
    {
        "kind": "fail",
        "level": "error",
        "locations": [
            {
                "logicalLocations": [{"fullyQualifiedName": "Statement[😀].Action"}],
                "physicalLocation": {
                    "artifactLocation": {
                        "uri": "pol%1Bicies/%C3%BCber%20uns.json5",
                        "uriBaseId": "%SRCROOT%",
                    },
                    "contextRegion": {
                        "endColumn": 9,
                        "endLine": 4,
                        "snippet": {
                            "text": "\tVersion: "
                            '"2012-10-17",\n'
                            "\t"
                            "Statement: "
                            '[{Sid: "😀", '
                            "Effect: "
                            '"Allow", '
                            "Action: "
                            '"日本", '
                            "Resource: "
                            "[\n"
                            '\t\t"*"]}]'
                        },
                        "startColumn": 1,
                        "startLine": 2,
                    },
                    "region": {
                        "endColumn": 54,
                        "endLine": 3,
                        "snippet": {"text": '"日本"'},
                        "startColumn": 50,
                        "startLine": 3,
                    },
                },
            }
        ],
        "message": {"text": "The action \\x1b[31m`日本`\\x1b[0m is none."},
        "partialFingerprints": {
            "iamlintStatement/v1": "print of the",
            "primaryLocationLineHash": "3c5dae92752a45a7:1",
        },
        "ruleId": "plain-rule",
        "ruleIndex": 0,
    },
    {
        "fixes": [
            {
                "artifactChanges": [
                    {
                        "artifactLocation": {"uri": "min.json", "uriBaseId": "%SRCROOT%"},
                        "replacements": [
                            {
                                "deletedRegion": {
                                    "endColumn": 2039,
                                    "endLine": 1,
                                    "startColumn": 2025,
                                    "startLine": 1,
                                },
                                "insertedContent": {"text": '"iam:Pass"'},
                            }
                        ],
                    }
                ],
                "description": {"text": "Say which."},
            }
        ],
        "kind": "fail",
        "level": "warning",
        "locations": [
            {
                "logicalLocations": [{"fullyQualifiedName": "Statement[40].Action"}],
                "physicalLocation": {
                    "artifactLocation": {"uri": "min.json", "uriBaseId": "%SRCROOT%"},
                    "contextRegion": {
                        "endColumn": 2079,
                        "endLine": 1,
                        "snippet": {"text": LONG.whole[1984:2078]},
                        "startColumn": 1985,
                        "startLine": 1,
                    },
                    "region": {
                        "endColumn": 2039,
                        "endLine": 1,
                        "snippet": {"text": '"iam:PassRole"'},
                        "startColumn": 2025,
                        "startLine": 1,
                    },
                },
            }
        ],
        "message": {"text": "`iam:PassRole` on all roles."},
        "partialFingerprints": {
            "iamlintStatement/v1": "print of `iam:PassRole`",
            "primaryLocationLineHash": "56dd41c1e678c601:1",
        },
        "ruleId": "too-wide",
        "ruleIndex": 1,
    },
    {
        "kind": "fail",
        "level": "note",
        "locations": [
            {
                "logicalLocations": [
                    {"fullyQualifiedName": "Resources[1].Policy.Statement[😀].Resource"}
                ],
                "physicalLocation": {
                    "artifactLocation": {
                        "uri": "pol%1Bicies/%C3%BCber%20uns.json5",
                        "uriBaseId": "%SRCROOT%",
                    },
                    "contextRegion": {
                        "endColumn": 9,
                        "endLine": 4,
                        "snippet": {
                            "text": "\tVersion: "
                            '"2012-10-17",\n'
                            "\t"
                            "Statement: "
                            '[{Sid: "😀", '
                            "Effect: "
                            '"Allow", '
                            "Action: "
                            '"日本", '
                            "Resource: "
                            "[\n"
                            '\t\t"*"]}]'
                        },
                        "startColumn": 1,
                        "startLine": 2,
                    },
                    "region": {
                        "endColumn": 67,
                        "endLine": 3,
                        "snippet": {"text": "["},
                        "startColumn": 66,
                        "startLine": 3,
                    },
                },
            }
        ],
        "message": {"text": "Every resource. Name them\\nall."},
        "partialFingerprints": {
            "iamlintStatement/v1": "print of every",
            "primaryLocationLineHash": "3c5dae92752a45a7:1",
        },
        "relatedLocations": [
            {
                "id": 1,
                "message": {"text": "This one."},
                "physicalLocation": {
                    "artifactLocation": {
                        "uri": "pol%1Bicies/%C3%BCber%20uns.json5",
                        "uriBaseId": "%SRCROOT%",
                    },
                    "contextRegion": {
                        "endColumn": 2,
                        "endLine": 5,
                        "snippet": {
                            "text": "\t"
                            "Statement: "
                            "[{Sid: "
                            '"😀", '
                            "Effect: "
                            '"Allow", '
                            "Action: "
                            '"日本", '
                            "Resource: "
                            "[\n"
                            "\t\t"
                            '"*"]}]\n'
                            "}"
                        },
                        "startColumn": 1,
                        "startLine": 3,
                    },
                    "region": {
                        "endColumn": 6,
                        "endLine": 4,
                        "snippet": {"text": '"*"'},
                        "startColumn": 3,
                        "startLine": 4,
                    },
                },
            }
        ],
        "ruleId": "too-wide",
        "ruleIndex": 1,
    },
]


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def document(run: object, **options: object) -> dict[str, Any]:
    text = REPORTS["sarif"](run, Output(**options))  # type: ignore[arg-type]
    return dict(json.loads(text)["runs"][0])


def test_document_is_this() -> None:
    listed = [
        {**rule, "help": {"text": page.as_text(of), "markdown": page.as_markdown(of)}}
        for rule, of in zip(RULES_LISTED, (PLAIN, WIDE), strict=True)
    ]
    assert json.loads(REPORTS["sarif"](RUN, Output())) == {
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "automationDetails": {"id": "iamlint/"},
                "columnKind": "unicodeCodePoints",
                "newlineSequences": ["\r\n", "\n", "\r"],
                "originalUriBaseIds": {
                    "%SRCROOT%": {"description": {"text": "The root of the repository."}}
                },
                "invocations": [
                    {"executionSuccessful": False, "toolExecutionNotifications": NOTIFICATIONS}
                ],
                "tool": {
                    "driver": {
                        "name": "iamlint",
                        "fullName": f"iamlint {VERSION}",
                        "organization": "iamlint",
                        "informationUri": "https://github.com/iamlint/iamlint",
                        "version": VERSION,
                        "semanticVersion": VERSION,
                        "properties": {"catalogDate": "2026-09-26"},
                        "rules": listed,
                    }
                },
                "results": RESULTS,
            }
        ],
    }


def test_each_part_that_the_page_names_is_written() -> None:
    first = FINDINGS[0]
    flow = ThreadFlow("role/ci", (Related((), first.range, "assumes it"),))
    run = document(replace(RUN, findings=(replace(first, flows=(flow,)), *FINDINGS[1:])))
    page = json_docs.SARIF_PAGE.read_text(encoding="utf-8")
    named = re.findall(r"^\| `([\w.\[\]]+)` \|", page, re.MULTILINE)

    assert len(named) == page.count("\n| `")
    assert {re.sub(r"^rules", "tool.driver.rules", name) for name in named} <= {*_members(run)}


def _members(value: object, path: str = "") -> Iterator[str]:
    """Yield the path of each member, with `[]` where it is one of a list."""
    match value:
        case dict():
            for name, member in value.items():
                yield f"{path}{name}"
                yield from _members(member, f"{path}{name}.")
        case list():
            for member in value:
                yield from _members(member, f"{path.removesuffix('.')}[].")


def test_run_without_findings_still_has_a_run_so_that_alerts_close() -> None:
    run = document(replace(EMPTY, rules=(WIDE,)))

    assert run["results"] == []
    assert run["invocations"] == [{"executionSuccessful": True}]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["too-wide"]


def test_documents_of_one_run_are_the_same_bytes() -> None:
    assert REPORTS["sarif"](RUN, Output()) == REPORTS["sarif"](RUN, Output())


@pytest.mark.parametrize(
    ("category", "id_"),
    [(None, "iamlint/"), ("", "iamlint/"), ("prod", "iamlint/prod/"), ("/a/b/", "iamlint/a/b/")],
)
def test_category_tells_uploads_apart(category: str | None, id_: str) -> None:
    assert document(EMPTY, category=category)["automationDetails"] == {"id": id_}


def test_what_is_below_the_asked_severity_is_left_out() -> None:
    results = document(RUN, min_severity=Severity.WARNING)["results"]

    assert results == [result for result in RESULTS if result["level"] != "note"]


def test_most_severe_results_are_kept_and_the_rest_is_counted() -> None:
    notes = [
        replace(FINDINGS[3], fingerprint=str(number), path=f"{number:04}") for number in range(5000)
    ]
    run = document(replace(RUN, findings=(*notes, FINDINGS[2]), not_analysed=(), broken=()))

    assert len(run["results"]) == 5000
    assert [result["level"] for result in run["results"][:2]] == ["error", "note"]
    assert run["invocations"][0]["toolExecutionNotifications"] == [
        {
            "level": "warning",
            "message": {
                "text": "1 more findings, none more severe, are left out: GitHub keeps 5000."
            },
        }
    ]


def region(lines: Lines, start: int, end: int) -> dict[str, Any]:
    range_ = Range(lines.position(start), lines.position(end))
    run = replace(
        RUN, findings=(finding(WIDE, "a.json", range_, "it is"),), lines={"a.json": lines}
    )
    (result,) = document(run)["results"]
    (location,) = result["locations"]
    return {name: location["physicalLocation"][name] for name in ("region", "contextRegion")}


def stretch(line: int, first: int, last: int, text: str, end_line: int = 0) -> dict[str, Any]:
    return {
        "startLine": line,
        "startColumn": first,
        "endLine": end_line or line,
        "endColumn": last,
        "snippet": {"text": text},
    }


def test_region_of_nothing_at_the_end_of_a_line_is_empty() -> None:
    assert region(Lines("ab\ncd"), 2, 2) == {
        "region": stretch(1, 3, 3, ""),
        "contextRegion": stretch(1, 1, 3, "ab\ncd", end_line=2),
    }


def test_region_ends_before_a_line_end_of_two_characters() -> None:
    assert region(Lines("ab\r\ncd"), 1, 4) == {
        "region": stretch(1, 2, 3, "b"),
        "contextRegion": stretch(1, 1, 3, "ab\ncd", end_line=2),
    }


def test_context_of_a_long_line_is_a_part_of_it() -> None:
    lines = Lines("x" * 2000)

    assert region(lines, 1990, 2000)["contextRegion"] == stretch(1, 1951, 2001, "x" * 50)
    assert region(lines, 0, 5)["contextRegion"] == stretch(1, 1, 46, "x" * 45)


def test_long_reason_is_cut_where_github_cuts_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.report.report_runs.__doc__", "why " * 300)
    (of_rule,) = document(replace(EMPTY, rules=(rule("it"),)))["tool"]["driver"]["rules"]

    assert len(of_rule["fullDescription"]["text"]) == 1024
    assert of_rule["fullDescription"]["text"].endswith(" why…")
