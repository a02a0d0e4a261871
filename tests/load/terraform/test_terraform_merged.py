"""A document that another one includes is read, in every notation and on any condition.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.load.twins import Twin, findings, rules

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program

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
    """Return a repository in which one document includes another."""
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
    twin: Twin, iamlint: Program, tmp_path: Path
) -> None:
    assert findings(twin.harmless, iamlint, tmp_path / "harmless") == []
    assert rules(findings(twin.faulty, iamlint, tmp_path / "faulty")) == {twin.rule}


NOTHING = ["null", '""', "one([])", 'join("", [])']


@pytest.mark.parametrize("nothing", NOTHING)
def test_a_document_that_is_null_or_empty_adds_no_statement(
    nothing: str, iamlint: Program, tmp_path: Path
) -> None:
    main = PART.replace("count = CONDITION ? 1 : 0", "").replace("ACTION", "s3:GetObjekt")
    main += TAKES.replace("ELEMENT", "source_policy_documents").replace(
        "DOCUMENTS", f"[{nothing}, data.aws_iam_policy_document.part.json]"
    )
    (tmp_path / "main.tf").write_text(main, encoding="utf-8")
    (tmp_path / ".git").mkdir()
    result = iamlint("check", ".", "--output-format", "json")
    report = json.loads(result.out)
    assert [found["rule"] for found in report["findings"]] == ["unknown-action"]
    assert report["not_analysed"] == []


@pytest.mark.parametrize("what", ["var.more", "module.other.json", '"${var.more}"'])
def test_a_document_that_is_unknown_is_listed_and_the_one_beside_it_is_read(
    what: str, iamlint: Program, tmp_path: Path
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
    report = json.loads(result.out)
    assert [found["rule"] for found in report["findings"]] == ["unknown-action"]
    assert [item["policy"] for item in report["not_analysed"]] == [
        "data.aws_iam_policy_document.whole.Statement.0"
    ]


MANY = {
    "variables": ("var.on{}", 'variable "on{}" {{\n  type = bool\n}}\n'),
    "modules of another repository": (
        "module.part{}.enabled",
        'module "part{}" {{\n  source = "example/label/null"\n}}\n',
    ),
    "what only AWS knows": (
        'data.aws_ssm_parameter.on{}.value == "yes"',
        'data "aws_ssm_parameter" "on{}" {{\n  name = "on"\n}}\n',
    ),
}
LONG = """
data "aws_iam_policy_document" "part{number}" {{
  count = {condition} ? 1 : 0
  statement {{
    sid       = "{sid}"
    actions   = ["{action}"]
    resources = [for name in split(",", "{names}") : "arn:aws:s3:::${{name}}/*"]
  }}
}}
"""
NAMES = ",".join("a" * 63 + str(number) for number in range(25))
PARTS = 6


def many(
    given: str,
    condition: str,
    *,
    always: bool = False,
    sid: str = "",
    action: str = "s3:GetObject",
    element: str = "source_policy_documents",
    own: str = "",
) -> dict[str, str]:
    """Return a document that includes more documents than it has readings for."""
    decides, beside = MANY[condition]
    main = "".join(
        beside.format(number)
        + LONG.format(
            number=number,
            condition="true" if always else decides.format(number),
            sid=sid,
            action=action if number == PARTS - 1 else "s3:GetObject",
            names=NAMES,
        )
        for number in range(PARTS)
    )
    ways = [
        WAYS[given].replace("PART", f"data.aws_iam_policy_document.part{number}")
        for number in range(PARTS)
    ]
    takes = TAKES.replace("ELEMENT", element).replace("DOCUMENTS", f"concat({', '.join(ways)})")
    main += takes.replace('"whole" {', '"whole" {' + own)
    return {"main.tf": main}


ADDED_UP = [
    Twin(
        f"{given}, made on {condition}",
        harmless=many(given, condition),
        faulty=many(given, condition, always=True),
        rule="oversized-identity-policy",
    )
    for given in WAYS
    for condition in MANY
    if condition == "variables" or given == "the list itself"
]


@pytest.mark.parametrize("twin", ADDED_UP, ids=str)
def test_documents_are_not_added_up_beyond_those_that_are_sure_to_be_there(
    twin: Twin, iamlint: Program, tmp_path: Path
) -> None:
    assert findings(twin.harmless, iamlint, tmp_path / "harmless") == []
    assert twin.rule in rules(findings(twin.faulty, iamlint, tmp_path / "faulty"))


@pytest.mark.parametrize("condition", MANY)
def test_documents_of_which_one_may_be_there_share_no_sid(
    condition: str, iamlint: Program, tmp_path: Path
) -> None:
    """In one reading, at most; the provider refuses two in one document."""
    harmless = many("the list itself", condition, sid="Read")
    faulty = many("the list itself", condition, sid="Read", always=True)

    assert findings(harmless, iamlint, tmp_path / "harmless") == []
    assert "duplicate-sid" in rules(findings(faulty, iamlint, tmp_path / "faulty"))


@pytest.mark.parametrize("condition", MANY)
def test_each_of_many_documents_that_may_be_there_is_read(
    condition: str, iamlint: Program, tmp_path: Path
) -> None:
    faulty = many("the list itself", condition, action="s3:GetObjekt")

    assert rules(findings(faulty, iamlint, tmp_path)) == {"unknown-action"}


OWN = """
  statement {
    sid       = "Read"
    actions   = ["*"]
    resources = ["*"]
  }
"""


def test_a_document_that_may_not_be_there_replaces_no_statement_for_sure(
    iamlint: Program, tmp_path: Path
) -> None:
    element = "override_policy_documents"
    replaced = many(
        "the list itself", "variables", sid="Read", always=True, element=element, own=OWN
    )
    left = many("the list itself", "variables", sid="Read", element=element, own=OWN)
    kept = many("the list itself", "variables", sid="Else", element=element, own=OWN)

    assert "wildcard-admin" not in rules(findings(replaced, iamlint, tmp_path / "replaced"))
    assert "wildcard-admin" not in rules(findings(left, iamlint, tmp_path / "left"))
    assert "wildcard-admin" in rules(findings(kept, iamlint, tmp_path / "kept"))
