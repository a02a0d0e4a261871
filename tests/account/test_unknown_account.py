"""An account without a name: its unknown id decides only where it can."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.account.holding_texts import BUCKET, HOME, OBJECT, allow, deny, policy, trust

if TYPE_CHECKING:
    from tests.account.conftest import Open

READ = policy(allow("s3:GetObject", f"{BUCKET}/*"))
NAMELESS = """
Resources:
  App:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}
      Policies:
        - PolicyName: read
          PolicyDocument:
            Version: "2012-10-17"
            Statement: {Effect: Allow, Action: "s3:GetObject", Resource: "*"}
"""
WHO: dict[str, dict[str, object]] = {
    "role/app": {"roles/app/read.json": READ},
    "user/app": {"users/app/read.json": READ},
    "group/staff": {"groups/staff/read.json": READ},
    "read.json": {"read.json": READ},
    "role/App": {"stack.yaml": NAMELESS},
}
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
SCPS = {
    "the root user": ("aws:PrincipalArn", "arn:aws:iam::*:root", "allowed"),
    "a role of one account": ("aws:PrincipalArn", f"arn:aws:iam::{HOME}:*/*", "depends"),
    "all users and roles": ("aws:PrincipalArn", "arn:aws:iam::*:*/*", "denied"),
    "another name": ("aws:PrincipalArn", "arn:aws:iam::*:*/other-x", "allowed"),
    "one account": ("aws:PrincipalAccount", HOME, "depends"),
    "any account": ("aws:PrincipalAccount", "?" * 12, "denied"),
    "what is not an account": ("aws:PrincipalAccount", "12", "allowed"),
}


@pytest.mark.parametrize("denied", SCPS)
@pytest.mark.parametrize("who", WHO)
def test_scp_decides_unless_the_account_could_change_it(
    repository: Open, who: str, denied: str
) -> None:
    key, pattern, ruling = SCPS[denied]
    if denied == "another name" and who in ("group/staff", "read.json", "role/App"):
        ruling = "depends"  # whoever it is may be called so
    test = {"StringLike": {key: pattern}}
    scp = policy(deny("*", Sid="Guard", Condition=test))

    opened = repository({**WHO[who], "organization/scp/guard.json": scp}, "# none\n")
    answer = opened.account.ask(opened.subject(who), ["s3:GetObject"], OBJECT)

    assert answer.ruling == ruling


def test_short_name_finds_the_only_role_though_its_provider_names_no_account(
    repository: Open,
) -> None:
    trusts = json.dumps(trust({"Service": "ec2.amazonaws.com"}))
    module = (
        'variable "a" {}\nvariable "b" {}\n'
        'provider "aws" {\n  alias = "a"\n  assume_role {\n    role_arn = var.a\n  }\n}\n'
        'provider "aws" {\n  alias = "b"\n  assume_role {\n    role_arn = var.b\n  }\n}\n'
        'resource "aws_iam_role" "a" {\n  provider = aws.a\n  name = "app"\n'
        f"  assume_role_policy = jsonencode({trusts})\n}}\n"
        'resource "aws_iam_role_policy" "a" {\n  provider = aws.a\n'
        f"  role = aws_iam_role.a.name\n  policy = jsonencode({json.dumps(READ)})\n}}\n"
        'resource "aws_iam_role_policy" "b" {\n  provider = aws.b\n  role = "app"\n'
        f"  policy = jsonencode({json.dumps(policy(deny('s3:GetObject')))})\n}}\n"
    )
    opened = repository({"main.tf": module})

    assert opened.account.ask(opened.subject("role/app"), ["s3:GetObject"], OBJECT).ruling in (
        "allowed",
        "depends",
    )


def test_answer_that_rests_on_the_account_says_so(repository: Open) -> None:
    test = {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{HOME}:role/*"}}
    scp = policy(deny("*", Sid="Guard", Condition=test))

    opened = repository({**WHO["role/app"], "organization/scp/guard.json": scp}, "# none\n")
    answer = opened.account.ask(opened.subject("role/app"), ["s3:GetObject"], OBJECT)

    assert answer.reason.startswith(
        "on the account of `role/app`: on `aws:PrincipalArn`, for `Guard` at organization"
    )
    assert answer.help == "set the account: `account` in iamlint.toml, or `--context`"
