"""Every attribute of the table, in a module and in a plan."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from iamlint.load import Certainty
from iamlint.load.terraform.aws import cloud_control
from iamlint.load.terraform.aws.table import table
from tests.support.loading import load_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.load import Document
    from iamlint.load.terraform.aws.row import AttributeRow

POLICY: dict[str, object] = {"Statement": [{"Effect": "Deny", "Action": "s3:GetObject"}]}
ROWS = [
    pytest.param(mode, type_, row, id=f"{mode}.{type_}.{'.'.join(row.path)}")
    for mode, rows in (
        ("resource", table().resources),
        ("data", table().data),
        ("resource", cloud_control.rows()),
    )
    for type_, of_type in rows.items()
    for row in of_type
    if row.path and (row.default or not row.discriminator)
]
NOT_IAM = [
    pytest.param(type_, path, id=f"{type_}.{'.'.join(path)}")
    for type_, paths in {**table().not_iam, **cloud_control.not_iam()}.items()
    for path in paths
]


def content(row: AttributeRow) -> dict[str, object]:
    if row.shape == "openapi":
        return {"openapi": "3.0.1", "x-amazon-apigateway-policy": POLICY}
    return POLICY


def module(mode: str, type_: str, path: tuple[str, ...], value: object) -> str:
    *blocks, name = path
    body = f"{name} = jsonencode({json.dumps(value)})"
    for block in reversed(blocks):
        body = f"{block} {{\n{body}\n}}"
    return f'{mode} "{type_}" "x" {{\n{body}\n}}\n'


def plan(type_: str, path: tuple[str, ...], value: object, mode: str) -> str:
    *blocks, name = path
    after: Mapping[str, object] = {name: json.dumps(value)}
    for block in reversed(blocks):
        after = {block: [after]}
    change = {"before": None, "after": after}
    resource = {"address": f"{type_}.x", "type": type_, "mode": mode, "change": change}
    return json.dumps({"format_version": "1.2", "resource_changes": [resource]})


def read(text: str, name: str) -> tuple[Document, ...]:
    loaded = load_text(text, name)
    assert loaded.not_analysed == ()
    return loaded.documents


@pytest.mark.parametrize(("mode", "type_", "row"), ROWS)
def test_policy_is_found_in_a_module(mode: str, type_: str, row: AttributeRow) -> None:
    (document,) = read(module(mode, type_, row.path, content(row)), "main.tf")

    assert (document.kind, document.certainty) == (row.kind, Certainty.TABLE)
    assert document.attachment.resource_type == row.attached
    assert document.attachment.address == f"{type_}.x"


@pytest.mark.parametrize(("mode", "type_", "row"), ROWS)
def test_policy_is_found_in_a_plan(mode: str, type_: str, row: AttributeRow) -> None:
    planned = "data" if mode == "data" else "managed"
    (document,) = read(plan(type_, row.path, content(row), planned), "plan.json")

    assert (document.kind, document.certainty) == (row.kind, Certainty.TABLE)
    assert document.attachment.resource_type == row.attached
    assert document.policy.statements[0].denies


@pytest.mark.parametrize(("type_", "path"), NOT_IAM)
def test_what_only_looks_like_a_policy_of_iam_is_none(type_: str, path: tuple[str, ...]) -> None:
    value = {"Statement": [{"Effect": "Allow", "Action": "a:b", "Resource": "*"}]}

    assert read(module("resource", type_, path, value), "main.tf") == ()
    assert read(plan(type_, path, value, "managed"), "plan.json") == ()


@pytest.mark.parametrize("of", ["aws_organizations_policy", "awscc_organizations_policy"])
def test_kind_of_an_organization_policy_is_its_type(of: str) -> None:
    kinds = {}
    for type_ in ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY", "TAG_POLICY"):
        text = module("resource", of, ("content",), POLICY)
        text = text.replace("{\n", f'{{\ntype = "{type_}"\n', 1)
        found = load_text(text, "main.tf")
        reasons = [item.reason for item in found.not_analysed]
        kinds[type_] = [document.kind.value for document in found.documents] + reasons

    assert kinds == {
        "SERVICE_CONTROL_POLICY": ["scp"],
        "RESOURCE_CONTROL_POLICY": ["rcp"],
        "TAG_POLICY": ["policy of type `TAG_POLICY`, not an IAM policy"],
    }


def test_plan_of_which_no_policy_is_known_yet_says_so() -> None:
    change = {"before": None, "after": {}, "after_unknown": {"policy": True}}
    resource = {"address": "aws_kms_key.k", "type": "aws_kms_key", "change": change}
    text = json.dumps({"format_version": "1.2", "resource_changes": [resource]})

    loaded = load_text(text, "plan.json")

    assert [n.reason for n in loaded.not_analysed] == [
        "`aws_kms_key.k.policy` is known after apply"
    ]


@pytest.mark.parametrize(
    ("type_", "unknown"),
    [("var.kind", "${var.kind}"), ('"${var.kind}_POLICY"', '${"${var.kind}_POLICY"}')],
)
def test_policy_of_an_organization_whose_type_is_not_known_is_listed(
    type_: str, unknown: str
) -> None:
    text = f"""
resource "aws_organizations_policy" "p" {{
  type    = {type_}
  content = jsonencode({{ Statement = [{{ Effect = "Deny", Action = "*", Resource = "*" }}] }})
}}
"""
    loaded = load_text(text)

    assert (loaded.documents, [n.reason for n in loaded.not_analysed]) == (
        (),
        [f"`type` is not known: `{unknown}`"],
    )


SAID = 'jsonencode({ Statement = [{ Effect = "Allow", Action = "a:b", Resource = "*" }] })'


@pytest.mark.parametrize(
    ("inside", "found", "unknown"),
    [
        (f"inline_policy {{\n policy = {SAID}\n}}", 1, []),
        (f'inline_policy = [{{ name = "x", policy = {SAID} }}]', 1, []),
        (f"inline_policy = {{ policy = {SAID} }}", 1, []),
        (f"inline_policy = [for x in var.v : {{ policy = {SAID} }}]", 1, []),
        ("inline_policy = []", 0, []),
        ('inline_policy = [{ name = "x" }]', 0, []),
        ("inline_policy = var.v", 0, ["${var.v}"]),
        ("inline_policy = [var.v]", 0, ["${var.v}"]),
        ("inline_policy = [{ policy = var.v }]", 0, ["${var.v}"]),
        ("inline_policy = [merge(var.v, { x = 1 })]", 0, ["${merge(var.v, { x = 1 })}"]),
    ],
)
def test_policy_in_blocks_that_are_written_as_an_attribute_is_found_or_listed(
    inside: str, found: int, unknown: list[str]
) -> None:
    text = f'resource "aws_iam_role" "r" {{\n {inside}\n}}\n'

    loaded = load_text(text)

    assert [str(h) for d in loaded.documents for h in d.attachment.holders] == ["role/r"] * found
    assert [n.reason for n in loaded.not_analysed] == [f"`{text}` is not known" for text in unknown]
