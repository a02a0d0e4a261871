"""Ignores: each form works, each flawed one is a finding, and nothing is lost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Result

    Program = Callable[..., Result]

STATEMENT = """{
      "Sid": "Tags", "Effect": "Allow", "Action": "ec2:CreateTags",
      "Resource": "arn:aws:ec2:*:*:instance/*",
      "Condition": {"ForAllValues:StringEquals": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/"}}
    }"""
POLICY = '{"Version": "2012-10-17", "Statement": [' + STATEMENT + "]}"
IGNORE = """
[[ignore-finding]]
rule = "unguarded-for-all-values"
file = "p.json"
"""


def found(result: Result) -> list[tuple[str, bool]]:
    findings = cast("list[dict[str, object]]", json.loads(result.out)["findings"])
    return [(str(f["rule"]), f["suppressed"] is not None) for f in findings]


@pytest.fixture
def check(iamlint: Program, tmp_path: Path) -> Callable[..., Result]:
    """Check `p.json` under a configuration."""

    def call(config: str, *args: str) -> Result:
        (tmp_path / "p.json").write_text(POLICY)
        (tmp_path / "iamlint.toml").write_text(config)
        return iamlint("check", "p.json", "--output-format", "json", *args)

    return call


def test_ignored_finding_is_kept_with_its_reason_and_counted(check: Program) -> None:
    result = check(IGNORE + 'reason = "SEC-3"\n')

    output = json.loads(result.out)
    assert result.code == 0
    assert output["findings"][0]["suppressed"] == {"reason": "SEC-3", "where": "iamlint.toml:3"}
    assert output["summary"]["warning"] == 0
    assert output["summary"]["suppressed"] == 1


def test_ignore_without_a_reason_ignores_nothing(check: Program) -> None:
    result = check(IGNORE)

    assert result.code == 1
    assert found(result) == [("unexplained-ignore", False), ("unguarded-for-all-values", False)]


def test_expired_ignore_ignores_nothing(check: Program) -> None:
    result = check(IGNORE + 'reason = "SEC-3"\nexpires = 2020-01-01\n')

    assert result.code == 1
    assert found(result) == [("expired-ignore", False), ("unguarded-for-all-values", False)]


def test_ignore_runs_until_its_day(check: Program) -> None:
    assert check(IGNORE + 'reason = "SEC-3"\nexpires = 2999-01-01\n').code == 0


@pytest.mark.parametrize("narrow", ['sid = "Tags"', "statement = 0"])
def test_ignore_may_name_the_statement(check: Program, narrow: str) -> None:
    assert check(IGNORE + 'reason = "SEC-3"\n' + narrow + "\n").code == 0


@pytest.mark.parametrize("narrow", ['sid = "Other"', "statement = 1"])
def test_ignore_of_another_statement_is_unused(check: Program, narrow: str) -> None:
    result = check(IGNORE + 'reason = "SEC-3"\n' + narrow + "\n")

    assert found(result) == [("unused-ignore", False), ("unguarded-for-all-values", False)]


def test_ignore_of_a_rule_that_did_not_run_is_not_called_unused(check: Program) -> None:
    config = 'ignore = ["unguarded-for-all-values"]\n' + IGNORE + 'reason = "SEC-3"\n'

    assert found(check(config)) == []


def test_ignore_of_a_file_that_was_not_checked_is_not_called_unused(check: Program) -> None:
    config = IGNORE.replace("p.json", "other.json") + 'reason = "SEC-3"\n'

    assert found(check(config)) == [("unguarded-for-all-values", False)]


def test_no_ignores_reports_everything(check: Program) -> None:
    result = check(IGNORE + 'reason = "SEC-3"\n', "--no-ignores")

    assert result.code == 1
    assert found(result) == [("unguarded-for-all-values", False)]


COMMENTED = {
    "p.json5": "// iamlint: ignore[unguarded-for-all-values] SEC-3",
    "p.yaml": "# iamlint: ignore[unguarded-for-all-values] SEC-3",
}
TEXTS = {
    "p.json5": """{Version: "2012-10-17", Statement: {
  Effect: "Allow", Action: "ec2:CreateTags", Resource: "arn:aws:ec2:*:*:instance/*",
  Condition: {"ForAllValues:StringEquals": {
    ABOVE
    "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/", BESIDE
  }}}}
""",
    "p.yaml": """Version: "2012-10-17"
Statement:
  Effect: Allow
  Action: ec2:CreateTags
  Resource: arn:aws:ec2:*:*:instance/*
  Condition:
    ForAllValues:StringEquals:
      ABOVE
      aws:PrincipalOrgPaths: o-a1b2c3d4e5/r-ab12/  BESIDE
""",
}


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("place", ["ABOVE", "BESIDE"])
def test_comment_ignores_on_its_line_or_the_line_below(
    iamlint: Program, tmp_path: Path, name: str, place: str
) -> None:
    text = TEXTS[name].replace(place, COMMENTED[name])
    (tmp_path / name).write_text(text.replace("ABOVE", "").replace("BESIDE", ""))

    result = iamlint("check", name, "--output-format", "json")

    assert result.code == 0
    assert found(result) == [("unguarded-for-all-values", True)]


def test_suppressed_plus_reported_equals_the_run_without_ignores(
    iamlint: Program, tmp_path: Path
) -> None:
    two = POLICY.replace("]}", "," + STATEMENT.replace("Tags", "More") + "]}")
    (tmp_path / "p.json").write_text(two)
    (tmp_path / "iamlint.toml").write_text(IGNORE + 'sid = "Tags"\nreason = "SEC-3"\n')
    only = ("--select", "unguarded-for-all-values", "--output-format", "json")

    ignored = json.loads(iamlint("check", "p.json", *only).out)["findings"]
    whole = json.loads(iamlint("check", "p.json", *only, "--no-ignores").out)["findings"]

    assert [{**finding, "suppressed": None} for finding in ignored] == whole
    assert sorted(f["suppressed"] is not None for f in ignored) == [False, True]
