"""A fault in some readings only is reported if a branch in the file has it.

Variables or parameters alone must decide which branch is taken, and the value at fault must be
written out there: no null, nothing empty, no placeholder.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Final

import pytest

from tests.load.twins import findings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program

TERRAFORM: Final = """
variable "on" { type = bool }
variable "names" { type = list(string) }
data "aws_region" "here" {}
locals {
  on      = var.on
  is_home = var.on && data.aws_region.here.name == "eu-west-1"
}
resource "aws_sqs_queue_policy" "it" {
  queue_url = "books"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = PRINCIPAL
      Action    = ACTION
      Resource  = RESOURCE
      Condition = { ArnLike = { "aws:SourceArn" = SOURCE } }
    }]
  })
}
"""
TEMPLATE: Final = """
Parameters:
  Env: {Type: String}
  Org: {Type: String}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsTest: !Not [!Condition IsProd]
  IsBoth: !And [!Condition IsProd, !Equals [!Ref Org, acme]]
  IsEither: !Or [!Condition IsProd, !Equals [!Ref Org, acme]]
  IsHome: !Equals [!Ref AWS::Region, eu-west-1]
  IsProdHome: !And [!Condition IsProd, !Condition IsHome]
Resources:
  It:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [books]
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: PRINCIPAL
            Action: ACTION
            Resource: RESOURCE
            Condition: {ArnLike: {"aws:SourceArn": SOURCE}}
