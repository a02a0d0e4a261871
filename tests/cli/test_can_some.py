"""`iamlint can --some`: can a principal do any of this, in any way?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program

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
      "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    },
    {
      "Effect": "Deny",
      "Action": "s3:*",
      "Resource": "arn:aws:s3:::artifacts/secret/*"
    }
  ]
}
"""
OPEN = """
resource "aws_iam_role" "worker" {
  name               = "worker"
  assume_role_policy = "{\\"Version\\": \\"2012-10-17\\", \\"Statement\\": []}"
}
variable "bucket" {}
resource "aws_iam_role_policy" "p" {
  role   = aws_iam_role.worker.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = var.bucket }]
  })
}
"""


@pytest.fixture
def role(tmp_path: Path) -> None:
    """A role that may read some objects, and send messages with MFA."""
    (tmp_path / "iamlint.toml").write_text('account = "111122223333"\n')
    (tmp_path / "roles" / "app").mkdir(parents=True)
    (tmp_path / "roles" / "app" / "policy.json").write_text(POLICY)


@pytest.mark.usefixtures("role")
def test_answer_shows_one_request_that_is_allowed(iamlint: Program) -> None:
    result = iamlint("can", "role/app", "s3:*", "--some")

    assert (result.code, result.err) == (0, "")
    assert result.out == (
        "role/app s3:*, in some way: allowed, by Allow statement `Read` of the identity policy at "
        "roles/app/policy.json:5\n"
        "  for example: iamlint can role/app s3:GetObject --on arn:aws:s3:::artifacts/x\n"
    )


@pytest.mark.usefixtures("role")
def test_request_that_is_shown_is_allowed_by_can(iamlint: Program) -> None:
    shown = iamlint("can", "role/app", "sqs:*", "--some").out.splitlines()[1]
    words = shown.partition("iamlint ")[2].split()

    assert "aws:MultiFactorAuthPresent=true" in words
    assert iamlint(*words, "--expect", "allowed").code == 0


@pytest.mark.usefixtures("role")
@pytest.mark.parametrize(
    ("words", "expect", "code"),
    [
        pytest.param(["s3:*"], "allowed", 0, id="one action of a pattern"),
        pytest.param(["s3:*"], "denied", 1, id="one action, not expected"),
        pytest.param(["s3:Put*"], "denied", 0, id="no action"),
        pytest.param(["s3:Put*"], "allowed", 1, id="no action, not expected"),
        pytest.param(["s3:*", "--on", "arn:aws:s3:::artifacts/secret/*"], "denied", 0, id="a Deny"),
        pytest.param(["s3:*", "--on", "arn:aws:s3:::artifacts/s*"], "allowed", 0, id="beside it"),
        pytest.param(["s3:*", "--on", "arn:aws:s3:::other/*"], "denied", 0, id="other objects"),
        pytest.param(["sqs:*"], "allowed", 0, id="in some context"),
        pytest.param(
            ["sqs:*", "--absent", "aws:MultiFactorAuthPresent"], "denied", 0, id="in this context"
        ),
        pytest.param(
            ["sqs:*", "--context", "aws:MultiFactorAuthPresent=false"], "denied", 0, id="a value"
        ),
    ],
)
def test_question_is_about_every_way(
    iamlint: Program, words: list[str], expect: str, code: int
) -> None:
    assert iamlint("can", "role/app", *words, "--some", "--expect", expect).code == code


@pytest.mark.usefixtures("role")
def test_json_has_the_request(iamlint: Program) -> None:
    result = iamlint("can", "role/app", "sqs:*", "--some", "--output-format", "json")

    assert json.loads(result.out) == {
        "principal": "role/app",
        "actions": ["sqs:*"],
        "resources": [],
        "ruling": "allowed",
        "reason": "by Allow statement `Send` of the identity policy at roles/app/policy.json:11",
        "witness": {
            "principal": "arn:aws:iam::111122223333:role/app",
            "action": "sqs:SendMessage",
            "resource": "arn:aws:sqs:us-east-1:111122223333:x",
            "resource_account": "111122223333",
            "context": {"aws:MultiFactorAuthPresent": "true"},
        },
        "decided_by": [
            {
                "policy": "identity",
                "place": "roles/app/policy.json:11",
                "statement": 1,
                "sid": "Send",
                "effect": "Allow",
            }
        ],
        "unknown": [],
    }


