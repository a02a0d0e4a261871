"""What else each principal holds takes findings away, where the files say so for all of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program

CONFIG = 'account = "111122223333"\n'
TRUST = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", '
    '"Principal": {"Service": "ec2.amazonaws.com"}}]}'
)
POLICY = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "%s", "Action": %s, "Resource": "%s"}]}'
)


def policy(actions: object, effect: str = "Allow", resource: str = "*") -> str:
    return POLICY % (effect, json.dumps(actions), resource)


ATTACH = policy(["s3:GetObject", "iam:AttachUserPolicy"])
READ = policy("s3:GetObject")
ALL = policy("*")
NO_IAM = policy("iam:*", "Deny")
PASS = policy("iam:PassRole")

USER = """
resource "aws_iam_user" "ci" {
  name                 = "ci"
  permissions_boundary = %s
}
resource "aws_iam_policy" "limit" {
  name   = "limit"
  policy = jsonencode(%s)
}
resource "aws_iam_user_policy" "own" {
  name   = "own"
  user   = aws_iam_user.ci.name
  policy = jsonencode(%s)
}
"""


def user(boundary: str, limit: str, own: str) -> str:
    return USER % (boundary, limit, own)


LIMITED = user("aws_iam_policy.limit.arn", READ, ATTACH)
MANAGED = """
resource "aws_iam_policy" "wide" {
  name   = "wide"
  policy = jsonencode(TEXT)
}
resource "aws_iam_user_policy_attachment" "wide" {
  user       = aws_iam_user.ci.name
  policy_arn = aws_iam_policy.wide.arn
}
""".replace("TEXT", ATTACH)
OTHER = """
resource "aws_iam_user" "cd" {
  name = "cd"
}
resource "aws_iam_user_policy_attachment" "cd" {
  user       = aws_iam_user.cd.name
  policy_arn = aws_iam_policy.wide.arn
}
"""
OUTPUT = """
output "wide" {
  value = aws_iam_policy.wide.arn
}
"""
TEMPLATE = """
Resources:
  Worker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: %s
      PermissionsBoundary: %s
      Policies:
        - PolicyName: own
          PolicyDocument: %s
  Limit:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: %s
