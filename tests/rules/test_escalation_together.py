"""Paths of several policies are those that an identity surely can go, and no others."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program

CONFIG = 'account = "111122223333"\nselect = ["passed-role-escalation"]\n'
ROLE = """
resource "aws_iam_role" "ci" {
  name               = "ci"
  assume_role_policy = ""
}
"""
PASSES = """
resource "aws_iam_role_policy" "pass" {
  name   = "pass"
  role   = aws_iam_role.ci.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow", Action = "iam:PassRole",
    Resource = "arn:aws:iam::111122223333:role/app-*" }] })
}
"""
STARTS = """
resource "aws_iam_role_policy" "start" {
  name   = "start"
  role   = aws_iam_role.ci.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow", Action = ["ec2:RunInstances", "s3:GetObject"], Resource = "*" }] })
}
"""
BOTH = ROLE + PASSES + STARTS
DENIES = STARTS.replace('"start"', '"deny"').replace("Allow", "Deny")
MANAGED = """
resource "aws_iam_policy" "more" {
  name   = "more"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Deny", Action = "iam:PassRole", Resource = "arn:aws:iam::*:role/app-admin" }] })
}
"""
ATTACHED = """
resource "aws_iam_role_policy_attachment" "more" {
  role       = aws_iam_role.ci.name
  policy_arn = aws_iam_policy.more.arn
}
"""
LIMITED = ROLE.replace('"ci"\n', '"ci"\n  permissions_boundary = aws_iam_policy.limit.arn\n')
LIMIT = MANAGED.replace('"more"', '"limit"').replace("Deny", "Allow")
PASS_ANY = LIMIT.replace('"iam:PassRole"', '["iam:PassRole", "ec2:*"]').replace(
    '"arn:aws:iam::*:role/app-admin"', '"*"'
)
IN_GROUP = """
resource "aws_iam_user" "ann" {
  name = "ann"
}
resource "aws_iam_group" "ci" {
  name = "ci"
}
resource "aws_iam_user_group_membership" "ann" {
  user   = aws_iam_user.ann.name
  groups = [aws_iam_group.ci.name]
}
""" + (PASSES + STARTS).replace("aws_iam_role_policy", "aws_iam_user_policy", 1).replace(
    "role   = aws_iam_role.ci.name", "user   = aws_iam_user.ann.name", 1
).replace("aws_iam_role_policy", "aws_iam_group_policy").replace(
    "role   = aws_iam_role.ci.name", "group  = aws_iam_group.ci.name"
)
OF_AWS = ATTACHED.replace(
    "aws_iam_policy.more.arn", '"arn:aws:iam::aws:policy/AmazonEC2FullAccess"'
)
FEW = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": %s, "Resource": "*"}]}'
SCP = CONFIG + '[organization-policies]\nscp = [["scp.json"]]\n'

UNREAD = """
Resources:
  More:
    Type: AWS::IAM::RolePolicy
    Properties:
      RoleName: ci
      PolicyName: more
      PolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Action: "s3:*", Resource: 3}]