def test_value_that_is_not_known_leaves_it_unknown(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(OPEN)
    ask = ("can", "role/worker", "s3:*", "--some", "--on", "arn:aws:s3:::prod/*")

    assert iamlint(*ask).out == (
        "role/worker s3:* on arn:aws:s3:::prod/*, in some way: unknown, because `${var.bucket}` "
        "may name the resource, for `s3:GetObject`\n"
    )
    result = iamlint(*ask, "--expect", "denied")
    assert (result.code, result.err) == (
        2,
        (
            "error: neither allowed nor denied: because `${var.bucket}` may name the resource, "
            "for `s3:GetObject`\n"
            "help: give a value for `var.bucket`\n"
        ),
    )
    assert iamlint(*ask, "--var", "bucket=arn:aws:s3:::x/*", "--expect", "denied").code == 0


@pytest.mark.usefixtures("role")
@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["s3:GetObjcet"], "there is no action `s3:GetObjcet`"),
        (["s3:GetObject", "--on", "arn:aws:s3:::b"], "acts on objects, not on `arn:aws:s3:::b`"),
        (["s3:*", "--on", "arn:aws:sqs:::q"], "matches no action that acts on `arn:aws:sqs:::q`"),
        (["s3:*", "--trace"], "`--trace` explains one request, but `--some` is about all"),
    ],
)
def test_question_that_proves_nothing_is_an_error(
    iamlint: Program, words: list[str], error: str
) -> None:
    result = iamlint("can", "role/app", "--some", *words)

    assert result.code == 2
    assert error in result.err


LIMITED = """
Resources:
  App:
    Type: AWS::IAM::Role
    Properties:
      RoleName: app
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}
      PermissionsBoundary: arn:aws:iam::111122223333:policy/limit
      Policies:
        - PolicyName: p
          PolicyDocument:
            Version: "2012-10-17"
            Statement: [{Effect: Allow, Action: ["s3:*", "sqs:*"], Resource: "*"}]
  Limit:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      ManagedPolicyName: limit
      PolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Action: ["s3:Get*", "sqs:*"], Resource: "*"}]
"""
SCP = """{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": "*", "Resource": "*"},
    {"Effect": "Deny", "Action": "sqs:Send*", "Resource": "*",
     "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}}
  ]
}
"""


@pytest.fixture
def limited(tmp_path: Path) -> None:
    """A role with a boundary in an account with an SCP."""
    config = 'account = "111122223333"\n[organization-policies]\nscp = [["scp.json"]]\n'
    for name, text in (("main.yaml", LIMITED), ("scp.json", SCP), ("iamlint.toml", config)):
        (tmp_path / name).write_text(text)


@pytest.mark.usefixtures("limited")
@pytest.mark.parametrize(
    ("words", "expect"),
    [
        pytest.param(["s3:Get*"], "allowed", id="inside of the boundary"),
        pytest.param(["s3:Put*"], "denied", id="outside of the boundary"),
        pytest.param(["sqs:Send*"], "allowed", id="a context that the SCP does not deny"),
        pytest.param(
            ["sqs:Send*", "--context", "aws:RequestedRegion=us-east-1"], "denied", id="the SCP"
        ),
    ],
)
def test_limits_count(iamlint: Program, words: list[str], expect: str) -> None:
    result = iamlint("can", "role/app", *words, "--some", "--expect", expect)

    assert (result.code, result.err) == (0, "")


@pytest.mark.parametrize(
    ("question", "ruling"),
    [
        (("kms:Decrypt",), "unknown"),
        (("sts:AssumeRole",), "unknown"),
        (("sts:AssumeRole", "--on", "arn:aws:iam::111122223333:role/other"), "unknown"),
        (("s3:PutObject",), "denied"),
        (("iam:CreateUser",), "denied"),
    ],
)
@pytest.mark.usefixtures("role")
def test_keys_and_roles_that_no_file_describes_may_name_the_principal(
    question: tuple[str, ...], ruling: str, iamlint: Program
) -> None:
    """As `can` answers without `--some`: their policies decide, and may let in anyone."""
    whole = iamlint("can", "role/app", *question, "--output-format", "json")
    some = iamlint("can", "role/app", *question, "--some", "--output-format", "json")

    assert json.loads(some.out)["ruling"] == ruling
    assert (json.loads(whole.out)["ruling"] == "depends") is (ruling == "unknown")
