"""A root module and a template are checked with their defaults: twins of inputs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.load.twins import Twin, as_test, findings, rules

if TYPE_CHECKING:
    from tests.support.program import Program

BUCKET = """
data "aws_iam_policy_document" "it" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::books/*"]
    principals {
      type        = "AWS"
      identifiers = %s
    }
  }
}
resource "aws_s3_bucket_policy" "it" {
  bucket = "books"
  policy = data.aws_iam_policy_document.it.json
}
"""
OWN = '["arn:aws:iam::111122223333:root"]'
DYNAMIC = """
variable "statements" {
  default = %s
}
resource "aws_iam_role_policy" "it" {
  role   = "app"
  policy = data.aws_iam_policy_document.it.json
}
data "aws_iam_policy_document" "it" {
  dynamic "statement" {
    for_each = var.statements
    content {
      actions   = statement.value.actions
      resources = statement.value.resources
    }
  }
}
"""
EACH = """
variable "buckets" {
  default = %s
}
resource "aws_s3_bucket_policy" "it" {
  for_each = var.buckets
  bucket   = each.key
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = each.value
      Action    = "s3:GetObject"
      Resource  = "arn:aws:s3:::${each.key}/*"
    }]
  })
}
"""
CONDITION = """
variable "who" {
  default = %s
}
variable "org" {
  type    = string
  default = null
}
resource "aws_s3_bucket_policy" "it" {
  bucket = "books"
  policy = data.aws_iam_policy_document.it.json
}
data "aws_iam_policy_document" "it" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::books/*"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
    dynamic "condition" {
      for_each = var.org == null ? [] : [1]
      content {
        test     = "StringEquals"
        variable = "aws:PrincipalOrgID"
        values   = [var.org]
      }
    }
  }
  statement {
    actions   = ["s3:ListBucket"]
    resources = ["arn:aws:s3:::books"]
    principals {
      type        = "AWS"
      identifiers = var.who
    }
  }
}
"""
CHILD = """
variable "who" {
  default = ["*"]
}
"""
TEMPLATE = """
Parameters:
  Who: {Type: CommaDelimitedList%s}
  Public: {Type: String, Default: "%s", AllowedValues: ["true", "false"]}
Conditions:
  IsPublic: !Equals [!Ref Public, "true"]
Resources:
  Books:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: books
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {AWS: %s}
            Action: %s
            Resource: arn:aws:s3:::books/*
"""
ROOT = "arn:aws:iam::111122223333:root"


def module(default: str, text: str, *, name: str = "who") -> dict[str, str]:
    return {"main.tf": f'variable "{name}" {{\n  default = {default}\n}}\n{text}'}


def template(
    default: str, public: str, principal: str = "!Ref Who", action: str = "s3:GetObject"
) -> dict[str, str]:
    written = f', Default: "{default}"' if default else ""
    return {"template.yaml": TEMPLATE % (written, public, principal, action)}


TWINS = [
    Twin(
        "a list of principals",
        harmless=module(OWN, BUCKET % "var.who"),
        faulty=module('["*"]', BUCKET % "var.who"),
        rule="public-resource-policy",
    ),
    Twin(
        "a default that is empty says nothing",
        harmless=module("[]", BUCKET % "var.who"),
        faulty=module('["*"]', BUCKET % "concat(var.who, [])"),
        rule="public-resource-policy",
    ),
    Twin(
        "a text inside of another",
        harmless=module('"app"', BUCKET % '["arn:aws:iam::111122223333:role/${var.who}"]'),
        faulty=module('"*"', BUCKET % '["${var.who}"]'),
        rule="public-resource-policy",
    ),
    Twin(
        "objects for a dynamic block",
        harmless={"main.tf": DYNAMIC % "[]"},
        faulty={"main.tf": DYNAMIC % '[{ actions = ["*"], resources = ["*"] }]'},
        rule="wildcard-admin",
    ),
    Twin(
        "objects for instances",
        harmless={"main.tf": EACH % '{ books = { AWS = "arn:aws:iam::111122223333:root" } }'},
        faulty={"main.tf": EACH % '{ books = { AWS = "*" } }'},
        rule="public-resource-policy",
    ),
    Twin(
        "nothing rests on a condition that a default of null takes away",
        harmless={"main.tf": CONDITION % OWN},
        faulty={"main.tf": CONDITION % '["*"]'},
        rule="public-resource-policy",
    ),
    Twin(
        "nothing rests on a condition that a default takes away",
        harmless={
            "main.tf": (CONDITION % OWN)
            .replace("default = null", "default = false")
            .replace("var.org == null ? [] : [1]", "var.org ? [1] : []")
            .replace("type    = string", "type    = bool")
        },
        faulty={
            "main.tf": (CONDITION % '["*"]')
            .replace("default = null", "default = false")
            .replace("var.org == null ? [] : [1]", "var.org ? [1] : []")
            .replace("type    = string", "type    = bool")
        },
        rule="public-resource-policy",
    ),
    Twin(
        "a value that is given counts, and no default",
        harmless=module('["*"]', BUCKET % "var.who") | {"terraform.tfvars": f"who = {OWN}\n"},
        faulty=module(OWN, BUCKET % "var.who") | {"terraform.tfvars": 'who = ["*"]\n'},
        rule="public-resource-policy",
    ),
    Twin(
        "a module that others call has what they give",
        harmless={
            "main.tf": f'module "it" {{\n  source = "./inner"\n  who = {OWN}\n}}\n',
            "inner/main.tf": CHILD + BUCKET % "var.who",
        },
        faulty={
            "main.tf": 'module "it" {\n  source = "./inner"\n}\n',
            "inner/main.tf": CHILD + BUCKET % "var.who",
        },
        rule="public-resource-policy",
    ),
    Twin(
        "a module that only an example calls is a root module",
        harmless={
            "examples/all/main.tf": f'module "it" {{\n  source = "../../"\n  who = {OWN}\n}}\n',
            **module(OWN, BUCKET % "var.who"),
        },
        faulty={
            "examples/all/main.tf": f'module "it" {{\n  source = "../../"\n  who = {OWN}\n}}\n',
            **module('["*"]', BUCKET % "var.who"),
        },
        rule="public-resource-policy",
    ),
    Twin(
        "a policy that a default does not make",
        harmless=module(
            "false",
            BUCKET % 'var.who ? ["arn:aws:iam::111122223333:role/x"] : data.aws_arn.a[*].arn',
        ),
        faulty=module("true", BUCKET % 'var.who ? ["*"] : data.aws_arn.a[*].arn'),
        rule="public-resource-policy",
    ),
    Twin(
        "a parameter",
        harmless=template(ROOT, "false"),
        faulty=template("*", "false"),
        rule="public-resource-policy",
    ),
    Twin(
        "a parameter without a default",
        harmless=template("", "true"),
        faulty=template("*", "true"),
        rule="public-resource-policy",
    ),
    Twin(
        "an action in a parameter",
        harmless=template("s3:GetObject", "false", ROOT, "!Ref Who"),
        faulty=template("s3:GetObjekt", "false", ROOT, "!Ref Who"),
        rule="unknown-action",
    ),
]


test_only_the_faulty_twin_is_reported = as_test(TWINS)


ROLE = """
variable "actions" {
  type    = list(string)
  default = ["s3:GetObject"]
}
resource "aws_iam_role" "app" {
  name = "app"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ec2.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}
resource "aws_iam_role_policy" "it" {
  role = aws_iam_role.app.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = var.actions, Resource = "arn:aws:s3:::books/*" }]
  })
}
"""


def test_can_takes_no_default_for_the_value(
    iamlint: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("main.tf").write_text(ROLE, encoding="utf-8")
    asked = (
        "can",
        "role/app",
        "s3:GetObject",
        "--on",
        "arn:aws:s3:::books/a",
        "--expect",
        "allowed",
    )

    result = iamlint(*asked)

    assert result.code == 2
    assert "depends, on `var.actions`" in result.out
    assert iamlint(*asked, "--var", 'actions=["s3:GetObject"]').code == 0


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (module('["*"]', BUCKET % "var.who"), "with the default of `var.who`"),
        (template("*", "false"), "with the default of parameter `Who`"),
        (
            template("*", "s3:GetObject", action="!Ref Public"),
            "with the defaults of parameters `Public` and `Who`",
        ),
    ],
)
def test_message_names_the_default_and_help_gives_another_value(
    files: dict[str, str], words: str, iamlint: Program, tmp_path: Path
) -> None:
    found = findings(files, iamlint, tmp_path)
    (public,) = (one for one in found if one.rule == "public-resource-policy")

    assert public.message.endswith(words)
    assert "--var " in iamlint("check", str(tmp_path)).out


def test_document_that_another_one_replaces_is_not_a_policy_with_the_default_either(
    iamlint: Program, tmp_path: Path
) -> None:
    statement = (
        '  statement {\n    sid       = "Read"\n    actions   = ["s3:GetObject"]\n'
        '    resources = ["arn:aws:s3:::books/*"]\n'
        '    principals {\n      type        = "AWS"\n      identifiers = %s\n    }\n  }\n'
    )
    part = (
        'variable "part" {\n  default = ["*"]\n}\n'
        f'data "aws_iam_policy_document" "part" {{\n{statement % "var.part"}}}\n'
    )
    whole = (
        'data "aws_iam_policy_document" "whole" {\n'
        "  source_policy_documents = [data.aws_iam_policy_document.part.json]\n"
        f"{statement % OWN}}}\n"
        'resource "aws_s3_bucket_policy" "whole" {\n  bucket = "books"\n'
        "  policy = data.aws_iam_policy_document.whole.json\n}\n"
    )
    files = module('["*"]', BUCKET % "var.who" + part + whole)

    public = [
        one.message.split()[-1]
        for one in findings(files, iamlint, tmp_path)
        if one.rule == "public-resource-policy"
    ]

    assert public == ["`var.who`"]


def test_finding_that_holds_without_the_default_is_reported_once(
    iamlint: Program, tmp_path: Path
) -> None:
    text = BUCKET % 'concat(["*"], var.who)'
    found = findings(module('["*"]', text), iamlint, tmp_path)

    assert [one.message for one in found if "default" in one.message] == []
    assert rules(found) == {"public-resource-policy"}


def test_policy_of_many_conditions_is_listed_as_not_analysed(
    iamlint: Program, tmp_path: Path
) -> None:
    names = [f"v{number}" for number in range(9)]
    blocks = "".join(
        f"""  dynamic "statement" {{
    for_each = var.{name} ? [1] : []
    content {{
      actions   = ["s3:GetObject"]
      resources = ["arn:aws:s3:::{name}/*"]
    }}
  }}
"""
        for name in names
    )
    variables = "".join(f'variable "{name}" {{\n  type = bool\n}}\n' for name in names)
    policy = (
        'resource "aws_iam_policy" "it" {\n  policy = data.aws_iam_policy_document.it.json\n}\n'
    )
    text = f'{variables}data "aws_iam_policy_document" "it" {{\n{blocks}}}\n{policy}'

    assert findings({"main.tf": text}, iamlint, tmp_path) == []
    result = iamlint("check", str(tmp_path))
    reason = "`resource.aws_iam_policy.it`: depends on many conditions"
    assert reason in result.out + result.err
