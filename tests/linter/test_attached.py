"""A policy of AWS that gives all rights is reported where files attach it, in every format."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from iamlint.rules.escalation import attached_administrator_access

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from iamlint.rule import AccountContext, AttachedPolicy, Hit
    from tests.support.program import Program

RULE = "attached-administrator-access"
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
TERRAFORM = """
resource "aws_iam_role" "ci" {
  name               = "ci"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
resource "aws_iam_role_policy_attachment" "ci" {
  role       = aws_iam_role.ci.name
  policy_arn = %s
}
"""
USERS = """
resource "aws_iam_policy_attachment" "all" {
  name       = "all"
  users      = ["ann", "bob", "eve"]
  policy_arn = "arn:aws:iam::aws:policy/IAMFullAccess"
}
"""
SETS = """
resource "aws_ssoadmin_managed_policy_attachment" "all" {
  instance_arn       = "arn:aws:sso:::instance/ssoins-1"
  permission_set_arn = aws_ssoadmin_permission_set.all.arn
  managed_policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}
resource "aws_ssoadmin_permission_set" "all" {
  name         = "all"
  instance_arn = "arn:aws:sso:::instance/ssoins-1"
}
"""
TEMPLATE = """
Resources:
  Builder:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns:
        - arn:aws:iam::aws:policy/ReadOnlyAccess
        - %s
"""
SAM = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Run:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - AWSLambdaBasicExecutionRole
        - AdministratorAccess
"""
SERVERLESS = """
service: run
provider:
  name: aws
  iam:
    role:
      managedPolicies:
        - arn:aws:iam::aws:policy/AdministratorAccess
"""
EKSCTL = """
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: {name: c, region: eu-west-1}
iam:
  serviceAccounts:
    - metadata: {name: s, namespace: n}
      attachPolicyARNs: [arn:aws:iam::aws:policy/AdministratorAccess]
"""
CROSSPLANE = """
apiVersion: iam.aws.upbound.io/v1beta1
kind: RolePolicyAttachment
metadata: {name: w}
spec:
  forProvider:
    policyArn: arn:aws:iam::aws:policy/AdministratorAccess
    role: worker
"""
DUMP = """{"UserDetailList": [{
  "UserName": "ann", "Arn": "arn:aws:iam::111122223333:user/ann", "UserPolicyList": [],
  "AttachedManagedPolicies": [
    {"PolicyName": "AdministratorAccess",
     "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}]}
]}"""
BOUNDED = """
resource "aws_iam_user" "a" {
  name                 = "a"
  permissions_boundary = "arn:aws:iam::aws:policy/AdministratorAccess"
}
"""

REPORTED = {
    "a module": ({"main.tf": TERRAFORM % f'"{ADMIN}"'}, ["main.tf:8 role `ci`"]),
    "a partition of the provider": (
        {
            "main.tf": TERRAFORM
            % f'"{ADMIN.replace("aws:iam", "${data.aws_partition.p.partition}:iam", 1)}"'
        },
        ["main.tf:8 role `ci`"],
    ),
    "a data source": (
        {
            "main.tf": TERRAFORM % "data.aws_iam_policy.all.arn"
            + f'data "aws_iam_policy" "all" {{\n  arn = "{ADMIN}"\n}}\n'
        },
        ["main.tf:8 role `ci`"],
    ),
    "a variable of a module that is called": (
        {
            "m/main.tf": 'variable "arn" {}\n' + TERRAFORM % "var.arn",
            "main.tf": f'module "m" {{\n  source = "./m"\n  arn = "{ADMIN}"\n}}\n',
        },
        ["main.tf:3 role `ci`"],
    ),
    "several users": ({"main.tf": USERS}, ["main.tf:5 user `ann`, user `bob` and 1 more"]),
    "a permission set": ({"main.tf": SETS}, ["main.tf:5 role `AWSReservedSSO_all_${…}`"]),
    "a template": ({"t.yaml": TEMPLATE % ADMIN}, ["t.yaml:8 role `Builder`"]),
    "a partition of a template": (
        {"t.yaml": TEMPLATE % f"!Sub {ADMIN.replace('arn:aws', 'arn:${AWS::Partition}')}"},
        ["t.yaml:8 role `Builder`"],
    ),
    "another partition": (
        {"t.yaml": TEMPLATE % ADMIN.replace("arn:aws", "arn:aws-us-gov")},
        ["t.yaml:8 role `Builder`"],
    ),
    "a name in SAM": ({"t.yaml": SAM}, ["t.yaml:9 role `RunRole`"]),
    "a service of Serverless Framework": (
        {"serverless.yml": SERVERLESS},
        ["serverless.yml:8 role `provider`"],
    ),
    "an account of a cluster": ({"c.yaml": EKSCTL}, ["c.yaml:7 role `s`"]),
    "a manifest of Crossplane": ({"c.yaml": CROSSPLANE}, ["c.yaml:2 role `worker`"]),
    "a dump": ({"dump.json": DUMP}, ["dump.json:4 user `ann`"]),
}
SILENT = {
    "all of one service": {"main.tf": TERRAFORM % '"arn:aws:iam::aws:policy/AmazonS3FullAccess"'},
    "reading": {"t.yaml": TEMPLATE % "arn:aws:iam::aws:policy/SecurityAudit"},
    "a policy of the account": {
        "main.tf": TERRAFORM % '"arn:aws:iam::111122223333:policy/AdministratorAccess"'
    },
    "a policy that AWS does not have": {
        "main.tf": TERRAFORM % '"arn:aws:iam::aws:policy/AdministratorAcces"'
    },
    "an unknown policy": {"main.tf": 'variable "arn" {}\n' + TERRAFORM % "var.arn"},
    "a name that is known in part": {
        "main.tf": 'variable "n" {}\n' + TERRAFORM % '"arn:aws:iam::aws:policy/${var.n}Access"'
    },
    "a boundary": {"main.tf": BOUNDED},
    "a condition that no variable decides": {
        "main.tf": TERRAFORM.replace("role   ", "count = data.x.y.z ? 1 : 0\n  role   ")
        % f'"{ADMIN}"'
    },
}


_REST = re.compile(r"(?: has| have) `.*")


def reported(
    iamlint: Program, folder: Path, files: dict[str, str], *args: str
) -> list[tuple[str, str]]:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    result = iamlint("check", "--output-format", "json", *(args or (".",)))
    return [
        (
            f"{one['path']}:{one['range']['start']['line']} {_REST.sub('', one['message'])}",
            one["severity"],
        )
        for one in json.loads(result.out)["findings"]
        if one["rule"] in (RULE, "unused-ignore") and one["suppressed"] is None
    ]


@pytest.mark.parametrize(("files", "found"), REPORTED.values(), ids=REPORTED)
def test_attachment_is_reported(
    iamlint: Program, tmp_path: Path, files: dict[str, str], found: list[str]
) -> None:
    assert [where for where, _ in reported(iamlint, tmp_path, files)] == found


@pytest.mark.parametrize("files", SILENT.values(), ids=SILENT)
def test_other_attachments_are_not(iamlint: Program, tmp_path: Path, files: dict[str, str]) -> None:
    assert reported(iamlint, tmp_path, files) == []


@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("AdministratorAccess", "warning"),
        ("IAMFullAccess", "warning"),
        ("AdministratorAccess-Amplify", "warning"),
        ("PowerUserAccess", "note"),
        ("AWSMcpServiceActionsFullAccess", "note"),
        ("service-role/AWSCodeStarServiceRole", "note"),
    ],
)
def test_document_decides_how_grave_it_is(
    iamlint: Program, tmp_path: Path, name: str, severity: str
) -> None:
    files = {"main.tf": TERRAFORM % f'"arn:aws:iam::aws:policy/{name}"'}

    assert [grave for _, grave in reported(iamlint, tmp_path, files)] == [severity]