"""
SOUND: Final = {
    "PRINCIPAL": '{"AWS": "arn:aws:iam::111122223333:root"}',
    "ACTION": '["sqs:SendMessage"]',
    "RESOURCE": '"arn:aws:sqs:eu-west-1:111122223333:books"',
    "SOURCE": '"arn:aws:sns:eu-west-1:111122223333:news"',
}
OPEN: Final = {**SOUND, "PRINCIPAL": '"*"'}

# In whose place, what stands there in one branch, what is found if it was meant.
WRITTEN: Final = [
    ("ACTION", '["sqs:SendMessage", "sqs:SendMesage"]', "unknown-action"),
    ("ACTION", '["sqz:SendMessage"]', "unknown-service"),
    ("RESOURCE", '"arn:aws:sqs:eu-west-1:111122223333"', "malformed-arn"),
    ("RESOURCE", '"arn:aws:sqs::111122223333:books"', "missing-region"),
    ("PRINCIPAL", '{"Service": "sqs.amazon.com.example"}', "invalid-service-principal"),
    ("SOURCE", '"*"', "public-resource-policy"),
]
FILLERS: Final = [
    *(("ACTION", text) for text in ('""', "[]", '["none:none"]', '"none"', '"iam:null"')),
    *(("RESOURCE", text) for text in ('""', "[]", '["none"]', '"N/A"', '"-"', '"disabled"')),
    *(("RESOURCE", text) for text in ('"not-used"', '"arn:aws:sqs:::none"', '"PLACEHOLDER"')),
    *(("RESOURCE", text) for text in ('"arn:aws:sqs::000000000000:books"', '"arn:aws:sqs:::x"')),
    *(("RESOURCE", text) for text in ('"arn:aws:sqs:::dummy_queue"', '"arn:aws:sqs:::no-queue"')),
    *(("PRINCIPAL", text) for text in ('""', "{}", '{"AWS": ""}', '{"AWS": "none"}')),
    *(("SOURCE", text) for text in ('""', "[]", '"none"')),
]
NOTHING: Final = [(place, "NULL") for place in SOUND]

BY_INPUTS: Final = [
    ("main.tf", "var.on"),
    ("main.tf", "!var.on"),
    ("main.tf", "local.on"),
    ("main.tf", "length(var.names) > 0"),
    ("main.tf", "var.on && length(var.names) > 0"),
    *(("t.yaml", name) for name in ("IsProd", "IsTest", "IsBoth", "IsEither")),
]
BY_MORE: Final = [
    ("main.tf", 'data.aws_region.here.name == "eu-west-1"'),
    ("main.tf", "local.is_home"),
    ("t.yaml", "IsHome"),
    ("t.yaml", "IsProdHome"),
]


def chosen(file: str, condition: str, holds: str, otherwise: str) -> str:
    """Return the choice of one of two values, as a file writes it."""
    if file == "t.yaml":
        nothing = "!Ref AWS::NoValue"
        texts = [text.replace("NULL", nothing) for text in (holds, otherwise)]
        return f"!If [{condition}, {texts[0]}, {texts[1]}]"
    texts = [text.replace("NULL", "null").replace(": ", " = ") for text in (holds, otherwise)]
    return f"{condition} ? {texts[0]} : {texts[1]}"


def one_branch(file: str, condition: str, place: str, value: str, *, holds: bool) -> str:
    """Return a file in which a policy is sound but for one branch of a condition."""
    sound = OPEN if place == "SOURCE" else SOUND
    branches = (value, sound[place]) if holds else (sound[place], value)
    text = TEMPLATE if file == "t.yaml" else TERRAFORM
    for name, said in sound.items():
        plain = said if file == "t.yaml" else said.replace('": ', '" = ')
        text = text.replace(name, chosen(file, condition, *branches) if name == place else plain)
    return text


def by_condition(
    conditions: list[tuple[str, str]], place: str, value: str
) -> dict[tuple[str, bool], tuple[str, str]]:
    """Return a file with the value in one branch, for each condition and each of its branches."""
    return {
        (condition, holds): (
            f"{number}-{holds}/{file}",
            one_branch(file, condition, place, value, holds=holds),
        )
        for number, (file, condition) in enumerate(conditions)
        for holds in (True, False)
    }


@pytest.mark.parametrize(("place", "value", "rule"), WRITTEN)
def test_a_fault_that_one_branch_writes_out_is_reported_with_its_case(
    place: str, value: str, rule: str, iamlint: Program, tmp_path: Path
) -> None:
    files = by_condition(BY_INPUTS, place, value)
    found = findings(dict(files.values()), iamlint, tmp_path / "all")
    told = {one.path for one in found if one.rule == rule and ", when " in one.message}

    assert {case for case, (path, _) in files.items() if path not in told} == set()


@pytest.mark.parametrize(
    ("place", "value"), [*((place, value) for place, value, _ in WRITTEN), *FILLERS, *NOTHING]
)
def test_a_branch_that_not_only_inputs_choose_is_not_reported(
    place: str, value: str, iamlint: Program, tmp_path: Path
) -> None:
    files = by_condition(BY_MORE, place, value)

    assert findings(dict(files.values()), iamlint, tmp_path / "all") == []


@pytest.mark.parametrize(("place", "value"), [*FILLERS, *NOTHING])
def test_null_empty_and_placeholder_branches_are_not_reported(
    place: str, value: str, iamlint: Program, tmp_path: Path
) -> None:
    files = by_condition(BY_INPUTS, place, value)

    assert findings(dict(files.values()), iamlint, tmp_path / "all") == []


@pytest.mark.parametrize(("one", "other"), list(product(('"a"', '"b"', "null", "1"), repeat=2)))
def test_something_equals_one_constant_at_most(
    one: str, other: str, iamlint: Program, tmp_path: Path
) -> None:
    inner = f'var.env == {other} ? "s3:GetObjekt" : "s3:GetObject"'
    text = f"""
    variable "env" {{}}
    resource "aws_iam_policy" "it" {{
      policy = jsonencode({{
        Version = "2012-10-17"
        Statement = [{{
          Effect   = "Allow"
          Action   = var.env == {one} ? ({inner}) : "s3:PutObject"
          Resource = "arn:aws:s3:::books/*"
        }}]
      }})
    }}
    """
    found = findings({"main.tf": text}, iamlint, tmp_path / "one")

    assert [one.rule for one in found] == (["unknown-action"] if one == other else [])


@pytest.mark.parametrize(
    ("condition", "same", "is_same"),
    [
        ("var.on", "var.on == true", True),
        ("var.on", "var.on == false", False),
        ("var.on", "var.on != true", False),
        ("var.names != []", "var.names == []", False),
        ("length(var.names) > 0", "length(var.names) == 0", False),
        ("length(var.names) > 0", "length(var.names) != 0", True),
        ('var.env == "a"', '"a" != var.env', False),
    ],
)
def test_conditions_that_are_written_in_two_ways_are_one(
    condition: str, same: str, *, is_same: bool, iamlint: Program, tmp_path: Path
) -> None:
    text = f"""
    variable "on" {{ type = bool }}
    variable "names" {{ type = list(string) }}
    variable "env" {{ type = string }}
    resource "aws_iam_policy" "it" {{
      policy = jsonencode({{
        Version = "2012-10-17"
        Statement = [{{
          Effect   = "Allow"
          Action   = {condition} ? ({same} ? "s3:GetObjekt" : "s3:GetObject") : "s3:PutObject"
          Resource = "arn:aws:s3:::books/*"
        }}]
      }})
    }}
    """
    found = findings({"main.tf": text}, iamlint, tmp_path / "one")

    assert [one.rule for one in found] == (["unknown-action"] if is_same else [])
