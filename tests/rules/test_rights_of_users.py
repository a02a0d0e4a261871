"""Policies of single users, and principals with all rights: in dumps, templates and modules."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program

RULES: Final = (
    "policy-on-user",
    "administrator-on-user",
    "unlisted-administrator",
    "attached-administrator-access",
    "wildcard-admin",
)
ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
READS = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/*"}],
}
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
OWN = "arn:aws:iam::111122223333:policy/own"


def _entry(kind: str, name: str, **members: object) -> dict[str, object]:
    arn = f"arn:aws:iam::111122223333:{kind.lower()}/{name}"
    return {f"{kind}Name": name, "Arn": arn, "CreateDate": "2026-01-01T00:00:00Z", **members}


def _attached(*arns: str) -> list[dict[str, str]]:
    return [{"PolicyName": arn.rpartition("/")[2], "PolicyArn": arn} for arn in arns]


def dump(kind: str) -> dict[str, object]:
    """Return a dump in which a user has policies, or a group that it is in."""
    held = {
        f"{kind}PolicyList": [{"PolicyName": "all", "PolicyDocument": ALL}],
        "AttachedManagedPolicies": _attached(ADMIN, OWN),
    }
    of_user = held if kind == "User" else {}
    of_group = held if kind == "Group" else {}
    return {
        "UserDetailList": [_entry("User", "ann", GroupList=["all"], **of_user)],
        "GroupDetailList": [_entry("Group", "all", **of_group)],
        "RoleDetailList": [],
        "Policies": [
            {
                "PolicyName": "own",
                "Arn": OWN,
                "AttachmentCount": 1,
                "PolicyVersionList": [
                    {"VersionId": "v1", "IsDefaultVersion": True, "Document": READS}
                ],
            }
        ],
    }


TEMPLATE = """
Resources:
  One:
    Type: AWS::IAM::%(kind)s
    Properties:
      %(kind)sName: one
      ManagedPolicyArns:
        - arn:aws:iam::aws:policy/AdministratorAccess
        - !Ref Own
      Policies:
        - PolicyName: all
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: "*"
                Resource: "*"
  Own:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::a/*"}
"""
MODULE = """
resource "aws_iam_%(kind)s" "one" {
  name = "one"
}
resource "aws_iam_%(kind)s_policy" "all" {
  %(kind)s   = aws_iam_%(kind)s.one.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }]
  })
}
resource "aws_iam_%(kind)s_policy_attachment" "aws" {
  %(kind)s       = aws_iam_%(kind)s.one.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}
resource "aws_iam_%(kind)s_policy_attachment" "own" {
  %(kind)s       = aws_iam_%(kind)s.one.name
  policy_arn = aws_iam_policy.own.arn
}
resource "aws_iam_policy" "own" {
  name   = "own"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::a/*" }]
  })
}
"""


def texts(kind: str) -> dict[str, str]:
    return {
        "dump.json": json.dumps(dump(kind), indent=1),
        "template.yaml": TEMPLATE % {"kind": kind},
        "main.tf": MODULE % {"kind": kind.lower()},
    }


def found(iamlint: Program, name: str, text: str, *args: str) -> list[dict[str, object]]:
    with open(name, "w", encoding="utf-8") as file:  # noqa: PTH123 - in the test's folder
        file.write(text)
    options = ("--select", ",".join(RULES), "--output-format", "json")
    every: list[dict[str, object]] = json.loads(iamlint("check", name, *options, *args).out)[
        "findings"
    ]
    return every


def of_rule(findings: list[dict[str, object]], rule: str) -> list[str]:
    return sorted(str(one["message"]) for one in findings if one["rule"] == rule)


@pytest.mark.parametrize("name", ["dump.json", "template.yaml", "main.tf"])
def test_each_policy_of_a_user_is_reported_once(iamlint: Program, name: str) -> None:
    messages = of_rule(found(iamlint, name, texts("User")[name]), "policy-on-user")

    assert len(messages) == 3
    assert all("directly, not by a group" in one for one in messages)
    assert sum("AdministratorAccess" in one for one in messages) == 1


@pytest.mark.parametrize("name", ["dump.json", "template.yaml", "main.tf"])
def test_policies_of_a_group_are_not_those_of_its_users(iamlint: Program, name: str) -> None:
    findings = found(iamlint, name, texts("Group")[name])

    assert of_rule(findings, "policy-on-user") == []
    assert of_rule(findings, "administrator-on-user") == []
    assert len(of_rule(findings, "unlisted-administrator")) == 2


@pytest.mark.parametrize("name", ["dump.json", "template.yaml", "main.tf"])
def test_an_administrator_is_one_finding_for_each_place(iamlint: Program, name: str) -> None:
    """ScoutSuite#1416 reports AWS's `AdministratorAccess` itself; what counts is who has it."""
    findings = found(iamlint, name, texts("User")[name])

    shown = [one for one in findings if not one["suppressed"]]
    implied = {one["rule"]: one["implied"] for one in shown if one["implied"]}
    others = ["administrator-on-user", "unlisted-administrator"]
    assert implied == {
        "attached-administrator-access": sorted([*others, "policy-on-user"]),
        "wildcard-admin": others,
    }
    assert len(of_rule(findings, "administrator-on-user")) == 2
    assert not {one["rule"] for one in shown} & set(others)


def test_administrators_on_the_list_are_not_reported(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "iamlint.toml").write_text(
        '[rules.unlisted-administrator]\nallowed = ["user/o*"]\n'
    )
    findings = found(iamlint, "main.tf", texts("User")["main.tf"])

    assert of_rule(findings, "unlisted-administrator") == []
    assert len(of_rule(findings, "administrator-on-user")) == 2


def test_a_name_that_may_be_on_the_list_is_not_reported(iamlint: Program, tmp_path: Path) -> None:
    text = """
    variable "name" { type = string }
    resource "aws_iam_role_policy_attachment" "all" {
      role       = var.name
      policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
    }
    """
    assert len(of_rule(found(iamlint, "main.tf", text), "unlisted-administrator")) == 1
    (tmp_path / "iamlint.toml").write_text(
        '[rules.unlisted-administrator]\nallowed = ["role/break-glass"]\n'
    )
    assert of_rule(found(iamlint, "main.tf", text), "unlisted-administrator") == []


def test_an_attachment_of_some_values_names_them_and_is_one_finding(iamlint: Program) -> None:
    text = """
    variable "on" { type = bool }
    resource "aws_iam_user_policy_attachment" "all" {
      count      = var.on ? 1 : 0
      user       = "ann"
      policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
    }
    """
    (shown,) = [one for one in found(iamlint, "main.tf", text) if not one["suppressed"]]
    assert shown["rule"] == "attached-administrator-access"
    assert "var.on" in str(shown["message"])
    assert shown["implied"] == [
        "administrator-on-user",
        "policy-on-user",
        "unlisted-administrator",
    ]


def test_a_user_without_policies_of_its_own_needs_a_group_with_some(iamlint: Program) -> None:
    details = dump("Group")
    details["UserDetailList"] = [
        _entry("User", "ann", GroupList=["all"]),
        _entry("User", "bob", GroupList=["none"]),
        _entry("User", "eve", GroupList=[]),
    ]
    details["GroupDetailList"] = [*details["GroupDetailList"], _entry("Group", "none")]  # type: ignore[misc]
    without = {name: value for name, value in details.items() if name != "GroupDetailList"}

    messages = of_rule(found(iamlint, "dump.json", json.dumps(details)), "policy-on-user")
    assert [one.partition(" has")[0] for one in messages] == ["user `bob`", "user `eve`"]
    assert of_rule(found(iamlint, "dump.json", json.dumps(without)), "policy-on-user") == []
