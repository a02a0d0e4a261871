"""Files that belong together are read together, with any of them named."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import pytest

from iamlint.load import LoadOptions, list_files, load, related_sets

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from tests.support.program import Program

POLICY = """
variable "actions" {
  %s
}
resource "aws_iam_policy" "p" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{Effect = "Allow", Action = var.actions, Resource = "*"}]
  })
}
"""
OWN = """
resource "aws_iam_policy" "own" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{Effect = "Allow", Action = "s3:GetObjct", Resource = "*"}]
  })
}
"""
CALL = 'module "one" {\n  source  = "%s"\n  actions = %s\n}\n'
JSON = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": %s, "Resource": "*"}]}'
)
FILE = 'resource "aws_iam_policy" "p" {\n  policy = %s\n}\n'

Repository = dict[str, str]
CASES: dict[str, tuple[Repository, tuple[str, ...]]] = {
    "a caller": (
        {"main.tf": CALL % ("./m", '"*"'), "m/main.tf": POLICY % ""},
        ("main.tf", "m/main.tf"),
    ),
    "a caller of a caller": (
        {
            "live/main.tf": CALL % ("../a", '"*"'),
            "a/main.tf": 'variable "actions" {}\n' + CALL % ("../b", "[var.actions]"),
            "b/main.tf": POLICY % "",
        },
        ("live/main.tf", "a/main.tf", "b/main.tf"),
    ),
    "a local that is computed": (
        {
            "main.tf": CALL % ("./m", "local.all"),
            "locals.tf": 'locals {\n  all = join("", ["*"])\n}\n',
            "m/main.tf": POLICY % "",
        },
        ("main.tf", "locals.tf", "m/main.tf"),
    ),
    "a file of values": (
        {
            "main.tf": 'variable "a" {}\n' + CALL % ("./m", "[var.a]"),
            "terraform.tfvars": 'a = "*"\n',
            "m/main.tf": POLICY % "",
        },
        ("main.tf", "terraform.tfvars", "m/main.tf"),
    ),
    "a default that a call lets count": (
        {
            "main.tf": 'module "one" {\n  source = "./m"\n}\n',
            "m/variables.tf": 'variable "actions" {\n  default = "*"\n}\n',
            "m/main.tf": POLICY.partition("resource")[2].join(["resource", ""]),
        },
        ("main.tf", "m/variables.tf", "m/main.tf"),
    ),
    "a condition that makes a policy": (
        {
            "main.tf": 'module "one" {\n  source = "./m"\n  count  = 1\n}\n',
            "m/main.tf": FILE % ("jsonencode(" + JSON % '"*"' + ")"),
        },
        ("main.tf", "m/main.tf"),
    ),
    "a file that a module reads": (
        {
            "live/main.tf": FILE % 'file("../policies/p.json")',
            "policies/p.json": JSON % '"*"',
        },
        ("live/main.tf", "policies/p.json"),
    ),
    "a file whose name is computed": (
        {
            "live/main.tf": FILE
            % 'file("../policies/${each.key}.json")\n  for_each = toset(["p"])',
            "policies/p.json": JSON % '"*"',
        },
        ("live/main.tf", "policies/p.json"),
    ),
    "a template that a module fills in": (
        {
            "main.tf": FILE % 'templatefile("p.tpl", {a = "*"})',
            "p.tpl": JSON % '"${a}"',
        },
        ("main.tf", "p.tpl"),
    ),
    "the JSON form of a module": (
        {
            "main.tf.json": json.dumps({"module": {"m": {"source": "./m", "actions": "*"}}}),
            "m/main.tf": POLICY % "",
        },
        ("main.tf.json", "m/main.tf"),
    ),
}
TEMPLATE = """
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Actions: {Type: CommaDelimitedList%s}
Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Action: !Ref Actions, Resource: "*"}]
"""
PARENT = """
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  S:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: %s, Parameters: %s}
"""
CASES |= {
    "a nested template": (
        {
            "live/main.yaml": PARENT % ("../child.yaml", '{Actions: "*"}'),
            "child.yaml": TEMPLATE % "",
        },
        ("live/main.yaml", "child.yaml"),
    ),
    "a nested template of a nested template": (
        {
            "main.yaml": PARENT % ("middle.yaml", '{Actions: "*"}'),
            "middle.yaml": PARENT % ("a/child.yaml", "{Actions: !Ref Actions}")
            + "Parameters: {Actions: {Type: String}}",
            "a/child.yaml": TEMPLATE % "",
        },
        ("main.yaml", "middle.yaml", "a/child.yaml"),
    ),
    "a nested application whose default counts": (
        {
            "main.yml": (PARENT % ("./child.yaml", "{}"))
            .replace("AWS::CloudFormation::Stack", "AWS::Serverless::Application")
            .replace("TemplateURL", "Location"),
            "child.yaml": TEMPLATE % ', Default: "*"',
        },
        ("main.yml", "child.yaml"),
    ),
    "a nested template of CDK": (
        {
            "main.template.json": json.dumps(
                {
                    "Resources": {
                        "S": {
                            "Type": "AWS::CloudFormation::Stack",
                            "Properties": {
                                "TemplateURL": {"Fn::Join": ["", ["https://", {"Ref": "Bucket"}]]},
                                "Parameters": {"Actions": "*"},
                            },
                            "Metadata": {
                                "aws:asset:path": "child.yaml",
                                "aws:asset:property": "TemplateURL",
                            },
                        }
                    }
                }
            ),
            "child.yaml": TEMPLATE % "",
        },
        ("main.template.json", "child.yaml"),
    ),
    "a fragment that a template includes": (
        {
            "main.yaml": """
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Actions: {Type: CommaDelimitedList}
Mappings: {Of: {All: {Actions: "*"}}}
Resources:
  Fn::Transform: {Name: AWS::Include, Parameters: {Location: ./part.yaml}}
