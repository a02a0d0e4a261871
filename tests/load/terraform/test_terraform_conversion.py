"""Values of variables in their types, and the conditions on which a policy exists.

https://developer.hashicorp.com/terraform/language/expressions/type-constraints
"""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import pytest

from iamlint.load import LoadOptions, load
from tests.support.examples import seeds

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program

ENCODED = """
resource "aws_iam_policy" "p" {
  policy = jsonencode({ Statement = [{ Effect = var.x }] })
}
"""


@pytest.mark.parametrize(
    ("type_", "given", "result"),
    [
        ("string", "0", "0"),
        ("string", "true", "true"),
        ("string", "1.50", "1.5"),
        ("number", '"5"', 5),
        ("number", '"-5.5"', -5.5),
        ("number", '"five"', "five"),
        ("bool", '"true"', True),
        ("bool", '"yes"', "yes"),
        ("bool", '"1"', True),
        ("bool", '"0"', False),
        ("number", '"1e3"', 1000.0),
        ("number", '"+.5"', 0.5),
        ("number", "true", True),
        ("list", '[1, "a"]', ["1", "a"]),
        ("list(any)", '[1, "a"]', ["1", "a"]),
        ("set(any)", '[1, "1"]', ["1"]),
        ("map(any)", '{ a = 1, b = "c" }', {"a": "1", "b": "c"}),
        ("map", "{ a = 1 }", {"a": 1}),
        ("map(string)", "[1]", [1]),
        ("any", "0", 0),
        ("list(string)", "[1, true]", ["1", "true"]),
        ("set(string)", '[1, "1"]', ["1"]),
        ("map(string)", "{ a = 1 }", {"a": "1"}),
        ("tuple([string, number])", '[1, "2"]', ["1", 2]),
        ("object({ a = string })", "{ a = 1, b = 2 }", {"a": "1"}),
        ("object({ a = optional(string) })", "{}", {"a": None}),
        ("object({ a = optional(string, 7) })", "{}", {"a": "7"}),
        ("object({ a = optional(string, 7) })", "{ a = null }", {"a": "7"}),
        ("object({ a = optional(list(string), []) })", "{}", {"a": []}),
        ("list(object({ a = optional(bool, true) }))", "[{}]", [{"a": True}]),
        ("map(list(string))", "{ a = [1] }", {"a": ["1"]}),
        (
            "object({ a = object({ b = optional(number, 1) }) })",
            "{ a = {} }",
            {"a": {"b": 1}},
        ),
    ],
)
def test_value_is_converted_to_the_type_of_its_variable(
    type_: str, given: str, result: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "m").mkdir()
    (tmp_path / "main.tf").write_text(f'module "m" {{\n  source = "./m"\n  x = {given}\n}}\n')
    (tmp_path / "m" / "main.tf").write_text(f'variable "x" {{\n  type = {type_}\n}}\n{ENCODED}')
    monkeypatch.chdir(tmp_path)

    (document,) = load(["."], LoadOptions()).documents

    assert document.value == {"Statement": [{"Effect": result}]}


MADE = """
variable "list" { type = list(string) }
module "m" {
  source = "./m"
  %s
}
"""
WITHIN = """
resource "aws_iam_policy" "p" {
  %s
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}
"""


@pytest.mark.parametrize("within", [False, True])
@pytest.mark.parametrize(
    ("given", "is_there"),
    [
        ("", True),
        ("count = 1", True),
        ("count = 0", False),
        ("count = false ? 1 : 0", False),
        ("for_each = {}", False),
        ("for_each = toset([])", False),
        ("for_each = { a = 1 }", True),
        ('for_each = toset(["a"])', True),
    ],
)
def test_count_and_for_each_decide_whether_a_policy_is_there(
    given: str,
    is_there: bool,  # noqa: FBT001 - a row of the table
    within: bool,  # noqa: FBT001 - whether the resource says so or the call of its module
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "m").mkdir()
    (tmp_path / "main.tf").write_text(MADE % ("" if within else given))
    (tmp_path / "m" / "main.tf").write_text(WITHIN % (given if within else ""))
    monkeypatch.chdir(tmp_path)

    found = load(["main.tf", "m/main.tf"], LoadOptions()).documents

    assert len(found) == int(is_there)


OPEN = """
variable "given" {}
data "aws_iam_policy_document" "p" {
  statement {
    sid       = "Open"
    actions   = [ACTIONS]
    resources = ["RESOURCE"]
    PRINCIPALS
    dynamic "condition" {
      for_each = GIVEN
      content {
        test     = "TEST"
        variable = "KEY"
        values   = [condition.value]
      }
    }
  }
  statement {
    sid       = "Other"
    effect    = "Deny"
    actions   = [ACTIONS]
    resources = ["RESOURCE"]
    PRINCIPALS
    dynamic "condition" {
      for_each = GIVEN
      content {
        test     = "OTHER"
        variable = "KEY"
        values   = [condition.value]
      }
    }
  }
}
resource "TYPE" "p" {
  ATTRIBUTE = data.aws_iam_policy_document.p.json
}
"""
CHOICES = {
    "ACTIONS": ('"s3:GetObject"', '"*"', '"iam:PassRole"', '"sts:AssumeRole"', '"s3:*"'),
    "RESOURCE": ("*", "arn:aws:s3:::depot/*", "arn:aws:iam::111122223333:role/r"),
    "TEST": ("StringEquals", "StringNotEquals", "Bool", "ArnLike", "IpAddress"),
    "OTHER": ("StringEquals", "StringNotEquals", "Bool", "BoolIfExists", "Null"),
    "KEY": (
        "aws:SourceVpce",
        "aws:PrincipalOrgID",
        "aws:SecureTransport",
        "aws:MultiFactorAuthPresent",
        "aws:SourceArn",
        "sts:ExternalId",
    ),
}
PRINCIPAL = 'principals {\n type = "%s"\n identifiers = ["%s"]\n }'
KINDS = (
    ("aws_iam_policy", "policy", ("",)),
    ("aws_s3_bucket_policy", "policy", (("*", "*"), ("AWS", "arn:aws:iam::444455556666:root"))),
    (
        "aws_iam_role",
        "assume_role_policy",
        (("AWS", "*"), ("Service", "ec2.amazonaws.com"), ("AWS", "arn:aws:iam::444455556666:root")),
    ),
)
ASSIGNMENTS = ("[]", '["true"]', '["o-a1b2c3d4e5"]', '["vpce-1a2b3c4d", "vpce-1a2b3c4e"]')


@pytest.mark.parametrize("seed", seeds(15))
def test_findings_of_an_unknown_block_are_found_whatever_it_is_given(
    seed: int, iamlint: Program, tmp_path: Path
) -> None:
    draw = random.Random(seed)  # noqa: S311 - a repeatable draw
    type_, attribute, principals = draw.choice(KINDS)
    principal = draw.choice(principals)
    text = OPEN.replace("TYPE", type_).replace("ATTRIBUTE", attribute)
    text = text.replace("PRINCIPALS", PRINCIPAL % principal if principal else "")
    for name, choices in CHOICES.items():
        text = text.replace(name, draw.choice(choices))

    def rules(given: str) -> set[str]:
        (tmp_path / "main.tf").write_text(text.replace("GIVEN", given))
        result = iamlint("check", str(tmp_path / "main.tf"), "--output-format", "json")
        report = json.loads(result.out)
        return {
            found["rule"]
            for found in report["findings"]
            if found["severity"] != "note" and " when " not in found["message"]
        }

    always = set.intersection(*(rules(given) for given in ASSIGNMENTS))

    assert rules("var.given") - always == set()
