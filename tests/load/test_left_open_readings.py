"""Readings of unknown conditions are cases, not facts: twins of inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.load.twins import Twin, as_test, findings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program

BUCKET = """
variable "public" { type = bool }
variable "org" { type = string }
data "aws_region" "here" {}
resource "aws_s3_bucket_policy" "it" {
  bucket = "books"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = %s
      Action    = "s3:GetObject"
      Resource  = "arn:aws:s3:::books/*"
    }]
  })
}
"""
OWN = '{ AWS = "arn:aws:iam::111122223333:root" }'
DOCUMENT = """
variable "on" { type = bool }
variable "off" { type = bool }
variable "names" { type = list(string) }
data "aws_iam_policy_document" "it" {
%s
}
resource "aws_iam_policy" "it" {
  policy = data.aws_iam_policy_document.it.json
}
"""
READ = (
    '  statement {\n    actions = ["s3:GetObject"]\n    resources = ["arn:aws:s3:::books/*"]\n  }\n'
)
MAYBE = """
  dynamic "statement" {
    for_each = %s ? [1] : []
    content {
      actions   = [%s]
      resources = ["*"]
    }
  }
"""
CHOSEN = """
  statement {{
    actions   = [var.on ? {action} : "s3:GetObject"]
    resources = [var.off ? {resource} : "arn:aws:s3:::books/*"]
  }}
"""
TEMPLATE = """
Parameters:
  Env: {Type: String}
Conditions:
  IsPublic: !Equals [!Ref Env, prod]
  IsHere: !Equals [!Ref AWS::Region, eu-west-1]
  IsDev: !Equals [!Ref Env, dev]
