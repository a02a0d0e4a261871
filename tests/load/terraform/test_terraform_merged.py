"""A document that another one takes in is read, however it is given and on whatever condition.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.load.twins import Twin, findings, rules

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WAYS = {
    "one of a splat": "[one(PART[*].json)]",
    "one of a splat, minified": "[one(PART[*].minified_json)]",
    "joined": '[join("", PART[*].json)]',
    "by index, or else empty": '[try(PART[0].json, "")]',
    "by index, or else null": "[try(PART[0].json, null)]",
    "by its length": "[length(PART) > 0 ? PART[0].json : null]",
    "compacted": "compact([one(PART[*].json)])",
    "the list itself": "PART[*].json",
    "put together": "concat(PART[*].json, [null])",
}
CONDITIONS = {
    "an output of a module of another repository": (
        "local.on",
        (
            "locals {\n  on = module.this.enabled\n}\n"
            'module "this" {\n  source = "example/label/null"\n}\n'
        ),
    ),
    "a variable": ("var.on", 'variable "on" {\n  type = bool\n}\n'),
    "what only AWS knows": (
        'data.aws_region.here.name == "eu-west-1"',
        'data "aws_region" "here" {}\n',
    ),
}
PART = """
data "aws_iam_policy_document" "part" {
  count = CONDITION ? 1 : 0
  statement {
    actions   = ["ACTION"]
    resources = ["arn:aws:s3:::shelf/*"]
  }
}
"""
TAKES = """
data "aws_iam_policy_document" "whole" {
  ELEMENT = DOCUMENTS
}
resource "aws_iam_policy" "p" {
  policy = data.aws_iam_policy_document.whole.json
}
"""
CALLS = """
module "role" {
  source    = "./role"
  documents = DOCUMENTS
}
"""
ROLE = """
variable "documents" {
  type = list(string)
}
variable "made" {
  type = bool
}
data "aws_iam_policy_document" "whole" {
  count   = var.made ? 1 : 0
  ELEMENT = var.documents
}
resource "aws_iam_policy" "p" {
  count  = var.made ? 1 : 0
  policy = join("", data.aws_iam_policy_document.whole[*].json)
}
"""


def files(
    *, given: str, condition: str, element: str, in_module: bool, action: str
) -> dict[str, str]:
    """Return a repository in which one document takes in another."""
    decides, beside = CONDITIONS[condition]
    documents = WAYS[given].replace("PART", "data.aws_iam_policy_document.part")
    main = beside + PART.replace("CONDITION", decides).replace("ACTION", action)
    main += (CALLS if in_module else TAKES).replace("DOCUMENTS", documents)
    found = {"main.tf": main, **({"role/main.tf": ROLE} if in_module else {})}
    return {path: text.replace("ELEMENT", element) for path, text in found.items()}


TWINS = [
    Twin(
        f"{given}, made on {condition}, {element} {'in a module' if in_module else 'beside it'}",
        harmless=files(
            given=given,
            condition=condition,
            element=element,
            in_module=in_module,
            action="s3:GetObject",
        ),
        faulty=files(
            given=given,
            condition=condition,
            element=element,
            in_module=in_module,
            action="s3:GetObjekt",
        ),
        rule="unknown-action",
    )
    for number, given in enumerate(WAYS)
    for condition in CONDITIONS
    for element, in_module in (
        ("source_policy_documents", number % 2 == 0),
        ("override_policy_documents", number % 2 == 1),
    )
    if in_module or condition == "a variable"
]


@pytest.mark.parametrize("twin", TWINS, ids=str)
def test_a_document_that_may_be_made_is_read_where_it_is_taken_in(
    twin: Twin, iamlint: Callable[..., object], tmp_path: Path
) -> None:
    assert findings(twin.harmless, iamlint, tmp_path / "harmless") == []
    assert rules(findings(twin.faulty, iamlint, tmp_path / "faulty")) == {twin.rule}


NOTHING = ["null", '""', "one([])", 'join("", [])']


@pytest.mark.parametrize("nothing", NOTHING)
def test_a_document_that_is_null_or_empty_adds_no_statement(
    nothing: str, iamlint: Callable[..., object], tmp_path: Path
) -> None:
    main = PART.replace("count = CONDITION ? 1 : 0", "").replace("ACTION", "s3:GetObjekt")
    main += TAKES.replace("ELEMENT", "source_policy_documents").replace(
        "DOCUMENTS", f"[{nothing}, data.aws_iam_policy_document.part.json]"
    )
    (tmp_path / "main.tf").write_text(main, encoding="utf-8")
    (tmp_path / ".git").mkdir()
    result = iamlint("check", ".", "--output-format", "json")
    report = json.loads(result.out)  # type: ignore[attr-defined]
    assert [found["rule"] for found in report["findings"]] == ["unknown-action"]
    assert report["not_analysed"] == []


@pytest.mark.parametrize("what", ["var.more", "module.other.json", '"${var.more}"'])
def test_a_document_that_is_unknown_is_listed_and_the_one_beside_it_is_read(
    what: str, iamlint: Callable[..., object], tmp_path: Path
) -> None:
    main = 'variable "more" {}\n' + PART.replace("count = CONDITION ? 1 : 0", "").replace(
        "ACTION", "s3:GetObjekt"
    )
    main += TAKES.replace("ELEMENT", "source_policy_documents").replace(
        "DOCUMENTS", f"[{what}, data.aws_iam_policy_document.part.json]"
    )
    (tmp_path / "main.tf").write_text(main, encoding="utf-8")
    (tmp_path / ".git").mkdir()
    result = iamlint("check", ".", "--output-format", "json")
    report = json.loads(result.out)  # type: ignore[attr-defined]
    assert [found["rule"] for found in report["findings"]] == ["unknown-action"]
    assert [item["policy"] for item in report["not_analysed"]] == [
        "data.aws_iam_policy_document.whole.Statement.0"
    ]
