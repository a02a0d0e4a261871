"""Each turn of a loop has conditions of its own, unless they do not depend on the turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from iamlint.load import LoadOptions, load
from tests.load.twins import Twin, findings, rules

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program

VARIABLES = """
variable "on" { type = bool }
variable "env" { type = string }
variable "envs" { type = list(string) }
locals {
  all = [
    { env = "prod", action = "s3:GetObject" },
    { env = "test", action = "s3:PutObject" },
    { env = "prod", action = "s3:DeleteObject" },
  ]
}
"""
POLICY = """
resource "aws_iam_policy" "p" {
  policy = jsonencode({ Version = "2012-10-17", Statement = STATEMENTS })
}
"""
DYNAMIC = """
data "aws_iam_policy_document" "d" {
  dynamic "statement" {
    for_each = ITEMS
    content {
      actions   = [RESULT]
      resources = ["*"]
    }
  }
}
"""
ITEM = '{ Effect = "Allow", Action = it.action, Resource = "*" }'
GET, PUT, DELETE = "s3:GetObject", "s3:PutObject", "s3:DeleteObject"
ALL = (GET, PUT, DELETE)
EVERY = {(GET, PUT, DELETE), (GET, PUT), (GET, DELETE), (PUT, DELETE), (GET,), (PUT,), (DELETE,)}
FILTERS = {
    "var.on": {ALL},
    "contains(var.envs, it.env)": EVERY,
    'startswith(var.env, "${it.env}-")': EVERY,
    "it.env == var.env": {(GET, DELETE), (PUT,)},
    "var.env != it.env": {ALL, (PUT,), (GET, DELETE)},
    'var.on && it.env == "prod"': {(GET, DELETE)},
    "var.on || it.env == var.env": {ALL, (GET, DELETE), (PUT,)},
}


def said(folder: Path, main: str) -> set[tuple[str, ...]]:
    """Return the actions of a policy in each of its readings that has any."""
    (folder / "main.tf").write_text(VARIABLES + main, encoding="utf-8")
    documents = load([folder], LoadOptions(root=folder, here=folder)).documents
    return {
        tuple(
            action if isinstance(action, str) else action[0]
            for statement in cast("Any", document.value)["Statement"]
            for action in [statement["Action"]]
        )
        for document in documents
    } - {()}


@pytest.mark.parametrize("keep", FILTERS)
def test_each_item_that_a_filter_lets_through_is_a_case_of_its_own(
    keep: str, tmp_path: Path
) -> None:
    main = POLICY.replace("STATEMENTS", f"[for it in local.all : {ITEM} if {keep}]")

    assert said(tmp_path, main) == FILTERS[keep]


@pytest.mark.parametrize("keep", FILTERS)
def test_filter_of_dynamic_blocks_is_no_other(keep: str, tmp_path: Path) -> None:
    items = f"[for it in local.all : it if {keep}]"
    main = DYNAMIC.replace("ITEMS", items).replace("RESULT", "statement.value.action")

    assert said(tmp_path, main) == FILTERS[keep]


def test_choice_in_a_dynamic_block_is_made_for_each_block(tmp_path: Path) -> None:
    chosen = 'contains(var.envs, statement.value.env) ? statement.value.action : "s3:ListBucket"'
    main = DYNAMIC.replace("ITEMS", "slice(local.all, 0, 2)").replace("RESULT", chosen)
    main = main.replace("slice(local.all, 0, 2)", "[local.all[0], local.all[1]]")

    none = "s3:ListBucket"
    assert said(tmp_path, main) == {(GET, PUT), (GET, none), (none, PUT), (none, none)}


FLAGS = "".join(f'variable "f{n}" {{ type = bool }}\n' for n in range(14))


def flags(last: str) -> str:
    """Return a policy of more conditions than are combined."""
    blocks = "".join(
        'dynamic "statement" {\n'
        f"    for_each = var.f{n} ? [1] : []\n    content {{\n"
        f'      actions   = ["{last if n == 13 else "s3:GetObject"}"]\n'
        f'      resources = ["arn:aws:s3:::shelf{n}/*"]\n    }}\n  }}\n  '
        for n in range(14)
    )
    return f'{FLAGS}data "aws_iam_policy_document" "d" {{\n  {blocks}}}\n'


def parameters(last: str) -> str:
    """Return a template of more conditions than are combined."""
    names = range(14)
    declared = "".join(f"  F{n}: {{Type: String}}\n" for n in names)
    conditions = "".join(f'  C{n}: !Equals [!Ref F{n}, "yes"]\n' for n in names)
    statements = "".join(
        f"          - !If [C{n}, {{Effect: Allow, Action: "
        f'"{last if n == 13 else "s3:GetObject"}", '
        f'Resource: "arn:aws:s3:::shelf{n}/*"}}, !Ref "AWS::NoValue"]\n'
        for n in names
    )
    return (
        f"Parameters:\n{declared}Conditions:\n{conditions}Resources:\n  P:\n"
        "    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n"
        f'        Version: "2012-10-17"\n        Statement:\n{statements}'
    )


TWINS = [
    Twin(
        "the last of fourteen flags",
        harmless={"main.tf": flags("s3:GetObject")},
        faulty={"main.tf": flags("s3:GetObjekt")},
        rule="unknown-action",
    ),
    Twin(
        "the last of fourteen conditions",
        harmless={"t.yaml": parameters("s3:GetObject")},
        faulty={"t.yaml": parameters("s3:GetObjekt")},
        rule="unknown-action",
    ),
]


@pytest.mark.parametrize("twin", TWINS, ids=str)
def test_fault_behind_one_of_many_conditions_is_found(
    twin: Twin, iamlint: Program, tmp_path: Path
) -> None:
    assert findings(twin.harmless, iamlint, tmp_path / "harmless") == []
    found = findings(twin.faulty, iamlint, tmp_path / "faulty")
    assert rules(found) == {twin.rule}
    assert all(", when " in one.message for one in found)
