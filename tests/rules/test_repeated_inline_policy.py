"""The same inline policy at several principals: in dumps, templates and modules."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support.loading import write_files

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program


def inline(bucket: str = "a", *, is_turned: bool = False) -> dict[str, object]:
    resource = f"arn:aws:s3:::{bucket}/*"
    if is_turned:
        statement = {"Resource": [resource], "Action": "s3:GetObject", "Effect": "Allow"}
        return {"Statement": statement, "Version": "2012-10-17"}
    statement = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": resource}
    return {"Version": "2012-10-17", "Statement": [statement]}


def role(name: str, document: object, path: str = "/") -> dict[str, object]:
    return {
        "Path": path,
        "RoleName": name,
        "Arn": f"arn:aws:iam::111122223333:role{path}{name}",
        "CreateDate": "2026-01-01T00:00:00Z",
        "RolePolicyList": [{"PolicyName": "reads", "PolicyDocument": document}],
    }


def dump(*roles: object) -> str:
    lists: dict[str, list[object]] = {
        name: [] for name in ("UserDetailList", "GroupDetailList", "Policies")
    }
    return json.dumps({**lists, "RoleDetailList": roles}, indent=1)


def template(one: object, two: object, *, metadata: bool = False) -> str:
    """Return a template in JSON with two roles."""
    more = {"Metadata": {"aws:cdk:path": "Stack/Role/Resource"}} if metadata else {}
    return json.dumps(
        {
            "Resources": {
                name: {
                    "Type": "AWS::IAM::Role",
                    "Properties": {"Policies": [{"PolicyName": "p", "PolicyDocument": document}]},
                    **more,
                }
                for name, document in (("One", one), ("Two", two))
            }
        },
        indent=1,
    )


def module(second: str = "a") -> str:
    block = """
resource "aws_iam_role_policy" "%s" {
  role   = "%s"
  policy = jsonencode(%s)
}
"""
    return block % ("one", "one", json.dumps(inline())) + block % (
        "two",
        "two",
        json.dumps(inline(second, is_turned=True)),
    )


def found(iamlint: Program, folder: Path, files: dict[str, str]) -> list[tuple[str, str]]:
    """Return the message of each finding, and where the other policy is."""
    write_files(folder, files)
    options = ("--select", "repeated-inline-policy", "--output-format", "json")
    findings = json.loads(iamlint("check", *options, *files).out)["findings"]
    return [(one["message"], one["related"][0]["message"]) for one in findings]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("dump.json", dump(role("one", inline()), role("two", inline(is_turned=True)))),
        ("template.json", template(inline(), inline(is_turned=True))),
        ("main.tf", module()),
    ],
)
def test_second_holder_is_reported_and_the_first_is_named(
    iamlint: Program, tmp_path: Path, name: str, text: str
) -> None:
    ((message, related),) = found(iamlint, tmp_path, {name: text})

    one, two = ("One", "Two") if name == "template.json" else ("one", "two")
    assert message.startswith(
        f"role `{two}` has the same inline policy that role `{one}` has in `{name}:"
    )
    assert related == f"role `{one}` has it first"


def test_each_holder_after_the_first_is_reported(iamlint: Program, tmp_path: Path) -> None:
    text = dump(*(role(name, inline()) for name in ("a", "b", "c")))

    messages = [message for message, _ in found(iamlint, tmp_path, {"dump.json": text})]
    assert [one[:8] for one in messages] == ["role `b`", "role `c`"]


FOR_EACH = """
resource "aws_iam_role_policy" "all" {
  for_each = toset(["one", "two"])
  role     = each.key
  policy   = jsonencode({Version = "2012-10-17", Statement = [
    {Effect = "Allow", Action = "s3:GetObject", Resource = "*"},
  ]})
}
"""
CALLED = FOR_EACH.replace('toset(["one", "two"])', "toset([var.name])")
CALLS = """
module "one" {
  source = "./role"
  name   = "one"
}
module "two" {
  source = "./role"
  name   = "two"
}
"""
SAM = """
Transform: AWS::Serverless-2016-10-31
Resources:
  One:
    Type: AWS::Serverless::Function
    Properties: {Policies: [{S3ReadPolicy: {BucketName: shelf}}]}
  Two:
    Type: AWS::Serverless::Function
    Properties: {Policies: [{S3ReadPolicy: {BucketName: shelf}}]}
"""
SOUND = {
    "different policies": {"dump.json": dump(role("one", inline()), role("two", inline("b")))},
    # ScoutSuite's default rules warn about every inline policy.
    "one inline policy": {"dump.json": dump(role("one", inline()))},
    "different policies of a template": {"t.json": template(inline(), inline("b"))},
    "different policies of a module": {"main.tf": module("b")},
    "instances of one block": {"main.tf": FOR_EACH},
    "calls of one module": {
        "main.tf": CALLS,
        "role/main.tf": 'variable "name" {\n  type = string\n}\n' + CALLED,
    },
    "policies that SAM writes": {"template.yaml": SAM},
    "policies that CDK writes": {"t.json": template(inline(), inline(), metadata=True)},
    "templates that may be of two accounts": {
        "a/t.json": template(inline(), inline("b")),
        "b/t.json": template(inline(), inline("c")),
    },
    "roles of IAM Identity Center": {
        "dump.json": dump(
            *(
                role(f"AWSReservedSSO_{name}_0123456789abcdef", inline(), "/aws-reserved/sso/")
                for name in ("a", "b")
            )
        )
    },
    "one holder twice": {
        "dump.json": dump(
            {
                **role("one", inline()),
                "RolePolicyList": [
                    {"PolicyName": name, "PolicyDocument": inline()} for name in ("p", "q")
                ],
            }
        )
    },
}


@pytest.mark.parametrize("case", SOUND)
def test_what_is_not_repeated_by_a_person_is_not_reported(
    iamlint: Program, tmp_path: Path, case: str
) -> None:
    assert found(iamlint, tmp_path, SOUND[case]) == []


def test_words_of_a_recording_in_place_of_names_are_no_principals(
    iamlint: Program, tmp_path: Path
) -> None:
    # localstack's recorded outputs: the name in each is replaced by the same word
    answers = {
        f"of {kind}": {f"{kind}Name": name, "PolicyName": "p", "PolicyDocument": inline()}
        for kind, name in (("User", "<user-name:1>"), ("Role", "<role-name:1>"))
    }
    real = json.dumps(answers, indent=1).replace("<", "").replace(":1>", "")

    assert found(iamlint, tmp_path, {"recorded.json": json.dumps(answers, indent=1)}) == []
    assert len(found(iamlint, tmp_path, {"real.json": real})) == 1
