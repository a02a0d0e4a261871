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


UNGUARDED = """
    Effect: Allow
    Action: ec2:CreateTags
    Resource: arn:aws:ec2:*:*:instance/*
    Condition: {"ForAllValues:StringEquals": {aws:PrincipalOrgPaths: o-a1b2c3d4e5/r-ab12/}}
"""
TEMPLATE = f"""Resources:
  Tagger:
    Type: AWS::IAM::ManagedPolicy
    Metadata: {{iamlint: {{ignore: [{{WAIVER}}]}}}}
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {UNGUARDED.strip().replace(chr(10), chr(10) + " " * 8)}
"""
TERRAFORM = """
resource "aws_iam_policy" "tagger" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "ec2:CreateTags"
      Resource = "arn:aws:ec2:*:*:instance/*"
      Condition = {
        COMMENT
        "ForAllValues:StringEquals" = { "aws:PrincipalOrgPaths" = "o-a1b2c3d4e5/r-ab12/" }
      }
    }]
  })
}
"""
RULE = "unguarded-for-all-values"
FORMS = {
    "configuration": ("p.json", POLICY),
    "json5": ("p.json5", TEXTS["p.json5"].replace("BESIDE", "").replace("ABOVE", "COMMENT")),
    "yaml": ("p.yaml", TEXTS["p.yaml"].replace("BESIDE", "").replace("ABOVE", "COMMENT")),
    "hcl": ("main.tf", TERRAFORM),
    "template": ("template.yaml", TEMPLATE),
}


@pytest.fixture
def ignoring(iamlint: Program, tmp_path: Path) -> Callable[..., Result]:
    """Check a file in which a rule is ignored in some form."""

    def call(form: str, rule: str, reason: str, expires: str = "") -> Result:
        name, text = FORMS[form]
        mark = "#" if name.endswith((".yaml", ".tf")) else "//"
        text = text.replace("COMMENT", f"{mark} iamlint: ignore[{rule}] {reason}".rstrip())
        told = f'rule: {rule}, reason: "{reason}"' if reason else f"rule: {rule}"
        (tmp_path / name).write_text(text.replace("WAIVER", told))
        entry = f'[[ignore-finding]]\nrule = "{rule}"\nfile = "{name}"\nreason = "{reason}"\n'
        if form == "configuration":
            (tmp_path / "iamlint.toml").write_text(entry + expires)
        only = f"{RULE},wildcard-admin,unused-ignore,expired-ignore,unexplained-ignore"
        return iamlint("check", name, "--select", only, "--output-format", "json")

    return call


@pytest.mark.parametrize("form", FORMS)
def test_every_form_ignores_and_is_counted(ignoring: Program, form: str) -> None:
    result = ignoring(form, RULE, "SEC-3")

    assert (result.code, found(result)) == (0, [(RULE, True)])
    output = json.loads(result.out)
    assert output["findings"][0]["suppressed"]["reason"] == "SEC-3"
    assert output["summary"] | {"warning": 0, "suppressed": 1} == output["summary"]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_reported_when_it_ignores_nothing(ignoring: Program, form: str) -> None:
    result = ignoring(form, "wildcard-admin", "SEC-3")

    assert result.code == 1
    assert sorted(found(result)) == [(RULE, False), ("unused-ignore", False)]
    assert json.loads(result.out)["summary"]["suppressed"] == 0


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_reported_when_it_gives_no_reason(ignoring: Program, form: str) -> None:
    result = ignoring(form, RULE, "")

    assert result.code == 1
    assert sorted(found(result)) == [("unexplained-ignore", False), (RULE, False)]


def test_form_with_a_date_is_reported_after_it(ignoring: Program) -> None:
    result = ignoring("configuration", RULE, "SEC-3", "expires = 2020-01-01\n")

    assert result.code == 1
    assert sorted(found(result)) == [("expired-ignore", False), (RULE, False)]


def test_complaints_that_are_alike_have_fingerprints_of_their_own(
    iamlint: Program, tmp_path: Path
) -> None:
    comment = "# iamlint: ignore[wildcard-admin] SEC-3\n"
    (tmp_path / "p.yaml").write_text(comment + TEXTS["p.yaml"].replace("ABOVE", comment.strip()))

    output = json.loads(iamlint("check", "p.yaml", "--output-format", "json").out)

    prints = [f["fingerprint"] for f in output["findings"]]
    assert [f["rule"] for f in output["findings"]].count("unused-ignore") == 2
    assert len(set(prints)) == len(prints)


def test_complaint_has_the_same_fingerprint_wherever_the_repository_lies(
    iamlint: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prints = set()
    for place in ("here", "there"):
        folder = tmp_path / place
        (folder / ".git").mkdir(parents=True)
        (folder / "p.json").write_text(POLICY)
        (folder / "iamlint.toml").write_text(IGNORE)
        monkeypatch.chdir(folder)
        output = json.loads(iamlint("check", "p.json", "--output-format", "json").out)
        prints.add(tuple(f["fingerprint"] for f in output["findings"]))

    assert len(prints) == 1