"""
HOME = "arn:aws:iam::111122223333"


def dump(own: str, of_group: str) -> str:
    """Return the details of an account with a user, and the group that it is in."""
    user = {
        "UserName": "ci",
        "Arn": f"{HOME}:user/ci",
        "GroupList": ["staff"],
        "AttachedManagedPolicies": [],
        "UserPolicyList": [{"PolicyName": "own", "PolicyDocument": json.loads(own)}],
    }
    group = {
        "GroupName": "staff",
        "Arn": f"{HOME}:group/staff",
        "AttachedManagedPolicies": [],
        "GroupPolicyList": [{"PolicyName": "more", "PolicyDocument": json.loads(of_group)}],
    }
    lists = {"UserDetailList": [user], "GroupDetailList": [group], "RoleDetailList": []}
    return json.dumps({**lists, "Policies": [], "IsTruncated": False})


SCP = CONFIG + '[organization-policies]\nscp = [["scp.json"]]\n'
RULE = "self-escalation"

TAKEN_AWAY = {
    "a boundary of a module": {"main.tf": LIMITED},
    "a boundary of a folder": {"users/ci/own.json": ATTACH, "users/ci/boundary.json": READ},
    "a boundary of a template": {"t.yaml": TEMPLATE % (TRUST, "!Ref Limit", ATTACH, READ)},
    "a boundary of AWS": {
        "main.tf": user('"arn:aws:iam::aws:policy/ReadOnlyAccess"', READ, ATTACH)
    },
    "a Deny in another policy": {"users/ci/own.json": ATTACH, "users/ci/no.json": NO_IAM},
    "a Deny in the policy of a group": {"dump.json": dump(ATTACH, NO_IAM)},
    "an SCP": {"users/ci/own.json": ATTACH, "iamlint.toml": SCP, "scp.json": READ},
    "a boundary of the only user with a managed policy": {"main.tf": LIMITED + MANAGED},
}
LEFT = {
    "nothing": {"users/ci/own.json": ATTACH},
    "a boundary that allows it": {
        "main.tf": user("aws_iam_policy.limit.arn", policy("iam:*"), ATTACH)
    },
    "a boundary that allows all": {
        "main.tf": user('"arn:aws:iam::aws:policy/AdministratorAccess"', READ, ATTACH)
    },
    "a boundary that is not known": {
        "main.tf": 'variable "limit" {}\n' + user("var.limit", READ, ATTACH)
    },
    "a boundary of another user": {
        "users/ci/own.json": ATTACH,
        "users/cd/own.json": READ,
        "users/cd/boundary.json": READ,
    },
    "a Deny of other actions": {
        "users/ci/own.json": ATTACH,
        "users/ci/no.json": policy("s3:*", "Deny"),
    },
    "a Deny of one resource": {
        "users/ci/own.json": ATTACH,
        "users/ci/no.json": policy("iam:*", "Deny", "arn:aws:iam::111122223333:user/admin"),
    },
    "a boundary of one of two users with a managed policy": {
        "main.tf": user("aws_iam_policy.limit.arn", READ, READ) + MANAGED + OTHER
    },
    "a managed policy that the module returns": {
        "main.tf": user("aws_iam_policy.limit.arn", READ, READ) + MANAGED + OUTPUT
    },
    "a managed policy that may be attached to more": {
        "main.tf": 'variable "arn" {}\n'
        + user("aws_iam_policy.limit.arn", READ, READ)
        + MANAGED
        + OTHER.replace("aws_iam_policy.wide.arn", "var.arn")
    },
    "sources that disagree": {
        "users/ci/own.json": ATTACH,
        "users/ci/boundary.json": READ,
        "more/users/ci/boundary.json": policy("s3:*"),
    },
}


def reported(iamlint: Program, folder: Path, files: dict[str, str], *args: str) -> dict[str, str]:
    """Return the rules that report something, and how grave it is."""
    for name, text in ({"iamlint.toml": CONFIG} | files).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    result = iamlint("check", "--output-format", "json", *(args or (".",)))
    findings = json.loads(result.out)["findings"]
    return {one["rule"]: one["severity"] for one in findings if one["suppressed"] is None}


@pytest.mark.parametrize("files", TAKEN_AWAY.values(), ids=TAKEN_AWAY)
def test_path_that_no_holder_can_go_is_not_reported(
    iamlint: Program, tmp_path: Path, files: dict[str, str]
) -> None:
    assert RULE not in reported(iamlint, tmp_path, files)


@pytest.mark.parametrize("files", LEFT.values(), ids=LEFT)
def test_path_that_a_holder_may_go_is_reported(
    iamlint: Program, tmp_path: Path, files: dict[str, str]
) -> None:
    assert reported(iamlint, tmp_path, files)[RULE] == "warning"


@pytest.mark.parametrize(
    ("text", "rule", "severity"),
    [
        (ALL, "wildcard-admin", "note"),
        (policy(["iam:*", "s3:GetObject"]), "wildcard-service", None),
        (policy("iam:PassRole"), "pass-role-to-any-role", None),
        (policy("iam:CreateServiceLinkedRole"), "service-linked-role-for-any-service", None),
        (policy("s3:*"), "wildcard-service", "warning"),
        (policy(["ec2:RunInstances", "iam:PassRole"]), "passed-role-escalation", None),
    ],
)
def test_boundary_takes_away_what_it_does_not_allow(
    iamlint: Program, tmp_path: Path, text: str, rule: str, severity: str | None
) -> None:
    files = {"users/ci/own.json": text, "users/ci/boundary.json": policy(["s3:*", "ec2:*"])}

    assert reported(iamlint, tmp_path, files).get(rule) == severity


def test_several_processes_find_the_same(iamlint: Program, tmp_path: Path) -> None:
    files = {
        f"users/u{number}/{name}.json": text
        for number in range(30)
        for name, text in (("own", ATTACH), ("boundary" if number % 2 else "more", READ))
    }

    def found(jobs: str) -> list[str]:
        reported(iamlint, tmp_path, files)
        out = iamlint("check", ".", "--jobs", jobs, "--output-format", "concise").out
        return [line for line in out.splitlines() if RULE in line]

    assert len(found("1")) == 15
    assert found("2") == found("1")


MFA = '"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}}]'
LEAKY = policy("*", "Deny").replace("}]", f", {MFA}")
WHOLE = LEAKY.replace('"Bool"', '"BoolIfExists"')
OPTIONAL = policy("ec2:*").replace("}]", f", {MFA}").replace('"false"', '"true"')
OPTIONAL = OPTIONAL.replace('"Bool"', '"BoolIfExists"')


@pytest.mark.parametrize(("first", "rule"), [(LEAKY, "leaky-mfa-deny"), (OPTIONAL, "optional-mfa")])
def test_other_policy_of_the_same_user_completes_mfa(
    iamlint: Program, tmp_path: Path, first: str, rule: str
) -> None:
    own = {"users/ci/first.json": first}

    assert rule in reported(iamlint, tmp_path, own | {"users/ci/second.json": READ})
    assert rule in reported(iamlint, tmp_path, {"users/cd/second.json": WHOLE})
    assert rule not in reported(iamlint, tmp_path, {"users/ci/second.json": WHOLE})


NAME = policy("s3:GetObject", resource="arn:aws:s3:::depot/${aws:username}/*")
ROLE = f"""
resource "aws_iam_role" "ci" {{
  name               = "ci"
  assume_role_policy = jsonencode({TRUST})
}}
"""
HELD = MANAGED.replace(ATTACH, NAME.replace("$", "$$"))
BY_ROLE = HELD.replace("_user_", "_role_").replace("user  ", "role  ").replace("_user.", "_role.")


DECLARED = CONFIG + '[principals."role/ci"]\npolicies = ["own.json"]\n'


@pytest.mark.parametrize(
    ("files", "is_reported"),
    [
        ({"roles/ci/own.json": NAME}, True),
        ({"users/ci/own.json": NAME}, False),
        ({"groups/ci/own.json": NAME}, False),
        ({"own.json": NAME}, False),
        ({"own.json": NAME, "iamlint.toml": DECLARED}, False),
        ({"main.tf": ROLE + BY_ROLE}, True),
        ({"main.tf": ROLE + BY_ROLE + OUTPUT}, False),
        ({"main.tf": ROLE + BY_ROLE + OTHER}, False),
        ({"main.tf": ROLE + BY_ROLE.partition('resource "aws_iam_role_policy_att')[0]}, False),
        ({"t.yaml": TEMPLATE % (TRUST, "!Ref Limit", NAME, READ)}, True),
        ({"roles/ci/own.json": NAME.replace("2012", "2008")}, False),
    ],
)
def test_name_of_a_user_has_no_value_in_the_policy_of_a_role(
    iamlint: Program, tmp_path: Path, files: dict[str, str], *, is_reported: bool
) -> None:
    assert ("variable-without-value" in reported(iamlint, tmp_path, files)) is is_reported


def test_other_files_may_attach_a_managed_policy_of_a_file_that_is_named(
    iamlint: Program, tmp_path: Path
) -> None:
    files = {"main.tf": ROLE + BY_ROLE}

    assert "variable-without-value" in reported(iamlint, tmp_path, files)
    assert "variable-without-value" not in reported(iamlint, tmp_path, files, "main.tf")
