"""One role, and a policy above it, as folders of JSON, Terraform and CloudFormation write them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Statement = Mapping[str, object]
Texts = dict[str, object]

READ: Statement = {
    "Sid": "Read",
    "Effect": "Allow",
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::data/x",
}
WRITE: Statement = {
    "Sid": "Write",
    "Effect": "Allow",
    "Action": "s3:PutObject",
    "Resource": "arn:aws:s3:::data/x",
}
SEND: Statement = {
    "Sid": "Send",
    "Effect": "Allow",
    "Action": "sqs:SendMessage",
    "Resource": "*",
}
NO_WRITE: Statement = {"Sid": "No", "Effect": "Deny", "Action": "s3:PutObject", "Resource": "*"}
WITH_MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


def policy(*statements: Statement) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def trust(*principals: Mapping[str, str]) -> dict[str, object]:
    action = "sts:AssumeRole"
    return policy(*({"Effect": "Allow", "Principal": p, "Action": action} for p in principals))


@dataclass(frozen=True)
class Role:
    """A role with a policy; `block` is the name of its block where its file has blocks."""

    statements: tuple[Statement, ...] = (READ, WRITE)
    name: str = "app"
    block: str = "app"
    trusts: tuple[Mapping[str, str], ...] = ({"Service": "ec2.amazonaws.com"},)
    boundary: tuple[Statement, ...] = ()
    above: tuple[Statement, ...] = ()
    is_split: bool = False
    """Whether each statement is a policy of its own, in another file as far as there are some."""

    @property
    def policies(self) -> list[dict[str, object]]:
        if self.is_split:
            return [policy(one) for one in self.statements]
        return [policy(*self.statements)] if self.statements else []


Write = Callable[..., Texts]


def in_folders(*roles: Role) -> Texts:
    files: Texts = {}
    for role in roles:
        folder = f"roles/{role.name}"
        for number, one in enumerate(role.policies):
            files[f"{folder}/policy-{number}.json" if number else f"{folder}/policy.json"] = one
        files[f"{folder}/trust.json"] = trust(*role.trusts)
        if role.boundary:
            files[f"{folder}/boundary.json"] = policy(*role.boundary)
        if role.above:
            files["organization/work/scp.json"] = policy(*role.above)
    return files


def in_terraform(*roles: Role) -> Texts:
    """Return modules: a role whose policies are split is in one of its own."""
    files: Texts = {"main.tf": ""}
    for role in roles:
        text = _terraform(role)
        if role.is_split:
            files[f"{role.block}/main.tf"] = text
            text = f'module "{role.block}" {{\n  source = "./{role.block}"\n}}\n'
        files["main.tf"] = f"{files['main.tf']}{text}"
    return files


def _terraform(role: Role) -> str:
    block = role.block
    limit = f"permissions_boundary = aws_iam_policy.{block}_limit.arn" if role.boundary else ""
    text = f"""
resource "aws_iam_role" "{block}" {{
  name               = "{role.name}"
  assume_role_policy = {_hcl(trust(*role.trusts))}
  {limit}
}}
"""
    for number, one in enumerate(role.policies):
        text += f"""
resource "aws_iam_role_policy" "{block}_{number}" {{
  role   = aws_iam_role.{block}.name
  policy = {_hcl(one)}
}}
"""
    if role.boundary:
        text += f"""
resource "aws_iam_policy" "{block}_limit" {{
  name   = "limit"
  policy = {_hcl(policy(*role.boundary))}
}}
"""
    if role.above:
        text += f"""
resource "aws_organizations_policy" "above" {{
  name    = "above"
  content = {_hcl(policy(*role.above))}
}}
resource "aws_organizations_policy_attachment" "above" {{
  policy_id = aws_organizations_policy.above.id
  target_id = "111122223333"
}}
"""
    return text


def _hcl(value: object) -> str:
    return f"jsonencode({json.dumps(value)})"


def in_template(*roles: Role) -> Texts:
    resources: dict[str, object] = {}
    for role in roles:
        properties: dict[str, object] = {
            "RoleName": role.name,
            "AssumeRolePolicyDocument": trust(*role.trusts),
        }
        if role.is_split:
            for number, one in enumerate(role.policies):
                resources[f"{role.block}Policy{number}"] = {
                    "Type": "AWS::IAM::ManagedPolicy",
                    "Properties": {"PolicyDocument": one, "Roles": [{"Ref": role.block}]},
                }
        else:
            properties["Policies"] = [
                {"PolicyName": "own", "PolicyDocument": one} for one in role.policies
            ]
        if role.boundary:
            properties["PermissionsBoundary"] = {"Ref": f"{role.block}Limit"}
            resources[f"{role.block}Limit"] = {
                "Type": "AWS::IAM::ManagedPolicy",
                "Properties": {"PolicyDocument": policy(*role.boundary)},
            }
        resources[role.block] = {"Type": "AWS::IAM::Role", "Properties": properties}
        if role.above:
            resources["Above"] = {
                "Type": "AWS::Organizations::Policy",
                "Properties": {
                    "Name": "above",
                    "Type": "SERVICE_CONTROL_POLICY",
                    "TargetIds": ["111122223333"],
                    "Content": policy(*role.above),
                },
            }
    return {"stack.json": {"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}}


FORMATS: Mapping[str, Write] = {
    "folders": in_folders,
    "terraform": in_terraform,
    "template": in_template,
}
