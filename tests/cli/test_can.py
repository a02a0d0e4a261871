"""`iamlint can` and `iamlint who-can`: answers, exit codes, and what each option changes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program


OBJECT = "arn:aws:s3:::artifacts/app.zip"
QUEUE = "arn:aws:sqs:eu-west-1:111122223333:q"
POLICY = """{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Read",
      "Effect": "Allow",
      "Action": "s3:GetObject",
      "Resource": "arn:aws:s3:::artifacts/*"
    },
    {
      "Sid": "Send",
      "Effect": "Allow",
      "Action": "sqs:SendMessage",
      "Resource": "*",
      "Condition": {
        "Bool": {"aws:MultiFactorAuthPresent": "true"},
        "DateLessThan": {"aws:CurrentTime": "2027-01-01T00:00:00Z"},
        "ForAnyValue:StringEquals": {"aws:TagKeys": "team"}
      }
    }
  ]
}
"""
TOML = """account = "111122223333"
[resources."arn:aws:s3:::artifacts"]
"""


@pytest.fixture
def roles(tmp_path: Path) -> None:
    """Two roles: one may read, one may nothing of interest."""
    (tmp_path / "iamlint.toml").write_text(TOML)
    for name, text in (("app", POLICY), ("idle", POLICY.replace("s3:GetObject", "s3:PutObject"))):
        (tmp_path / "roles" / name).mkdir(parents=True)
        (tmp_path / "roles" / name / "policy.json").write_text(text)


@pytest.mark.usefixtures("roles")
def test_answer_is_one_line_with_the_deciding_place(iamlint: Program) -> None:
    result = iamlint("can", "role/app", "s3:GetObject", "--on", OBJECT)

    assert (result.code, result.err) == (0, "")
    assert result.out == (
        f"role/app s3:GetObject on {OBJECT}: allowed, "
        "by Allow statement `Read` of the identity policy at roles/app/policy.json:5\n"
    )


@pytest.mark.usefixtures("roles")
@pytest.mark.parametrize(
    ("action", "expect", "code"),
    [
        ("s3:GetObject", "allowed", 0),
        ("s3:GetObject", "denied", 1),
        ("s3:PutObject", "denied", 0),
        ("s3:PutObject", "allowed", 1),
    ],
)
def test_answer_that_is_not_expected_exits_1(
    iamlint: Program, action: str, expect: str, code: int
) -> None:
    assert iamlint("can", "role/app", action, "--on", OBJECT, "--expect", expect).code == code


@pytest.mark.usefixtures("roles")
def test_open_answer_meets_no_expectation(iamlint: Program) -> None:
    asked = ("can", "role/app", "sqs:SendMessage", "--on", QUEUE)
    told = iamlint(*asked)
    expected = iamlint(*asked, "--expect", "denied")

    assert told.code == 2
    assert "depends, on `aws:CurrentTime`, `aws:MultiFactorAuthPresent`, `aws:TagKeys`" in told.out
    assert expected.code == 2
    assert expected.err.startswith("error: neither allowed nor denied")


@pytest.mark.usefixtures("roles")
@pytest.mark.parametrize(
    ("options", "ruling"),
    [
        (("--context", "aws:MultiFactorAuthPresent=true", "--context", "aws:TagKeys=team"), 0),
        (("--absent", "aws:MultiFactorAuthPresent", "--context", "aws:TagKeys=team"), 1),
        (("--context", "aws:MultiFactorAuthPresent=true", "--absent", "aws:TagKeys"), 1),
        (
            (
                *("--context", "aws:MultiFactorAuthPresent=true"),
                *("--context", "aws:TagKeys=cost", "--context", "aws:TagKeys=team"),
            ),
            0,
        ),
    ],
)
def test_options_say_what_the_request_carries_and_when(
    iamlint: Program, options: tuple[str, ...], ruling: int
) -> None:
    asked = ("can", "role/app", "sqs:SendMessage", "--on", QUEUE, "--at", "2026-12-01T00:00:00Z")

    assert iamlint(*asked, *options, "--expect", "allowed").code == ruling


@pytest.mark.usefixtures("roles")
@pytest.mark.parametrize(
    ("asked", "error", "help_"),
    [
        (("role/ap", "s3:GetObject"), "there is no `role/ap`", "did you mean `role/app`?"),
        (("role/app", "s3:GetObjcet"), "no action `s3:GetObjcet`", "did you mean `s3:GetObject`?"),
        (("role/app", "s3:GetObject", "--context", "aws:SourceIp"), "has no value", "--absent"),
        (
            ("role/app", "s3:*", "--context", "aws:SourceVpc=a", "--absent", "aws:SourceVpc"),
            "is in both `--context` and `--absent`",
            "",
        ),
    ],
)
def test_wrong_question_exits_2_with_help(
    iamlint: Program, asked: tuple[str, ...], error: str, help_: str
) -> None:
    result = iamlint("can", *asked)

    assert (result.code, result.out) == (2, "")
    assert error in result.err
    assert help_ in result.err


@pytest.mark.usefixtures("roles")
def test_trace_tells_what_each_policy_says(iamlint: Program) -> None:
    result = iamlint("can", "role/app", "s3:PutObject", "--on", OBJECT, "--trace")

    assert "identity: silent" in result.out
    assert "nearest: statement 0 `Read` (Allow) in roles/app/policy.json:5" in result.out
    assert "ask again" not in result.out


@pytest.mark.usefixtures("roles")
def test_json_tells_the_same(iamlint: Program) -> None:
    result = iamlint("can", "role/app", "s3:GetObject", "--on", OBJECT, "--output-format", "json")

    assert json.loads(result.out) == {
        "principal": "role/app",
        "principal_is_named": True,
        "actions": ["s3:GetObject"],
        "resources": [OBJECT],
        "ruling": "allowed",
        "reason": "by Allow statement `Read` of the identity policy at roles/app/policy.json:5",
        "decided_by": [
            {
                "policy": "identity",
                "place": "roles/app/policy.json:5",
                "statement": 0,
                "sid": "Read",
                "effect": "Allow",
            }
        ],
        "missing_context": [],
        "assumptions": [],
    }


def test_question_about_a_name_of_two_stacks_is_answered_for_each(
    iamlint: Program, tmp_path: Path
) -> None:
    template = (
        "Resources:\n  App:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: app\n"
        "      AssumeRolePolicyDocument: {Version: 2012-10-17, Statement: []}\n"
        "      ManagedPolicyArns: ['arn:aws:iam::aws:policy/%s']\n"
    )
    for stack, policy in (("dev", "AdministratorAccess"), ("prod", "ReadOnlyAccess")):
        (tmp_path / f"{stack}.yaml").write_text(template % policy)

    result = iamlint("can", "role/app", "s3:PutObject", "--on", OBJECT, "--expect", "allowed")

    assert result.code == 2
    rulings = [line.partition(", ")[0] for line in result.out.splitlines() if line[:1] != " "]
    assert rulings == [
        f"dev.yaml#role/app s3:PutObject on {OBJECT}: allowed",
        f"prod.yaml#role/app s3:PutObject on {OBJECT}: denied",
    ]
    assert (
        "`role/app` matches several principals: `dev.yaml#role/app` and `prod.yaml#role/app`"
        in result.err
    )


@pytest.mark.usefixtures("roles")
def test_who_can_lists_names_and_holds_expectations(iamlint: Program) -> None:
    listed = iamlint("who-can", "s3:GetObject", "--on", OBJECT)
    met = iamlint("who-can", "s3:GetObject", "--on", OBJECT, "--expect", "role/app")
    missed = iamlint("who-can", "s3:GetObject", "--on", OBJECT, "--expect", "role/idle")

    assert (listed.code, listed.out) == (0, "role/app\n")
    assert met.code == 0
    assert missed.code == 1
    assert missed.err.splitlines()[1].startswith("not expected: role/app s3:GetObject on")
    assert missed.err.splitlines()[2].startswith("expected: role/idle s3:GetObject on")


@pytest.mark.usefixtures("roles")
def test_who_can_says_beside_the_list_how_many_were_asked_and_what_was_assumed(
    iamlint: Program,
) -> None:
    listed = iamlint("who-can", "s3:GetObject", "--on", OBJECT)
    nobody = iamlint("who-can", "s3:DeleteBucket", "--on", "arn:aws:s3:::elsewhere")

    assert listed.err == "1 of 2 known principals can `s3:GetObject`\n"
    assert (nobody.code, nobody.out) == (0, "")
    assert nobody.err == (
        "none of 2 known principals can `s3:DeleteBucket`\n"
        "  taken for granted: `arn:aws:s3:::elsewhere` has no resource policy\n"
    )


def test_who_can_lists_who_surely_can_beside_those_for_whom_it_depends(
    iamlint: Program, tmp_path: Path
) -> None:
    mfa = '"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}'
    for name, more in (("app", ""), ("ops", f", {mfa}")):
        folder = tmp_path / "roles" / name
        folder.mkdir(parents=True)
        statement = f'{{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"{more}}}'
        (folder / "p.json").write_text(f'{{"Version": "2012-10-17", "Statement": {statement}}}')
    (tmp_path / "iamlint.toml").write_text('account = "111122223333"\n')

    result = iamlint("who-can", "s3:GetObject", "--on", OBJECT)

    assert (result.code, result.out) == (2, "role/app\n")
    assert result.err.startswith("1 of 2 known principals can `s3:GetObject` for certain\n")
    assert "error: could not decide for 1 principal:\n  role/ops s3:GetObject on" in result.err
    assert "help: pass a value for `aws:MultiFactorAuthPresent`" in result.err


@pytest.mark.usefixtures("roles")
def test_who_can_lists_outsiders_that_a_resource_lets_in(iamlint: Program, tmp_path: Path) -> None:
    bucket = (
        '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": '
        '"arn:aws:iam::444455556666:root", "Service": "logs.amazonaws.com"}, '
        '"Action": "s3:GetObject", "Resource": "arn:aws:s3:::artifacts/*"}}'
    )
    (tmp_path / "bucket.json").write_text(bucket)
    (tmp_path / "iamlint.toml").write_text(TOML + 'policy = "bucket.json"\n')

    assert iamlint("who-can", "s3:GetObject", "--on", OBJECT).out.split() == [
        "arn:aws:iam::444455556666:root",
        "logs.amazonaws.com",
        "role/app",
    ]


BROKEN = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow" "Action": "*", "Resource": "*"}]}'
)


@pytest.mark.parametrize(
    "question", [("can", "role/app", "s3:GetObject"), ("who-can", "iam:GetUser")]
)
@pytest.mark.usefixtures("roles")
def test_file_that_cannot_be_read_is_listed_and_refused_only_if_strict(
    iamlint: Program, tmp_path: Path, question: tuple[str, ...]
) -> None:
    (tmp_path / "roles" / "other").mkdir(parents=True)
    (tmp_path / "roles" / "other" / "p.json").write_text(BROKEN)

    asked = iamlint("can", "role/app", "s3:GetObject", "--on", OBJECT, "--expect", "allowed")
    strict = iamlint(*question, "--strict")

    assert asked.code == 0
    assert asked.err.startswith("warning: roles/other/p.json:1: ")
    assert strict.code == 2
    assert strict.err.startswith("error: roles/other/p.json:1: ")


@pytest.mark.usefixtures("roles")
def test_answer_that_depends_on_a_file_that_cannot_be_read_is_exit_2(
    iamlint: Program, tmp_path: Path
) -> None:
    (tmp_path / "roles" / "app" / "more.json").write_text(BROKEN)

    result = iamlint("can", "role/app", "s3:GetObject", "--on", OBJECT)

    assert result.code == 2
    assert ": depends, on the content of `roles/app/more.json:1`: " in result.out
    assert "help: fix the file, or `exclude` it" in result.out


@pytest.mark.usefixtures("roles")
def test_policy_file_is_asked_about_where_files_beside_it_disagree(
    iamlint: Program, tmp_path: Path
) -> None:
    text = (tmp_path / "roles" / "app" / "policy.json").read_text()
    (tmp_path / "reader.json").write_text(text)
    (tmp_path / "more" / "roles" / "app").mkdir(parents=True)
    (tmp_path / "more" / "roles" / "app" / "policy.json").write_text(text)
    question = ("can", "reader.json", "s3:GetObject", "--on", OBJECT)

    assert iamlint("can", "role/app", *question[2:]).code == 2
    answer = iamlint(*question, "--expect", "allowed")
    assert answer.code == 0
    assert answer.err.startswith(
        "warning: only `reader.json` is evaluated, without the files beside it: `role/app` "
    )
    assert iamlint(*question, "--strict").code == 2