def test_condition_that_a_variable_decides_is_named(iamlint: Program, tmp_path: Path) -> None:
    some = f'var.all ? "{ADMIN}" : "arn:aws:iam::aws:policy/ReadOnlyAccess"'
    files = {"main.tf": 'variable "all" {\n  type = bool\n}\n' + TERRAFORM % some}
    assert reported(iamlint, tmp_path, files) == [("main.tf:11 role `ci`", "warning")]

    out = iamlint("check", ".", "--output-format", "concise").out

    assert "an administrator, when `var.all` is true" in out


def test_boundary_of_the_same_role_lowers_it_to_a_note(iamlint: Program, tmp_path: Path) -> None:
    bounded = TERRAFORM.replace(
        "assume_role_policy", 'permissions_boundary = "arn:aws:iam::aws:policy/ReadOnlyAccess"\n  x'
    )

    assert reported(iamlint, tmp_path, {"main.tf": bounded % f'"{ADMIN}"'}) == [
        ("main.tf:9 role `ci`", "note")
    ]


def test_finding_is_ignored_by_a_comment_in_a_file_without_a_policy(
    iamlint: Program, tmp_path: Path
) -> None:
    ignored = USERS.replace("policy_arn", f"# iamlint: ignore[{RULE}] break glass\n  policy_arn")

    assert reported(iamlint, tmp_path, {"main.tf": ignored}) == []

    harmless = ignored.replace("IAMFullAccess", "ReadOnlyAccess")

    assert reported(iamlint, tmp_path, {"main.tf": harmless}) == [
        (
            f"main.tf:5 no finding of `{RULE}` matches this ignore, so it has no effect",
            "warning",
        )
    ]


def test_attachment_in_a_file_that_is_not_named_is_not_reported(
    iamlint: Program, tmp_path: Path
) -> None:
    files = {"main.tf": USERS, "other.tf": TERRAFORM % f'"{ADMIN}"'}

    assert [where for where, _ in reported(iamlint, tmp_path, files, "other.tf")] == [
        "other.tf:8 role `ci`"
    ]


def test_broken_rule_is_named_with_exit_code_3(
    iamlint: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_: AttachedPolicy, __: AccountContext) -> Iterator[Hit]:
        raise ZeroDivisionError("no")

    rule = replace(attached_administrator_access.RULE, check_attachment=breaks)
    monkeypatch.setattr("iamlint.rules.BUILTIN", (rule,))
    (tmp_path / "main.tf").write_text(USERS)

    result = iamlint("check", ".")

    assert (result.code, f"rule `{RULE}` broke" in result.err) == (3, True)
