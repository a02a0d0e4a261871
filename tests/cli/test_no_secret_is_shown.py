"""No output has a secret of a file: neither a format, a log, a baseline, a fix nor a traceback."""

from __future__ import annotations

import html
import json
from base64 import b64encode
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from iamlint.report.formats import BUILTIN as FORMATS
from iamlint.revisions.diff import diff_pairs
from iamlint.rule import Confidence, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rule.finding import Family
from iamlint.rules import BUILTIN
from iamlint.text.masked import _Known
from tests.support.keys import bedrock_key, key_id, secret_key, session_token, smtp_password

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from iamlint.policy.model import Statement
    from tests.support.program import Program

SEED = Random(30)  # noqa: S311 - the same keys in each run
ID, SECRET, TOKEN = key_id(SEED), secret_key(SEED), session_token(SEED)
BEDROCK, SMTP = bedrock_key(SEED), smtp_password(SEED)
PASSWORD = "Tr0ub4dor&3 <x> ä"  # noqa: S105 - made up
WORD = "hunterx"
SCRIPT = (
    f"#!/bin/sh\nexport AWS_ACCESS_KEY_ID={ID}\nexport AWS_SECRET_ACCESS_KEY={SECRET}\n"
    f"export AWS_SESSION_TOKEN={TOKEN}\n"
)
ENCODED = b64encode(SCRIPT.encode()).decode()
FIRST = SCRIPT.index(SECRET) * 4 // 3
"""Where the secret starts in base64."""
MODULE = f"""
provider "aws" {{
  access_key = "{ID}"
  secret_key = "{SECRET}"
  token      = "{TOKEN}"
}}
variable "db_password" {{
  default = "{PASSWORD}"
}}
resource "aws_launch_template" "encoded" {{
  user_data = "{ENCODED}"
}}
resource "aws_instance" "file" {{
  user_data = file("${{path.module}}/setup.sh")
}}
resource "aws_lambda_function" "mail" {{
  environment {{
    variables = {{ SES_SMTP_PASSWORD = "{SMTP}", MODEL = "{BEDROCK}", DB_PASSWORD = "{WORD}" }}
  }}
}}
resource "aws_iam_policy" "odd" {{
  name   = "{SECRET}"
  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [
      {{ Sid = "{SECRET}", Effect = "Allow", Action = "iam:*", Resource = "*" }},
      {{ Sid = "{SECRET}", Effect = "Allow", Action = "{SECRET}", Resource = "{TOKEN}" }},
      {{ Sid = "{ID}", Effect = "Allow", Action = "s3:*", Resource = "arn:aws:s3:::{SECRET}/{ID}"}},
      {{ Effect = "Allow", Action = "s3:{ID}", Resource = "{PASSWORD}" }},
      {{ Effect = "Allow", Action = "s3:{WORD}", Resource = "{BEDROCK}" }},
    ]
  }})
}}
"""
TEMPLATE = f"""\
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  AwsSecretAccessKey:
    Type: String
    NoEcho: true
    Default: {SECRET}
Resources:
  Person:
    Type: AWS::IAM::User
    Properties:
      LoginProfile: {{Password: "{PASSWORD}"}}
      Policies:
        - PolicyName: {SECRET}
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {{Sid: {SECRET}, Effect: Allow, Action: "s3:GetObjcet", Password: {WORD}}}
  Host:
    Type: AWS::EC2::Instance
    Properties:
      UserData: {ENCODED}
"""
DUMP = {
    "UserDetailList": [],
    "GroupDetailList": [],
    "Policies": [],
    "RoleDetailList": [
        {
            "RoleName": "worker",
            "Arn": "arn:aws:iam::111122223333:role/worker",
            "Path": "/",
            "Tags": [{"Key": "aws_secret_access_key", "Value": SECRET}, {"Key": "id", "Value": ID}],
            "AttachedManagedPolicies": [],
            "InstanceProfileList": [],
            "AssumeRolePolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "ec2.amazonaws.com"},
                        "Action": "sts:AssumeRole",
                    }
                ],
            },
            "RolePolicyList": [
                {
                    "PolicyName": SECRET,
                    "PolicyDocument": {
                        "Version": "2012-10-17",
                        "Statement": [
                            {"Sid": SECRET, "Effect": "Allow", "Action": "s3:*", "Resource": "*"}
                        ],
                    },
                }
            ],
        }
    ],
}


