"""Twins of repositories with one named file: the other files count."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.load.twins import Twin

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.support.program import Program

MODULE = """
variable "actions" {
  type = list(string)
}
resource "aws_iam_policy" "p" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{Effect = "Allow", Action = var.actions, Resource = "*"}]
  })
}
"""
CALL = 'module "one" {\n  source  = "%s"\n  actions = %s\n}\n'
ATTACHED = 'resource "aws_iam_policy" "p" {\n  policy = %s\n}\n'
POLICY = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "%s", "Resource": "*"}]}'
)
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}],
}


def twin(name: str, files: Mapping[str, str], path: str, *, good: str, bad: str) -> Twin:
    """Return a twin that differs in one word of one file."""
    text = files[path]
    assert "WORD" in text
    return Twin(
        name,
        {**files, path: text.replace("WORD", good)},
        {**files, path: text.replace("WORD", bad)},
        "wildcard-admin",
    )


READS, ALL = "s3:GetObject", "*"
TWINS = [
    ("live/main.tf", twin(
        "a caller that gives actions",
        {"live/main.tf": CALL % ("../m", '["WORD"]'), "m/main.tf": MODULE},
        "live/main.tf", good=READS, bad=ALL,
    )),
    ("m/main.tf", twin(
        "a module that a caller gives actions",
        {"live/main.tf": CALL % ("../m", '["WORD"]'), "m/main.tf": MODULE},
        "live/main.tf", good=READS, bad=ALL,
    )),
    ("live/terraform.tfvars", twin(
        "a file of values",
        {
            "live/main.tf": 'variable "a" {}\n' + CALL % ("../m", "[var.a]"),
            "live/terraform.tfvars": 'a = "WORD"\n',
            "m/main.tf": MODULE,
        },
        "live/terraform.tfvars", good=READS, bad=ALL,
    )),
    ("live/locals.tf", twin(
        "a local that another file gives to a module",
        {
            "live/main.tf": CALL % ("../m", "local.a"),
            "live/locals.tf": 'locals {\n  a = ["${upper("x")}" == "X" ? "WORD" : "a:b"]\n}\n',
            "m/main.tf": MODULE,
        },
        "live/locals.tf", good=READS, bad=ALL,
    )),
    ("p.tpl", twin(
        "a template that a module fills in",
        {
            "main.tf": ATTACHED % 'templatefile("${path.module}/p.tpl", {a = "WORD"})',
            "p.tpl": POLICY % "${a}",
        },
        "main.tf", good=READS, bad=ALL,
    )),
    ("main.tf", twin(
        "a policy file that a module attaches",
        {"main.tf": ATTACHED % 'file("${path.module}/p.json")', "p.json": POLICY % "WORD"},
        "p.json", good=READS, bad=ALL,
    )),
    ("a/main.tf", twin(
        "a module between a caller and a module",
        {
            "main.tf": CALL % ("./a", '["WORD"]'),
            "a/main.tf": 'variable "actions" {}\n' + CALL % ("../b", "var.actions"),
            "b/main.tf": MODULE,
        },
        "main.tf", good=READS, bad=ALL,
    )),
]  # fmt: skip

CHILD = """
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Action: {Type: String%s}
Conditions:
  IsOpen: !Equals [!Ref Action, open]
Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Action: %s, Resource: "*"}]
"""
STACK = """
  %s:
    Type: %s
    Properties: {%s: %s, Parameters: %s}
