"""The SARIF of a comparison: gains alone, at lines of the new revision."""

from __future__ import annotations

import json
from typing import Any

from iamlint.fast_dataclass import replace
from iamlint.reason.answer import Comparison, Diff, Open
from iamlint.report.diff.formats import DIFF_FORMATS
from tests.report.diff.diffs import (
    ANYTHING,
    DEPLOY,
    DIFF,
    GAIN,
    OUTPUT,
    UNKNOWN,
    diff,
    difference,
    unit,
)

report = DIFF_FORMATS["sarif"]


def run(found: Diff) -> Any:
    (one,) = json.loads(report(found, OUTPUT))["runs"]
    return one


def notes(found: Diff) -> list[tuple[str, str]]:
    (invocation,) = run(found)["invocations"]
    found_ = invocation.get("toolExecutionNotifications", [])
    return [(one["level"], one["message"]["text"]) for one in found_]


def test_gain_is_a_result_at_the_action_that_grants_it() -> None:
    (result,) = run(diff(unit("role/deployer", Comparison((GAIN,), (GAIN,)))))["results"]

    assert result["ruleId"] == "gained-access"
    assert result["ruleIndex"] == 0
    assert result["level"] == "warning"
    assert result["message"]["text"] == (
        "role/deployer gains s3:DeleteObject, s3:PutObject* on arn:aws:s3:::prod/* "
        "unless aws:MultiFactorAuthPresent is true. For example: iamlint can role/deployer "
        "s3:DeleteObject --on arn:aws:s3:::prod/x --absent aws:MultiFactorAuthPresent."
    )
    (location,) = result["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "deploy.json"
    assert location["physicalLocation"]["region"] == {
        "startLine": 7,
        "startColumn": 51,
        "endLine": 7,
        "endColumn": 63,
        "snippet": {"text": '"s3:Delete*"'},
    }
    assert location["logicalLocations"] == [{"fullyQualifiedName": "Statement[Deploy].Action[2]"}]
    assert set(result["partialFingerprints"]) == {"iamlintStatement/v1", "primaryLocationLineHash"}


def test_gain_by_not_action_is_at_that_element() -> None:
    (result,) = run(diff(unit("role/a", Comparison((difference(because=(ANYTHING,)),)))))["results"]

    region = result["locations"][0]["physicalLocation"]["region"]
    assert region["snippet"] == {"text": '"iam:*"'}


def test_all_rights_and_ways_to_more_are_errors_and_come_first() -> None:
    weak = difference("s3:ListBucket")
    way = difference("iam:PutRolePolicy")
    every = difference("*", resources=("*",))

    results = run(diff(unit("role/a", Comparison((weak, way, every)))))["results"]

    assert [(one["level"], one["message"]["text"].split(" on ")[0]) for one in results] == [
        ("error", "role/a gains *"),
        ("error", "role/a gains iam:PutRolePolicy"),
        ("warning", "role/a gains s3:ListBucket"),
    ]


def test_rule_has_a_page_and_uploads_do_not_close_those_of_check() -> None:
    found = run(diff())
    (rule,) = found["tool"]["driver"]["rules"]

    assert found["results"] == []
    assert found["automationDetails"] == {"id": "iamlint/diff/"}
    assert rule["id"] == "gained-access"
    assert rule["helpUri"].endswith("/docs/diff.md")
    assert "How to fix" in rule["help"]["markdown"]


def test_what_is_unknown_is_a_notification_and_no_result() -> None:
    lost = Open("the budget is spent", of_gains=False)
    found = diff(unit("bucket a", Comparison(open=(UNKNOWN, lost)), kind="resource"))

    assert run(found)["results"] == []
    assert notes(found) == [
        (
            "warning",
            (
                "Bucket a: unknown, because `${var.partner}` may be the account of "
                "`arn:aws:iam::111122223333:root`; give `--var partner=VALUE --var Env=VALUE`; "
                "it depends on `local.x`."
            ),
        ),
        ("warning", "Bucket a: unknown whether it loses access, because the budget is spent."),
    ]


def test_gain_by_a_policy_of_aws_is_at_the_unit_and_without_file_a_notification() -> None:
    one = difference(because=(replace(DEPLOY, label="AdministratorAccess"),))
    placed = diff(unit("role/a", Comparison((one,))))
    lost = diff(unit("role/a", Comparison((one,)), path=None, line=None))

    (result,) = run(placed)["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "infra/deploy.tf"
    assert place["region"]["startLine"] == 14
    assert run(lost)["results"] == []
    assert notes(lost) == [("warning", "role/a gains s3:DeleteObject on arn:aws:s3:::prod/*.")]


def test_same_gain_of_two_units_has_two_fingerprints_that_do_not_change() -> None:
    found = diff(unit("role/a", Comparison((GAIN,))), unit("role/b", Comparison((GAIN,))))

    prints = [one["partialFingerprints"]["iamlintStatement/v1"] for one in run(found)["results"]]

    assert len(set(prints)) == 2
    assert report(found, OUTPUT) == report(found, OUTPUT)


def test_at_most_as_many_results_as_code_scanning_keeps() -> None:
    gains = tuple(difference(f"s3:A{number}") for number in range(5_002))
    found = diff(unit("role/a", Comparison(gains)))

    assert len(run(found)["results"]) == 5_000
    assert notes(found) == [("warning", "2 more gains are left out: GitHub keeps 5000.")]


def test_file_that_could_not_be_read_is_a_notification() -> None:
    assert ("warning", "Not analysed: `Resources.0`: too deep.") in notes(DIFF)