Resources:
  It:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: books
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: %s
            Action: s3:GetObject
            Resource: arn:aws:s3:::books/*
"""
ROOT = '{AWS: "arn:aws:iam::111122223333:root"}'

FILLED_IN = """
Conditions:
  Wide: !Equals ["%s", "yes"]
Resources:
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*"}
          - !If [Wide, {Effect: Allow, Action: "*", Resource: "*"}, !Ref "AWS::NoValue"]
"""

TWINS = [
    *(
        Twin(
            f"a condition that {placeholder} decides",
            harmless={"template.yaml": FILLED_IN % "no"},
            faulty={"template.yaml": FILLED_IN % placeholder},
            rule="wildcard-admin",
        )
        for placeholder in ("${self:custom.wide}", "__WIDE__", "<wide>")
    ),
    Twin(
        "a branch that something else than variables chooses",
        harmless={"main.tf": BUCKET % f'data.aws_region.here.name == "x" ? "*" : {OWN}'},
        faulty={"main.tf": BUCKET % f'var.public ? "*" : {OWN}'},
        rule="public-resource-policy",
    ),
    Twin(
        "an effect that a condition chooses",
        harmless={"main.tf": (BUCKET % '"*"').replace('"Allow"', 'var.public ? "Deny" : "Deny"')},
        faulty={"main.tf": (BUCKET % '"*"').replace('"Allow"', 'var.public ? "Deny" : "Allow"')},
        rule="public-resource-policy",
    ),
    Twin(
        "an action and a resource that two variables choose",
        harmless={
            "main.tf": DOCUMENT % CHOSEN.format(action='"s3:GetObject"', resource='"*"'),
        },
        faulty={"main.tf": DOCUMENT % CHOSEN.format(action='"s3:*"', resource='"*"')},
        rule="wildcard-service",
    ),
    Twin(
        "an empty principal in one branch",
        harmless={"main.tf": BUCKET % f'var.public ? {{ AWS = "" }} : {OWN}'},
        faulty={"main.tf": BUCKET % f'var.public ? {{ AWS = "*" }} : {OWN}'},
        rule="public-resource-policy",
    ),
    Twin(
        "a condition and its opposite never hold together",
        harmless={
            "main.tf": DOCUMENT % (READ + MAYBE % ("var.on && !var.on", '"*"')),
        },
        faulty={"main.tf": DOCUMENT % (READ + MAYBE % ("var.on && !var.off", '"*"'))},
        rule="wildcard-admin",
    ),
    Twin(
        "a policy that is only made where its branch is not taken",
        harmless={
            "main.tf": 'variable "env" { type = string }\n'
            'resource "aws_iam_policy" "it" {\n  count = var.env == "prod" ? 0 : 1\n'
            '  policy = jsonencode({Version = "2012-10-17", Statement = [{Effect = "Allow", '
            'Action = var.env == "prod" ? "*" : "s3:GetObject", Resource = "*"}]})\n}\n'
        },
        faulty={
            "main.tf": 'variable "env" { type = string }\n'
            'resource "aws_iam_policy" "it" {\n  count = var.env == "prod" ? 1 : 0\n'
            '  policy = jsonencode({Version = "2012-10-17", Statement = [{Effect = "Allow", '
            'Action = var.env == "prod" ? "*" : "s3:GetObject", Resource = "*"}]})\n}\n'
        },
        rule="wildcard-admin",
    ),
    Twin(
        "a condition that is only there in one case",
        harmless={
            "main.tf": BUCKET.replace(
                "    }]",
                '      Condition = var.public ? null : { StringEquals = { "aws:PrincipalOrgID" = '
                "var.org } }\n    }]",
            )
            % '"*"'
        },
        faulty={"main.tf": BUCKET % '"*"'},
        rule="public-resource-policy",
    ),
    Twin(
        "a branch of a template that the region chooses",
        harmless={"t.yaml": TEMPLATE % f'!If [IsHere, "*", {ROOT}]'},
        faulty={"t.yaml": TEMPLATE % f'!If [IsPublic, "*", {ROOT}]'},
        rule="public-resource-policy",
    ),
    Twin(
        "conditions of a template that exclude each other",
        harmless={"t.yaml": TEMPLATE % f'!If [IsPublic, !If [IsDev, "*", {ROOT}], {ROOT}]'},
        faulty={"t.yaml": TEMPLATE % f'!If [IsPublic, !If [IsDev, {ROOT}, "*"], {ROOT}]'},
        rule="public-resource-policy",
    ),
    Twin(
        "a policy of a template that is made on a condition is judged when it is made",
        harmless={
            "t.yaml": TEMPLATE.replace("Type: AWS", "Condition: IsHere\n    Type: AWS") % ROOT
        },
        faulty={
            "t.yaml": TEMPLATE.replace("Type: AWS", "Condition: IsHere\n    Type: AWS") % '"*"'
        },
        rule="public-resource-policy",
    ),
]


test_only_the_faulty_twin_is_reported = as_test(TWINS)


@pytest.mark.parametrize(
    ("files", "case"),
    [
        ({"main.tf": BUCKET % f'var.public ? "*" : {OWN}'}, "when `var.public` is true"),
        ({"main.tf": BUCKET % f'!var.public ? "*" : {OWN}'}, "when `var.public` is false"),
        (
            {"main.tf": BUCKET % f'var.org == "a" ? "*" : {OWN}'},
            'when `var.org == "a"` holds',
        ),
        (
            {"t.yaml": TEMPLATE % f'!If [IsPublic, "*", {ROOT}]'},
            "when condition `IsPublic` is true",
        ),
    ],
)
def test_finding_of_one_case_says_which(
    files: dict[str, str], case: str, iamlint: Program, tmp_path: Path
) -> None:
    (found,) = findings(files, iamlint, tmp_path / "one")

    assert found.message.endswith(f", {case}")


def test_finding_of_both_branches_is_a_fact(iamlint: Program, tmp_path: Path) -> None:
    text = BUCKET % 'data.aws_region.here.name == "x" ? "*" : { AWS = "*" }'
    found = findings({"main.tf": text}, iamlint, tmp_path / "one")

    assert [one.rule for one in found] == ["public-resource-policy"]
    assert ", when" not in found[0].message


def test_a_document_that_an_unknown_module_takes_is_judged_in_all_of_its_cases(
    iamlint: Program, tmp_path: Path
) -> None:
    files = {
        "main.tf": """
            data "aws_iam_policy_document" "shelf" {
              count = can(regex("test$", terraform.workspace)) ? 1 : 0
              statement {
                actions   = ["s3:GetBook"]
                resources = [terraform.workspace == "a" ? "arn:aws:s3:::a/*" : "arn:aws:s3:::b/*"]
              }
            }

            module "role" {
              source   = "github.com/example/role"
              policies = [data.aws_iam_policy_document.shelf[0].json]
            }
            """
    }

    found = findings(files, iamlint, tmp_path / "shelf")

    assert [(one.rule, one.line) for one in found] == [("unknown-action", 5)]


MANY = "".join(f'variable "c{number}" {{ type = bool }}\n' for number in range(5))
SOURCES = ", ".join(
    f"var.c{number} ? [data.aws_iam_policy_document.other.json] : []" for number in range(5)
)
TAKEN_IN_SOME = f"""
{MANY}
variable "more" {{ type = bool }}
variable "kind" {{ type = string }}
data "aws_iam_policy_document" "base" {{
  statement {{
    actions   = ["s3:GetObjekt"]
    resources = ["arn:aws:s3:::books/*"]
  }}
  dynamic "statement" {{
    for_each = var.kind == "master" && var.more ? [1] : []
    content {{
      actions   = ["s3:PutObject"]
      resources = ["arn:aws:s3:::books/*"]
    }}
  }}
}}
data "aws_iam_policy_document" "other" {{
  statement {{
    actions   = ["s3:ListBucket"]
    resources = ["arn:aws:s3:::books"]
  }}
}}
data "aws_iam_policy_document" "all" {{
  source_policy_documents = concat({SOURCES}, [data.aws_iam_policy_document.base.json])
}}
resource "aws_iam_policy" "it" {{
  policy = data.aws_iam_policy_document.all.json
}}
"""


def test_a_document_that_another_takes_in_some_readings_is_reported_once(
    iamlint: Program, tmp_path: Path
) -> None:
    found = findings({"main.tf": TAKEN_IN_SOME}, iamlint, tmp_path / "one")

    assert [one.rule for one in found] == ["unknown-action"]
    assert ", when" not in found[0].message


SHARED_TEXT = """
variable "x" { type = bool }
locals {
  bad  = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
  good = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }] })
}
resource "aws_iam_policy" "a" {
  name   = "a"
  policy = local.bad
}
resource "aws_iam_policy" "b" {
  name   = "b"
  policy = var.x ? local.bad : local.good
}
"""


def test_fact_is_not_found_again_for_some_values_of_another_policy(
    iamlint: Program, tmp_path: Path
) -> None:
    found = findings({"main.tf": SHARED_TEXT}, iamlint, tmp_path)

    assert [one.message for one in found if one.rule == "wildcard-admin"] == [
        "`*` on `*` makes every principal with this policy an administrator"
    ]


MANY_BLOCKS = "".join(
    f"""
variable "on{number}" {{ type = bool }}
"""
    for number in range(6)
) + DOCUMENT % "".join(
    MAYBE % (f"var.on{number}", f'"{action}"')
    for number, action in enumerate(
        [
            "s3:GetObject",
            "s3:GetObjectTagging",
            "s3:GetObjectAcl",
            "s3:ListBucket",
            "s3:PutObject",
            "*",
        ]
    )
)


def test_a_statement_that_one_of_many_flags_makes_is_reported_once_with_its_flag(
    iamlint: Program, tmp_path: Path
) -> None:
    found = findings({"main.tf": MANY_BLOCKS}, iamlint, tmp_path)

    assert [one.message for one in found if one.rule == "wildcard-admin"] == [
        "`*` on `*` makes every principal with this policy an administrator, when `var.on5` is true"
    ]


def test_a_large_text_is_filled_in_in_each_reading(iamlint: Program, tmp_path: Path) -> None:
    flags = "abc"
    values = ", ".join(f'{one} = var.{one} ? "A" : "B"' for one in flags)
    files = {
        "main.tf": "".join(f'variable "{one}" {{}}\n' for one in flags)
        + 'resource "aws_iam_policy" "p" {\n'
        f'  policy = templatefile("${{path.module}}/p.tpl", {{ {values} }})\n}}\n',
        "p.tpl": '{"Version": "2012-10-17", "Statement": [{"Sid": "${a}${b}${c}",'
        f' "Effect": "Allow", "Action": "s3:GetObjekt",{" " * 40_000}"Resource": "*"}}]}}',
    }
    (found,) = findings(files, iamlint, tmp_path)

    assert (found.rule, "when" in found.message) == ("unknown-action", False)