"""
PARENT = 'AWSTemplateFormatVersion: "2010-09-09"\nResources:\n'
NESTED = STACK % ("One", "AWS::CloudFormation::Stack", "TemplateURL", "../child.yaml", "%s")
TWINS += [
    ("live/main.yaml", twin(
        "a template that passes an action",
        {
            "live/main.yaml": PARENT + NESTED % '{Action: "WORD"}',
            "child.yaml": CHILD % ("", "!Ref Action"),
        },
        "live/main.yaml", good=READS, bad=ALL,
    )),
    ("child.yaml", twin(
        "a nested template that is passed an action",
        {
            "live/main.yaml": PARENT + NESTED % '{Action: "WORD"}',
            "child.yaml": CHILD % ("", "!Ref Action"),
        },
        "live/main.yaml", good=READS, bad=ALL,
    )),
    ("child.yaml", twin(
        "a condition that what is passed decides",
        {
            "live/main.yaml": PARENT + NESTED % '{Action: "WORD"}',
            "child.yaml": CHILD % ("", '!If [IsOpen, "*", "s3:GetObject"]'),
        },
        "live/main.yaml", good="closed", bad="open",
    )),
    ("live/main.yaml", twin(
        "the default of a nested template that is passed nothing",
        {
            "live/main.yaml": PARENT + NESTED % "{}",
            "child.yaml": CHILD % (', Default: "WORD"', "!Ref Action"),
        },
        "child.yaml", good=READS, bad=ALL,
    )),
    ("child.yaml", twin(
        "a template that is nested twice",
        {
            "live/main.yaml": PARENT + NESTED % '{Action: "s3:GetObject"}'
            + (NESTED % '{Action: "WORD"}').replace("One", "Two"),
            "child.yaml": CHILD % ("", "!Ref Action"),
        },
        "live/main.yaml", good="s3:ListBucket", bad=ALL,
    )),
    ("live/main.yaml", twin(
        "an application of SAM in an application",
        {
            "live/main.yaml": PARENT + STACK % (
                "One", "AWS::Serverless::Application", "Location", "../child.yaml",
                '{Action: !Sub "WORD"}',
            ),
            "child.yaml": CHILD % ("", "!Ref Action"),
        },
        "live/main.yaml", good=READS, bad=ALL,
    )),
    ("part.json", twin(
        "a policy that a template includes",
        {
            "live/main.yaml": (CHILD % (', Default: "a"', '"*"')).partition("{Effect")[0].replace(
                '        Version: "2012-10-17"\n        Statement: [',
                "        Fn::Transform: {Name: AWS::Include, Parameters: {Location: ../part.json}}",
            ),
            "part.json": POLICY % "WORD",
        },
        "part.json", good=READS, bad=ALL,
    )),
]  # fmt: skip


def reported(named: str, files: Mapping[str, str], iamlint: Program, folder: Path) -> set[str]:
    """Return the rules that are reported at warning or error, if one file is named."""
    for path, text in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    (folder / ".git").mkdir(exist_ok=True)
    result = iamlint("check", str(folder / named), "--output-format", "json")
    report = json.loads(result.out)
    return {found["rule"] for found in report["findings"] if found["severity"] != "note"}


@pytest.mark.parametrize(("named", "pair"), TWINS, ids=[str(pair) for _, pair in TWINS])
def test_only_the_faulty_twin_is_reported_if_one_file_is_named(
    named: str, pair: Twin, iamlint: Program, tmp_path: Path
) -> None:
    assert reported(named, pair.harmless, iamlint, tmp_path / "harmless") == set()
    assert pair.rule in reported(named, pair.faulty, iamlint, tmp_path / "faulty")


def test_findings_of_a_caller_that_the_named_file_has_no_part_in_are_not_shown(
    iamlint: Program, tmp_path: Path
) -> None:
    caller = CALL % ("../m", f'["{READS}"]') + ATTACHED % f"jsonencode({POLICY % ALL})"
    files = {"live/main.tf": caller, "m/main.tf": MODULE}

    assert reported("m/main.tf", files, iamlint, tmp_path) == set()
    assert "wildcard-admin" in reported("live/main.tf", files, iamlint, tmp_path)


def test_the_block_that_attaches_a_file_says_what_kind_it_is(
    iamlint: Program, tmp_path: Path
) -> None:
    role = 'resource "aws_iam_role" "r" {\n  assume_role_policy = file("../doc/r.json")\n}\n'
    files = {"live/main.tf": role, "doc/r.json": json.dumps(TRUST)}

    assert reported("doc/r.json", files, iamlint, tmp_path) == reported(
        "live/main.tf", files, iamlint, tmp_path
    )
