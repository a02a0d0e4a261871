"""The same unknown value is equal to itself, and only it: twins that differ in one name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.text.source import Unknown
from tests.load.twins import Twin, as_test, findings, rules
from tests.support.loading import load_text

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program


TEMPLATE = """\
Parameters:
  Org: {Type: String}
  Name: {Type: String}
  Other: {Type: String}
Mappings:
  Names: {a: {one: x, two: z}, b: {one: y, two: z}}
Conditions:
  IsA: !Equals [!Ref Name, a]
Resources:
  Shelf:
    Type: AWS::S3::Bucket
  Drawer:
    Type: AWS::S3::Bucket
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Shelf
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: "*"
            Action: s3:GetObject
            Resource: ALLOWED
          - Effect: Deny
            Principal: "*"
            Action: s3:*
            Resource: DENIED
            Condition:
              StringNotEquals:
                aws:PrincipalOrgID: !Ref Org
"""
MODULE = """\
variable "org" {}
variable "name" {}
variable "other" {}
locals {
  names = toset(["a", "b"])
}
resource "aws_s3_bucket" "shelf" {}
resource "aws_s3_bucket" "drawer" {}
resource "aws_s3_bucket" "each" {
  for_each = local.names
}
resource "aws_s3_bucket_policy" "p" {
  bucket = aws_s3_bucket.shelf.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = "*"
        Action    = "s3:GetObject"
        Resource  = ALLOWED
      },
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = DENIED
        Condition = { StringNotEquals = { "aws:PrincipalOrgID" = var.org } }
      },
    ]
  })
}
"""


def twin(name: str, frame: str, allowed: str, same: str, other: str) -> Twin:
    file = "template.yaml" if frame is TEMPLATE else "main.tf"
    text = frame.replace("ALLOWED", allowed)
    return Twin(
        name,
        harmless={file: text.replace("DENIED", same)},
        faulty={file: text.replace("DENIED", other)},
        rule="public-resource-policy",
    )


def of_template(name: str, allowed: str, same: str, other: str) -> Twin:
    return twin(name, TEMPLATE, allowed, same, other)


def of_module(name: str, allowed: str, same: str, other: str) -> Twin:
    return twin(name, MODULE, allowed, same, other)


TWINS = [
    of_template(
        "an attribute in two spellings",
        '!Sub "${Shelf.Arn}/*"',
        '[!GetAtt Shelf.Arn, !Join ["", [!GetAtt Shelf.Arn, "/*"]]]',
        '[!GetAtt Drawer.Arn, !Join ["", [!GetAtt Drawer.Arn, "/*"]]]',
    ),
    of_template(
        "a parameter inside of an ARN",
        '!Sub "arn:${AWS::Partition}:s3:::${Name}/*"',
        '!Sub "arn:${AWS::Partition}:s3:::${Name}/*"',
        '!Sub "arn:${AWS::Partition}:s3:::${Other}/*"',
    ),
    of_template(
        "a wildcard after the unknown value",
        '!Sub "${Shelf.Arn}/public/*"',
        '!Sub "${Shelf.Arn}*"',
        '!Sub "${Shelf.Arn}/private/*"',
    ),
    of_template("a parameter that is the whole ARN", "!Ref Name", "!Ref Name", "!Ref Other"),
    of_template(
        "a value that a parameter selects from a mapping",
        "!FindInMap [Names, !Ref Name, one]",
        "!FindInMap [Names, !Ref Name, one]",
        "!FindInMap [Names, !Ref Other, one]",
    ),
    of_template(
        "an item of a parameter",
        '!Sub ["arn:aws:s3:::${One}", {One: !Select [0, !Split [",", !Ref Name]]}]',
        '!Sub ["arn:aws:s3:::${One}", {One: !Select [0, !Split [",", !Ref Name]]}]',
        '!Sub ["arn:aws:s3:::${One}", {One: !Select [1, !Split [",", !Ref Name]]}]',
    ),
    of_template(
        "a value that is looked up at deployment",
        '"arn:aws:s3:::{{resolve:ssm:/shelf}}/*"',
        '"arn:aws:s3:::{{resolve:ssm:/shelf}}/*"',
        '"arn:aws:s3:::{{resolve:ssm:/drawer}}/*"',
    ),
    of_template(
        "what a macro returns, which may be something else each time",
        '!Sub "${Shelf.Arn}/*"',
        '!Sub "${Shelf.Arn}/*"',
        '{"Fn::Transform": {Name: Shelf}}',
    ),
    of_module(
        "an attribute of a resource",
        '"${aws_s3_bucket.shelf.arn}/*"',
        '[aws_s3_bucket.shelf.arn, "${aws_s3_bucket.shelf.arn}/*"]',
        '[aws_s3_bucket.drawer.arn, "${aws_s3_bucket.drawer.arn}/*"]',
    ),
    of_module(
        "a variable inside of an ARN",
        '"arn:aws:s3:::${var.name}/*"',
        'format("arn:aws:s3:::%s/*", var.name)',
        '"arn:aws:s3:::${var.other}/*"',
    ),
    of_module(
        "one instance of several",
        '"${aws_s3_bucket.each["a"].arn}/*"',
        '"${aws_s3_bucket.each["a"].arn}/*"',
        '"${aws_s3_bucket.each["b"].arn}/*"',
    ),
    of_module(
        "a function of a variable, which changes between calls of another function",
        '"arn:aws:s3:::${substr(var.name, 0, 9)}/*"',
        '"arn:aws:s3:::${substr(var.name, 0, 9)}/*"',
        '"arn:aws:s3:::${uuid()}/*"',
    ),
]


test_only_the_faulty_twin_is_reported = as_test(TWINS)


TURNS = """\
Transform: AWS::LanguageExtensions
Parameters:
  Org: {Type: String}
Resources:
  "Fn::ForEach::Buckets":
    - Name
    - [One, Other]
    - "Policy${Name}":
        Type: AWS::S3::BucketPolicy
        Properties:
          Bucket: !Ref Name
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Principal: "*"
                Action: s3:GetObject
                Resource: !Select [0, !Ref Name]
"""


def identities(template: str) -> list[str | None]:
    """Return the identities of the unknown resources in the policies of a template."""
    documents = load_text(template, "template.yaml").documents
    every = (one.value for d in documents for s in d.statements for one in s.resources)
    return [value.identity for value in every if isinstance(value, Unknown)]


def test_a_call_in_a_loop_is_another_value_in_each_turn() -> None:
    assert identities(TURNS) == [None, None]


@pytest.mark.parametrize("inner", ['{"Fn::Transform": {Name: Shelf}}', "!If [IsA, x, y]"])
def test_a_call_around_what_differs_between_places_is_several_values(
    inner: str,
) -> None:
    call = f"!Select [!Ref Name, [a, {inner}]]"
    template = TEMPLATE.replace("ALLOWED", call).replace("DENIED", call)

    assert set(identities(template)) == {None}


def test_two_calls_of_a_changing_function_are_two_values(iamlint: Program, tmp_path: Path) -> None:
    name = '"arn:aws:s3:::${uuid()}/*"'
    text = MODULE.replace("ALLOWED", name).replace("DENIED", name)

    assert rules(findings({"main.tf": text}, iamlint, tmp_path)) == {"public-resource-policy"}