def told(text: str) -> list[str]:
    """Return the parts of secrets that a text has, also in other letters or escaped."""
    plain = html.unescape(text).lower()
    for escaped, one in (("\\u00e4", "ä"), ("\\xe4", "ä"), ('\\"', '"')):
        plain = plain.replace(escaped, one)
    parts = [
        *(SECRET[at : at + 12] for at in range(0, 29, 4)),
        *(TOKEN[at : at + 12] for at in range(0, len(TOKEN) - 12, 12)),
        *(SMTP[at : at + 12] for at in range(0, 33, 4)),
        *(BEDROCK[at : at + 12] for at in range(4, 100, 12)),
        *(ENCODED[at : at + 12] for at in range(FIRST + 4, FIRST + 40, 4)),
        "".join(filter(str.isalnum, SECRET))[:12],
        ID[4:16],
        PASSWORD,
        f'"{WORD}"',
        f"`{WORD}`",
        f"={WORD}",
        f": {WORD}",
    ]
    return [part for part in parts if part.lower() in plain]


@pytest.fixture
def _leaky(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(MODULE, encoding="utf-8")
    (tmp_path / "setup.sh").write_text(SCRIPT, encoding="utf-8")
    (tmp_path / "template.yaml").write_text(TEMPLATE, encoding="utf-8")
    (tmp_path / "dump.json").write_text(json.dumps(DUMP, indent=1), encoding="utf-8")
    (tmp_path / "prod.tfvars").write_text(f'db_password = "{PASSWORD}"\n', encoding="utf-8")
    broken = f'{{"Version": "2012-10-17", "Statement": [{{"Sid": "{SECRET}", "Effect" "Allow"'
    (tmp_path / "broken.json").write_text(f'{broken}, "aws_secret_access_key": "{SECRET}"')


@pytest.fixture
def _broken(monkeypatch: pytest.MonkeyPatch) -> None:
    def check(statement: Statement, _: RuleContext) -> Iterator[Hit]:
        raise KeyError(f"{statement.sid}: {SECRET} {TOKEN} {PASSWORD}")

    rule = Rule(
        name="always-broken",
        family=Family.HYGIENE,
        module=__name__,
        summary="a rule that always raises",
        severity=Severity.NOTE,
        confidence=Confidence.HIGH,
        advice="give it something to find",
        sources=(),
        check=check,
        bad=(bad("none", "{}"),),
        good=(good("none", "{}"),),
    )
    monkeypatch.setattr("iamlint.rules.BUILTIN", (*BUILTIN, rule))


@pytest.mark.usefixtures("_leaky", "_broken")
@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("format_", sorted(FORMATS))
def test_no_format_shows_a_secret(iamlint: Program, format_: str, jobs: str) -> None:
    result = iamlint(
        *("-v", "check", "--profile", "strict", "--output-format", format_, "--jobs", jobs, "."),
        "--statistics",
    )

    assert told(result.out) == []
    assert told(result.err) == []
    assert result.code == 3
    assert "secret-in-the-open" in result.out
    assert "always-broken" in result.out + result.err
    shown = html.unescape(result.out).replace("\\u2026", "…")
    assert f"AKIA…{ID[-4:]}" in shown


@pytest.mark.usefixtures("_leaky")
def test_each_secret_is_found_where_it_is(iamlint: Program) -> None:
    result = iamlint("check", "--select", "secret-in-the-open", "--output-format", "json", ".")

    found = json.loads(result.out)["findings"]
    places: dict[str, int] = {}
    for one in found:
        places[one["path"]] = places.get(one["path"], 0) + 1
    assert set(places) == {"main.tf", "setup.sh", "template.yaml", "dump.json", "broken.json"}
    assert places["setup.sh"] == 2
    assert all(one["policy"]["kind"] is None for one in found)
    assert all(one["statement"] is None for one in found)


@pytest.mark.usefixtures("_leaky")
def test_no_baseline_fix_part_or_cache_has_a_secret(iamlint: Program, tmp_path: Path) -> None:
    iamlint("baseline", "create")
    iamlint("check", "--part", "1/1", "-o", "part.json", ".")
    iamlint("--isolated", "check", "-o", "sarif:report.sarif", "-o", "html:report.html", ".")
    written = [*tmp_path.glob("*baseline*"), *tmp_path.glob("part.*"), *tmp_path.glob("report.*")]

    assert len(written) == 4
    assert {path.name: told(path.read_text(encoding="utf-8")) for path in written} == {
        path.name: [] for path in written
    }


@pytest.mark.usefixtures("_leaky")
def test_secret_of_another_file_is_hidden_in_a_result_of_an_earlier_run(
    iamlint: Program,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cache = tmp_path_factory.mktemp("cache")
    statement = {"Sid": SECRET, "Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": statement})
    (tmp_path / "a.json").write_text(policy.ljust(100_000))

    first = iamlint("check", "--cache-dir", str(cache), ".")
    monkeypatch.setattr("iamlint.text.masked._KNOWN", _Known())
    second = iamlint("check", "--cache-dir", str(cache), ".")
    kept = "".join(path.read_text() for path in cache.rglob("*.json"))

    assert "a.json" in first.out
    assert second == first
    assert told(first.out + kept) == []
    assert kept != ""


@pytest.mark.usefixtures("_leaky")
def test_diff_of_a_fix_hides_what_the_fix_keeps(iamlint: Program, tmp_path: Path) -> None:
    diff = iamlint("check", "--diff", "--unsafe-fixes", "main.tf")
    before = (tmp_path / "main.tf").read_text(encoding="utf-8")
    fixed = iamlint("check", "--fix", "--unsafe-fixes", "--output-format", "json", "main.tf")
    after = (tmp_path / "main.tf").read_text(encoding="utf-8")

    of_template = iamlint("check", "--diff", "--unsafe-fixes", "template.yaml")
    assert "Password: …" in of_template.out
    assert told(of_template.out) == []
    assert "+++ main.tf" in diff.out
    assert told(diff.out + diff.err) == []
    assert told(fixed.out + fixed.err) == []
    assert before != after
    assert SECRET in after
    assert "…" not in after


@pytest.mark.parametrize("format_", sorted(FORMATS))
def test_password_is_hidden_whatever_its_name(
    iamlint: Program, tmp_path: Path, format_: str
) -> None:
    template = """\
Parameters:
  Initial: {Type: String, Default: "first-words-7"}
Resources:
  Person:
    Type: AWS::IAM::User
    Properties:
      LoginProfile: {Password: !Ref Initial}
"""
    (tmp_path / "template.yaml").write_text(template)

    result = iamlint("check", "--output-format", format_, "template.yaml")

    assert "password-from-template" in result.out
    assert "first-words" not in result.out


@pytest.mark.usefixtures("_leaky")
@pytest.mark.parametrize(
    "question",
    [
        ("can", "role/worker", "s3:GetObject", "--on", "arn:aws:s3:::b/k", "--trace"),
        ("can", "role/worker", "s3:GetObject", "--output-format", "json"),
        ("can", "role/worker", "s3:GetObject"),
        ("who-can", "s3:GetObject", "--output-format", "json"),
        ("who-can", "s3:GetObject"),
    ],
)
def test_no_answer_shows_a_secret(
    iamlint: Program, tmp_path: Path, question: tuple[str, ...]
) -> None:
    (tmp_path / "broken.json").unlink()
    result = iamlint(*question)

    assert told(result.out + result.err) == []
    assert "worker" in result.out


@pytest.mark.usefixtures("_leaky")
@pytest.mark.parametrize("sides", [("none", "."), (".", "none")])
def test_no_comparison_shows_a_secret(
    iamlint: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sides: tuple[str, str]
) -> None:
    (tmp_path / "broken.json").unlink()
    (tmp_path / "none").mkdir()
    made: list[object] = []

    def compared(*args: Any) -> object:
        made.append(made[0] if made else diff_pairs(*args))  # once is enough for all formats
        return made[0]

    monkeypatch.setattr("iamlint.cli.diff.diff_pairs", compared)
    for format_ in ("text", "json", "markdown", "sarif"):
        result = iamlint("diff", *sides, "--output-format", format_)

        assert told(result.out + result.err) == [], format_
        assert "worker" in result.out or format_ == "sarif"
    assert len(made) == 4


@pytest.mark.usefixtures("_leaky")
def test_traceback_of_the_program_shows_no_secret(
    iamlint: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def merge(*_: object) -> None:
        raise ValueError(f"so it goes: {SECRET} and {TOKEN[:50]} and {PASSWORD}")

    monkeypatch.setattr("iamlint.linter.pipeline.merge", merge)
    result = iamlint("check", ".")

    assert result.code == 3
    assert "ValueError: so it goes: … and … and …" in result.err
    assert told(result.err) == []


@pytest.mark.parametrize("format_", sorted(FORMATS))
def test_no_reason_of_an_ignore_shows_a_secret(
    iamlint: Program, tmp_path: Path, format_: str
) -> None:
    said = f"AWS_SECRET_ACCESS_KEY={SECRET}"
    policy = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": %s}]}'
    document = (policy % '"*", "Resource": "*"').replace(" [", " [\n")
    comment = f"// iamlint: ignore[wildcard-admin] {said}\n"
    (tmp_path / "one.json").write_text(document.replace("[\n", "[\n" + comment))
    for name in ("two", "three"):
        (tmp_path / f"{name}.json").write_text(document)
    (tmp_path / "iamlint.toml").write_text(
        f'[[ignore-finding]]\nrule = "wildcard-admin"\nfile = "two.json"\nreason = "{said}"\n'
    )
    iamlint("baseline", "create", "three.json")
    (baseline,) = tmp_path.glob("*baseline*")
    known = json.loads(baseline.read_text(encoding="utf-8"))
    baseline.write_text(json.dumps({**known, "reason": said}))

    options = ("--baseline", baseline.name, "--output-format", format_)
    result = iamlint("-v", "check", *options, "-o", "sarif:report.sarif", ".")
    shown = iamlint("config", "show")
    iamlint("check", "--part", "1/1", "-o", "part.jsonl", ".")
    written = [tmp_path / name for name in ("report.sarif", "part.jsonl")]

    report, part = (path.read_text(encoding="utf-8") for path in written)
    assert report.count("AWS_SECRET_ACCESS_KEY=…") + report.count("KEY=\\u2026") >= 3
    assert told(result.out + result.err + shown.out + report + part) == []


def test_diff_hides_a_password_on_a_line_below_its_name(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(
        """\
Resources:
  Person:
    Type: AWS::IAM::User
    Properties:
      Policies:
        - PolicyName: own
          PolicyDocument:
            Version: "2012-10-17"
            Statement: [{Sid: a b, Effect: Allow, Action: "s3:*", Resource: "*"}]
      LoginProfile:
        Password: >-
          first-words-7
"""
    )

    result = iamlint("check", "--diff", "--unsafe-fixes", "template.yaml")

    assert "+++ template.yaml" in result.out
    assert "first-words" not in result.out
