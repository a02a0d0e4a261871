"""The facts about unknown values: the meaning, the identity, and the inputs that decide them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from iamlint.load import LoadOptions, load
from iamlint.text.source import Input, Partial, Pseudo, Unknown, nodes

if TYPE_CHECKING:
    from pathlib import Path

    from iamlint.text.source import Value


def unknowns(value: Value) -> list[Unknown]:
    """Return the unknown values and parts in the order of the text."""
    found: list[Unknown] = []
    for node in nodes(value):
        parts = node.parts if isinstance(node, Partial) else (node,)
        found += [part for part in parts if isinstance(part, Unknown)]
    return found


def of_terraform(tmp_path: Path, resources: str, rest: str = "") -> list[Unknown]:
    text = f"""
resource "aws_iam_policy" "p" {{
  policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{ Effect = "Allow", Action = "s3:GetObject", Resource = {resources} }}]
  }})
}}
{rest}
"""
    (tmp_path / "main.tf").write_text(text)
    (document,) = load([str(tmp_path)], LoadOptions()).documents
    return unknowns(document.value)


def of_template(tmp_path: Path, resources: object) -> list[Unknown]:
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": resources}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    properties = {"PolicyDocument": policy, "PolicyName": "p", "Roles": ["r"]}
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Parameters": {"Env": {"Type": "String"}},
        "Resources": {
            "Bucket": {"Type": "AWS::S3::Bucket"},
            "P": {"Type": "AWS::IAM::Policy", "Properties": properties},
        },
    }
    (tmp_path / "template.json").write_text(json.dumps(template))
    (document,) = load([str(tmp_path)], LoadOptions()).documents
    return unknowns(document.value)


@pytest.mark.parametrize(
    ("name", "means"),
    [
        ("AWS::AccountId", Pseudo.ACCOUNT),
        ("AWS::Partition", Pseudo.PARTITION),
        ("AWS::Region", Pseudo.REGION),
        ("AWS::StackName", Pseudo.STACK_NAME),
        ("AWS::URLSuffix", Pseudo.URL_SUFFIX),
        ("AWS::StackId", None),
        ("Env", None),
    ],
)
def test_pseudo_parameters_of_a_template_have_a_meaning(
    name: str, means: Pseudo | None, tmp_path: Path
) -> None:
    by_ref, by_sub, by_join = of_template(
        tmp_path,
        [{"Ref": name}, {"Fn::Sub": f"${{{name}}}/*"}, {"Fn::Join": ["", [{"Ref": name}, "/*"]]}],
    )

    assert [by_ref.means, by_sub.means, by_join.means] == [means] * 3


@pytest.mark.parametrize(
    ("data", "attribute", "means"),
    [
        ('"aws_caller_identity" "x" {}', "account_id", Pseudo.ACCOUNT),
        ('"aws_caller_identity" "x" { provider = aws.b }', "account_id", Pseudo.OTHER_ACCOUNT),
        ('"aws_caller_identity" "x" {}', "arn", None),
        ('"aws_partition" "x" {}', "partition", Pseudo.PARTITION),
        ('"aws_partition" "x" {}', "dns_suffix", Pseudo.URL_SUFFIX),
        ('"aws_region" "x" {}', "name", Pseudo.REGION),
        ('"aws_region" "x" {}', "region", Pseudo.REGION),
        ('"aws_region" "x" { provider = aws.b }', "id", Pseudo.REGION),
    ],
)
def test_data_sources_about_the_surroundings_have_a_meaning(
    data: str, attribute: str, means: Pseudo | None, tmp_path: Path
) -> None:
    type_ = data.split('"')[1]

    (found,) = of_terraform(tmp_path, f'"${{data.{type_}.x.{attribute}}}/*"', f"data {data}")

    assert found.means is means


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("var.a", '"${var.a}/*"'),
        ("aws_s3_bucket.b.arn", '"${aws_s3_bucket.b.arn}/*"'),
        ('aws_s3_bucket.each["x"].arn', 'aws_s3_bucket.each["x"].arn'),
        ('replace(var.a, "x", "y")', 'replace(var.a,  "x", "y")'),
        ("local.a", '"${local.a}/*"'),
        ("data.aws_region.one.name", "data.aws_region.two.region"),
    ],
)
def test_one_value_in_two_places_has_one_identity(one: str, other: str, tmp_path: Path) -> None:
    rest = """
variable "a" {}
locals { a = uuid() }
data "aws_region" "one" {}
data "aws_region" "two" {}
resource "aws_s3_bucket" "b" {}
resource "aws_s3_bucket" "each" { for_each = toset(["x", "y"]) }
"""
    found = of_terraform(tmp_path, f"[{one}, {other}]", rest)

    half = len(found) // 2
    assert [part.identity for part in found[:half]] == [part.identity for part in found[half:]]
    assert all(part.identity for part in found)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("var.a", "var.b"),
        ('aws_s3_bucket.each["x"].id', 'aws_s3_bucket.each["y"].id'),
        ('aws_s3_bucket.each["x"].arn', 'aws_s3_bucket.each["y"].arn'),
        ("uuid()", "uuid()"),
        ('[for v in var.a : "${v}/*"][0]', '[for v in var.b : "${v}/*"][0]'),
        ("module.m[0].out", "module.m[1].out"),
        ('module.n["x"].out', 'module.n["y"].out'),
    ],
)
def test_values_that_may_differ_share_no_identity(one: str, other: str, tmp_path: Path) -> None:
    rest = """
variable "a" {}
variable "b" {}
resource "aws_s3_bucket" "each" { for_each = toset(["x", "y"]) }
module "m" {
  source = "./m"
  count  = 2
}
module "n" {
  source   = "./m"
  for_each = var.a
}
"""
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "main.tf").write_text(
        'resource "aws_s3_bucket" "b" {}\noutput "out" { value = aws_s3_bucket.b.id }'
    )
    found = of_terraform(tmp_path, f"[{one}, {other}]", rest)

    half = len(found) // 2
    last = found[half - 1].identity, found[-1].identity
    assert last == (None, None) or last[0] != last[1]


@pytest.mark.parametrize(
    ("expression", "inputs"),
    [
        ("var.a", ["var.a"]),
        ("local.a", ["var.a"]),
        ('replace(var.a, var.b, "")', ["var.a", "var.b"]),
        ("replace(var.a, aws_s3_bucket.b.id, var.b)", []),
        ("aws_s3_bucket.b.id", []),
    ],
)
def test_an_unknown_value_names_the_variables_that_decide_it(
    expression: str, inputs: list[str], tmp_path: Path
) -> None:
    rest = """
variable "a" {}
variable "b" {}
locals { a = var.a }
resource "aws_s3_bucket" "b" {}
"""
    (found,) = of_terraform(tmp_path, expression, rest)

    assert found.inputs == tuple(map(Input, inputs))


def test_a_parameter_is_an_input_and_has_one_identity_in_its_template(tmp_path: Path) -> None:
    one, other, bucket, same = of_template(
        tmp_path,
        [
            {"Ref": "Env"},
            {"Fn::Sub": "${Env}/*"},
            {"Fn::GetAtt": ["Bucket", "DomainName"]},
            {"Fn::GetAtt": "Bucket.DomainName"},
        ],
    )

    assert one.inputs == other.inputs == (Input("parameter Env"),)
    assert one.identity == other.identity
    assert bucket.inputs == ()
    assert bucket.identity == same.identity
    assert one.identity != bucket.identity
