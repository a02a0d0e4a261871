"""`each.key` of unknown instances: one value in a policy, and another one in the next policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.load import LoadOptions, load
from iamlint.text.source import Unknown
from tests.load.twins import findings, rules
from tests.support.loading import load_text, write_files

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program

POLICY = """
resource "aws_iam_role_policy" "NAME" {
  META
  role   = "app"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "s3:GetObject", Resource = VALUES }
  ] })
}
"""
VARIABLES = 'variable "names" { type = set(string) }\nvariable "number" {}\n'


def policy(values: str, name: str = "p", meta: str = "for_each = var.names") -> str:
    return POLICY.replace("NAME", name).replace("META", meta).replace("VALUES", values)


def identities(text: str) -> list[str | None]:
    documents = load_text(VARIABLES + text).documents
    every = (one.value for d in documents for s in d.statements for one in s.resources)
    parts = (part for value in every for part in getattr(value, "parts", (value,)))
    return [part.identity for part in parts if isinstance(part, Unknown)]


@pytest.mark.parametrize(
    ("meta", "value"),
    [
        ("for_each = var.names", "each.key"),
        ("for_each = var.names", "each.value.bucket"),
        ("for_each = var.names", 'each.value["bucket"]'),
        ("count = var.number", "count.index"),
    ],
)
def test_value_of_an_instance_is_one_value_in_its_policy(meta: str, value: str) -> None:
    one, other = identities(policy(f'["${{{value}}}/a", {value}]', meta=meta))

    assert one is not None
    assert one == other


def test_values_of_two_policies_are_two_values() -> None:
    one, other = identities(policy("[each.key]", "p") + policy("[each.key]", "q"))

    assert None not in (one, other)
    assert one != other


@pytest.mark.parametrize(
    "values",
    [
        "[for name in var.names : name]",
        "[for each in var.names : each.key]",
        '["${each.key}/a", [for i, each in var.names : each.key][0]]',
        "[uuid()]",
    ],
)
def test_value_of_a_loop_stays_a_value_of_its_own(values: str) -> None:
    assert set(identities(policy(values))) == {None}


def test_value_is_the_same_on_other_lines_and_in_another_folder(tmp_path: Path) -> None:
    found = []
    for name, before in (("one", ""), ("other", "# a line\n\n")):
        write_files(tmp_path / name, {"m/main.tf": VARIABLES + before + policy("[each.key]")})
        loaded = load([tmp_path / name], LoadOptions(root=tmp_path / name, here=tmp_path / name))
        found += [one.value for d in loaded.documents for s in d.statements for one in s.resources]
    one, other = found

    assert isinstance(one, Unknown)
    assert isinstance(other, Unknown)
    assert one.identity == other.identity != None  # noqa: E711 - in one comparison


def test_role_does_not_surely_hold_the_policy_of_the_same_key() -> None:
    role = """
resource "aws_iam_role" "r" {
  for_each           = var.names
  name               = "r-${each.key}"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}
"""
    loaded = load_text(VARIABLES + role)
    (node,) = loaded.nodes

    assert [part.identity for part in node.ref.name.parts if isinstance(part, Unknown)] == [None]  # type: ignore[union-attr]  # it is known in part


BUCKETS = """
variable "names" { type = set(string) }
variable "org" {}
resource "aws_s3_bucket_policy" "p" {
  for_each = var.names
  bucket   = each.key
  policy   = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Principal = "*", Action = "s3:GetObject",
      Resource = "arn:aws:s3:::${each.key}/*" },
    { Effect = "Deny", Principal = "*", Action = "s3:*",
      Resource = "arn:aws:s3:::DENIED/*",
      Condition = { StringNotEquals = { "aws:PrincipalOrgID" = var.org } } },
  ] })
}
"""


@pytest.mark.parametrize(
    ("denied", "reported"),
    [("${each.key}", set()), ("${each.value}-x", {"public-resource-policy"})],
)
def test_deny_of_an_instance_takes_effect_on_its_allow(
    denied: str, reported: set[str], iamlint: Program, tmp_path: Path
) -> None:
    text = BUCKETS.replace("DENIED", denied)

    assert rules(findings({"main.tf": text}, iamlint, tmp_path)) == reported
