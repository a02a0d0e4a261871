"""The kind of managed policies that are permissions boundaries."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from iamlint.load import LoadOptions, load
from iamlint.policy.grammar import Kind

if TYPE_CHECKING:
    from pathlib import Path

SAYS = '{Version: "2012-10-17", Statement: [{Effect: Allow, Action: "s3:*", Resource: "*"}]}'
TRUST = (
    '{Version: "2012-10-17", Statement: [{Effect: Allow, Action: "sts:AssumeRole",'
    " Principal: {Service: ec2.amazonaws.com}}]}"
)


def stack(*, held: str = "[]", boundary: str = "!Ref Limits", roles: str = "[]") -> str:
    return f"""
Resources:
  Limits:
    Type: AWS::IAM::ManagedPolicy
    Properties: {{PolicyDocument: {SAYS}, Roles: {roles}}}
  Worker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {TRUST}
      PermissionsBoundary: {boundary}
      ManagedPolicyArns: {held}
"""


CONDITION = """
Parameters: {Stage: {Type: String}}
Conditions: {Open: !Equals [!Ref Stage, dev]}
"""
MODULE = """
resource "aws_iam_policy" "limits" {
  policy = jsonencode({
    Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }]
  })
}
"""
ROLE = """
resource "aws_iam_role" "worker" {
  name                 = "worker"
  permissions_boundary = aws_iam_policy.limits.arn
}
"""


def attached(role: str = "aws_iam_role.worker.name", count: str = "1") -> str:
    return f"""
variable "role" {{}}
variable "on" {{}}
resource "aws_iam_role_policy_attachment" "limits" {{
  count      = {count}
  role       = {role}
  policy_arn = aws_iam_policy.limits.arn
}}
"""


def dump(*held: str) -> str:
    arn = "arn:aws:iam::111122223333:policy/limits"
    said = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    version = {"Document": {"Version": "2012-10-17", "Statement": [said]}, "VersionId": "v1"}
    role = {
        "RoleName": "worker",
        "Arn": "arn:aws:iam::111122223333:role/worker",
        "PermissionsBoundary": {"PermissionsBoundaryArn": arn},
        "AttachedManagedPolicies": [{"PolicyArn": arn} for arn in held],
    }
    policy = {"PolicyName": "limits", "Arn": arn, "PolicyVersionList": [version]}
    return json.dumps({"RoleDetailList": [role], "Policies": [policy]})


HELD = "arn:aws:iam::111122223333:policy/limits"


def kinds(folder: Path, options: LoadOptions | None = None) -> list[Kind]:
    loaded = load([folder], options or LoadOptions(root=folder))
    return [d.kind for d in loaded.documents if d.attachment.policy_arn]


@pytest.mark.parametrize(
    "files",
    [
        {"stack.yaml": stack()},
        {"policies.tf": MODULE, "roles.tf": ROLE},
        {"dump.json": dump()},
    ],
    ids=["template", "module", "dump"],
)
def test_what_is_only_a_boundary_is_one(tmp_path: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)

    assert kinds(tmp_path) == [Kind.BOUNDARY]


@pytest.mark.parametrize(
    "files",
    [
        {"stack.yaml": stack(held="[!Ref Limits]")},
        {"stack.yaml": stack(roles="[!Ref Worker]")},
        {"stack.yaml": CONDITION + stack(held="[!If [Open, !Ref Limits, !Ref AWS::NoValue]]")},
        {"policies.tf": MODULE, "roles.tf": ROLE + attached()},
        {"policies.tf": MODULE, "roles.tf": ROLE + attached(count="var.on ? 1 : 0")},
        {"policies.tf": MODULE, "roles.tf": ROLE + attached("var.role")},
        {"dump.json": dump(HELD)},
    ],
    ids=[
        "template",
        "template, the other way",
        "template, on a condition",
        "module",
        "module, on a condition",
        "module, somebody unknown",
        "dump",
    ],
)
def test_what_somebody_holds_too_is_an_identity_policy(
    tmp_path: Path, files: dict[str, str]
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)

    assert kinds(tmp_path) == [Kind.IDENTITY]


def test_what_another_template_calls_by_the_same_name_is_another_policy(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(stack())
    (tmp_path / "b.yaml").write_text(stack(boundary="!Ref AWS::NoValue"))

    assert kinds(tmp_path) == [Kind.BOUNDARY, Kind.IDENTITY]


def test_what_another_module_calls_by_the_same_name_is_another_policy(tmp_path: Path) -> None:
    for name, text in {"a": MODULE + ROLE, "b": MODULE}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text(text)

    assert kinds(tmp_path) == [Kind.BOUNDARY, Kind.IDENTITY]


def test_what_the_user_says_of_a_file_counts(tmp_path: Path) -> None:
    (tmp_path / "stack.yaml").write_text(stack())
    options = LoadOptions(root=tmp_path, kinds={"*.yaml": Kind.IDENTITY})

    assert kinds(tmp_path, options) == [Kind.IDENTITY]
