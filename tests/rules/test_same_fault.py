"""One fault, wherever a team keeps the policy: the same finding on the characters of the value."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program


WRONG = "s3:GetObjcet"
ARN = "arn:aws:s3:::shelf/*"
POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": WRONG, "Resource": ARN}],
}
AS_JSON = json.dumps(POLICY, indent=2)
YAML = f"""Version: "2012-10-17"
Statement:
  - Effect: Allow
    Action: {WRONG}
    Resource: {ARN}
"""


def indented(text: str, by: int) -> str:
    return "".join(" " * by + line for line in text.splitlines(keepends=True))


ROLE = {
    "Type": "AWS::IAM::ManagedPolicy",
    "Properties": {"PolicyDocument": POLICY},
}
PLAN = {
    "format_version": "1.2",
    "terraform_version": "1.9.0",
    "planned_values": {"root_module": {}},
    "resource_changes": [
        {
            "address": "aws_iam_policy.p",
            "mode": "managed",
            "type": "aws_iam_policy",
            "name": "p",
            "change": {
                "actions": ["create"],
                "before": None,
                "after": {"name": "p", "policy": json.dumps(POLICY)},
                "after_unknown": {},
            },
        }
    ],
}
DUMP = {
    "UserDetailList": [],
    "GroupDetailList": [],
    "RoleDetailList": [
        {
            "RoleName": "r",
            "Arn": "arn:aws:iam::111122223333:role/r",
            "Path": "/",
            "RolePolicyList": [{"PolicyName": "p", "PolicyDocument": POLICY}],
            "AttachedManagedPolicies": [],
        }
    ],
    "Policies": [],
}
CARRIERS = {
    "json": ("p.json", AS_JSON, f'"{WRONG}"'),
    "yaml": ("p.yaml", YAML, WRONG),
    "cloudformation yaml": (
        "template.yaml",
        "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n"
        "      PolicyDocument:\n" + indented(YAML, 8),
        WRONG,
    ),
    "cloudformation json": (
        "template.json",
        json.dumps({"Resources": {"P": ROLE}}, indent=2),
        f'"{WRONG}"',
    ),
    "sam": (
        "sam.yaml",
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n"
        "    Type: AWS::Serverless::Function\n    Properties:\n      Policies:\n        -\n"
        + indented(YAML, 10),
        WRONG,
    ),
    "hcl data source": (
        "main.tf",
        (
            'data "aws_iam_policy_document" "p" {\n  statement {\n'
            f'    actions   = ["{WRONG}"]\n    resources = ["{ARN}"]\n  }}\n}}\n'
        ),
        f'"{WRONG}"',
    ),
    "jsonencode": (
        "main.tf",
        (
            'resource "aws_iam_policy" "p" {\n  policy = jsonencode({\n    Version = "2012-10-17"\n'
            f'    Statement = [{{ Effect = "Allow", Action = "{WRONG}", Resource = "{ARN}" }}]\n'
            "  })\n}\n"
        ),
        f'"{WRONG}"',
    ),
    "heredoc": (
        "main.tf",
        'resource "aws_iam_policy" "p" {\n  policy = <<-EOT\n'
        + indented(AS_JSON, 4)
        + "\n  EOT\n}\n",
        f'"{WRONG}"',
    ),
    "plan": ("plan.json", json.dumps(PLAN, indent=2), f'\\"{WRONG}\\"'),
    "dump": ("account.json", json.dumps(DUMP, indent=2), f'"{WRONG}"'),
}


@pytest.mark.parametrize("carrier", CARRIERS)
def test_fault_is_reported_on_its_own_characters_with_the_same_message(
    iamlint: Program, tmp_path: Path, carrier: str
) -> None:
    name, text, value = CARRIERS[carrier]
    (tmp_path / name).write_text(text)

    result = iamlint("check", name, "--output-format", "json", "--select", "unknown-action")

    output = json.loads(result.out)
    assert output["not_analysed"] == []
    (finding,) = output["findings"]
    start, end = (finding["range"][side]["offset"] for side in ("start", "end"))
    assert (finding["rule"], text[start:end]) == ("unknown-action", value)
    assert finding["message"].startswith(f"`{WRONG}` matches no action that `s3` had on ")