"""

SURE = {
    "two policies of a role": {"main.tf": BOTH},
    "a policy of a user and one of a group": {"main.tf": IN_GROUP},
    "a policy of AWS": {"main.tf": ROLE + PASSES + OF_AWS},
    "a Deny that spares other roles": {"main.tf": BOTH + MANAGED + ATTACHED},
    "a boundary that allows both": {"main.tf": LIMITED + PASSES + STARTS + PASS_ANY},
    "an SCP that allows both": {"main.tf": BOTH, "iamlint.toml": SCP, "scp.json": FEW % '"*"'},
    "an account that no file names": {
        "main.tf": BOTH.replace("::111122223333:", "::*:"),
        "iamlint.toml": CONFIG.partition("\n")[2],
    },
    "the account that the policy names": {
        "main.tf": BOTH,
        "iamlint.toml": CONFIG.partition("\n")[2],
    },
}
UNSURE = {
    "one half": {"main.tf": ROLE + PASSES},
    "halves of two roles": {
        "main.tf": ROLE + ROLE.replace("ci", "cd") + PASSES + STARTS.replace(".ci.", ".cd.")
    },
    "both halves in one policy, which is reported alone": {
        "main.tf": BOTH.replace('"s3:GetObject"', '"iam:PassRole"')
    },
    "an administrator": {"main.tf": BOTH.replace('"s3:GetObject"', '"*"')},
    "one role by its full name": {"main.tf": BOTH.replace("app-*", "app")},
    "roles of another account": {"main.tf": BOTH.replace("111122223333", "444455556666")},
    "another service": {
        "main.tf": BOTH.replace(
            'app-*" }',
            'app-*", Condition = { StringEquals = { "iam:PassedToService" = "x.aws" } } }',
        )
    },
    "a Deny in another policy": {"main.tf": BOTH + DENIES},
    "a Deny of a managed policy": {
        "main.tf": BOTH + MANAGED.replace("app-admin", "app-*") + ATTACHED
    },
    "a Deny in an account that may be its own": {
        "main.tf": BOTH.replace("::111122223333:", "::*:")
        + MANAGED.replace("::*:role/app-admin", "::444455556666:role/*")
        + ATTACHED,
        "iamlint.toml": CONFIG.partition("\n")[2],
    },
    "a Deny of a policy that may be its own": {
        "main.tf": 'variable "who" {}\n' + BOTH + DENIES.replace("aws_iam_role.ci.name", "var.who")
    },
    "a boundary that allows one half": {
        "main.tf": LIMITED + PASSES + STARTS + PASS_ANY.replace("ec2:*", "s3:*")
    },
    "a boundary that allows to pass one role": {
        "main.tf": LIMITED
        + PASSES
        + STARTS
        + PASS_ANY.replace(
            "}] })",
            '}, { Effect = "Deny", Action = "iam:PassRole", '
            'NotResource = "arn:aws:iam::111122223333:role/app-one" }] })',
        )
    },
    "a boundary that allows to pass one role of several": {
        "main.tf": LIMITED
        + PASSES.replace('app-*"', 'app-*", "arn:aws:iam::111122223333:role/one"]').replace(
            '= "arn', '= ["arn'
        )
        + STARTS
        + PASS_ANY.replace(
            "}] })",
            '}, { Effect = "Deny", Action = "iam:PassRole", '
            'NotResource = "arn:aws:iam::111122223333:role/one" }] })',
        )
    },
    "a boundary that allows to pass roles of services": {
        "main.tf": LIMITED
        + PASSES.replace('app-*"', 'app-*", "arn:aws:iam::*:role/aws-service-role/*"]').replace(
            '= "arn', '= ["arn'
        )
        + STARTS
        + PASS_ANY.replace(
            "}] })",
            '}, { Effect = "Deny", Action = "iam:PassRole", '
            'NotResource = "arn:aws:iam::*:role/aws-service-role/*" }] })',
        )
    },
    "a boundary that is not known": {
        "main.tf": 'variable "limit" {}\n'
        + LIMITED.replace("aws_iam_policy.limit.arn", "var.limit")
        + PASSES
        + STARTS
    },
    "an SCP that allows one half": {
        "main.tf": BOTH,
        "iamlint.toml": SCP,
        "scp.json": FEW % '["iam:*", "s3:*"]',
    },
    "an SCP that is not read": {"main.tf": BOTH, "iamlint.toml": SCP, "scp.json": "{"},
    "a half that is held on a condition": {
        "main.tf": 'variable "on" {}\n'
        + BOTH.replace('"start"\n', '"start"\n  count = var.on ? 1 : 0\n')
    },
    "a half that is said on a condition": {
        "main.tf": 'variable "on" {}\n'
        + BOTH.replace('["ec2:RunInstances", "s3:GetObject"]', 'var.on ? "ec2:*" : "s3:*"')
    },
    "a condition that may not hold": {
        "main.tf": BOTH.replace(
            'app-*" }', 'app-*", Condition = { Bool = { "aws:MultiFactorAuthPresent" = "true" } } }'
        )
    },
    "a policy that is not known": {
        "main.tf": BOTH
        + ATTACHED.replace("aws_iam_policy.more.arn", "var.arn")
        + 'variable "arn" {}'
    },
    "a role that is only named": {
        "main.tf": (PASSES + STARTS).replace("aws_iam_role.ci.name", '"ci"')
    },
    "a policy that cannot be read": {"main.tf": BOTH, "more.yaml": UNREAD},
}


def reported(iamlint: Program, folder: Path, files: dict[str, str]) -> list[str]:
    for name, text in ({"iamlint.toml": CONFIG} | files).items():
        (folder / name).write_text(text)
    result = iamlint("check", "--output-format", "json", ".")
    messages = [finding["message"] for finding in json.loads(result.out)["findings"]]
    return [message for message in messages if " lets the principal " not in message]


@pytest.mark.parametrize("files", SURE.values(), ids=SURE)
def test_path_is_reported_where_it_surely_is_open(
    iamlint: Program, tmp_path: Path, files: dict[str, str]
) -> None:
    (message,) = reported(iamlint, tmp_path, files)

    assert " can act as the roles that `ec2.amazonaws.com` may assume: `iam:PassRole` " in message


@pytest.mark.parametrize("files", UNSURE.values(), ids=UNSURE)
def test_path_is_not_reported_where_it_is_not_known_to_be_open(
    iamlint: Program, tmp_path: Path, files: dict[str, str]
) -> None:
    assert reported(iamlint, tmp_path, files) == []


def test_message_names_those_who_hold_both(iamlint: Program, tmp_path: Path) -> None:
    passes = MANAGED.replace("Deny", "Allow").replace("app-admin", "app-*")
    starts = passes.replace("more", "start").replace("iam:PassRole", "ec2:RunInstances")
    starts = starts.replace("arn:aws:iam::*:role/app-*", "*")
    held = ATTACHED + ATTACHED.replace('"more"', '"start"').replace(".more.", ".start.")
    of_ci = ROLE + held
    roles = [of_ci.replace('"ci"', f'"{n}"').replace(".ci.", f".{n}.") for n in "abc"]
    roles = [text.replace('_attachment" "', f'_attachment" "r{n}') for n, text in enumerate(roles)]

    (message,) = reported(iamlint, tmp_path, {"main.tf": "".join([passes, starts, *roles])})

    assert message.startswith("role `a`, role `b` and 1 more can act as the roles that ")