""",
            "part.yaml": (TEMPLATE % "")
            .partition("Resources:\n")[2]
            .replace("!Ref Actions", "!FindInMap [Of, All, Actions]"),
        },
        ("main.yaml", "part.yaml"),
    ),
}


def write(folder: Path, files: Mapping[str, str]) -> None:
    (folder / ".git").mkdir(parents=True)
    for name, text in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)


def found(iamlint: Program, *args: str) -> set[tuple[str, str, int]]:
    result = iamlint("check", *args, "--output-format", "json")
    report = json.loads(result.out)
    return {(f["rule"], f["path"], f["range"]["start"]["offset"]) for f in report["findings"]}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_each_file_of_a_set_has_the_findings_of_all_of_them(
    case: tuple[Repository, tuple[str, ...]], iamlint: Program, tmp_path: Path
) -> None:
    files, together = case
    write(tmp_path, {**files, "unrelated/main.tf": OWN, "other.json": JSON % '"s3:GetObjct"'})

    everything = {one for one in found(iamlint, ".") if one[1] in files}

    assert "wildcard-admin" in {rule for rule, _, _ in everything}
    assert {name: found(iamlint, name) for name in together} == dict.fromkeys(together, everything)


@pytest.mark.parametrize("seed", range(6))
def test_closed_sets_read_one_by_one_say_what_all_files_say(seed: int, tmp_path: Path) -> None:
    drawn = random.Random(seed)  # noqa: S311 - draws a repository
    files: dict[str, str] = {"alone.json": JSON % '"s3:GetObject"'}
    for number in range(6):
        for name, (repository, _) in drawn.sample(sorted(CASES.items()), 1):
            folder = f"{number}-{len(name)}"
            files |= {f"{folder}/{path}": text for path, text in repository.items()}
    for number in range(3):
        files[f"shared-{number}/main.tf"] = POLICY % ""
        files[f"calls-{number}/main.tf"] = "".join(
            CALL.replace("one", f"m{other}") % (f"../shared-{other}", f'"s3:Get{number}{other}"')
            for other in drawn.sample(range(3), drawn.randint(0, 2))
        )
    write(tmp_path, files)
    options = LoadOptions(root=tmp_path, here=tmp_path)

    sets = related_sets(list_files([tmp_path], options).files, options.loaders)

    def said(paths: Iterable[str]) -> list[tuple[str, str]]:
        found = load([tmp_path / path for path in paths], options).documents
        return sorted((document.path, repr(document.value)) for document in found)

    paths = [path for one in sets for path in one]
    assert sorted(paths) == sorted(set(paths))
    assert len(sets) > 3
    assert sorted(item for one in sets for item in said(sorted(one))) == said(paths)
