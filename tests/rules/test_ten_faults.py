"""Ten grammar faults give ten findings, on the very characters, in every dialect alike."""

from __future__ import annotations

import pytest

from iamlint.catalog import Catalog
from iamlint.linter.check import CheckOptions, check_documents
from iamlint.load.document import Document
from iamlint.policy.grammar import Kind
from iamlint.rule.finding import Family, Finding
from iamlint.rules import BUILTIN
from iamlint.text import read_text

JSON = """\
{
  "Version": "2012-10-18",
  "Statement": [
    {
      "Sid": 7,
      "effect": "Allow",
      "Action": "s3:GetObject",
      "Resource": "*"
    },
    {"Action": "s3:PutObject", "Resource": "*"},
    {
      "Effect": "allow",
      "Action": ["s3:GetObject"],
      "NotAction": "s3:PutObject",
      "Resource": "*",
      "Condition": {
        "StringEqual": {"aws:PrincipalTag/ä😀": "red"},
        "StringLike": {"PrincipalTag": "r*"},
        "NullIfExists": {"aws:PrincipalTag/team": "true"},
        "StringNotEquals": {"aws:PrincipalTag/level": ["1", 2]}
      }
    }
  ]
}
"""
JSON5 = """\
// ten faults
{
  Version: '2012-10-18',
  Statement: [
    {
      Sid: 7,
      effect: "Allow",
      Action: "s3:GetObject", /* read */
      Resource: "*",
    },
    {Action: 's3:PutObject', Resource: '*'},
    {
      Effect: 'allow',
      Action: ["s3:GetObject"],
      NotAction: "s3:PutObject",
      Resource: "*",
      Condition: {
        StringEqual: {"aws:PrincipalTag/ä😀": "red"},
        StringLike: {'PrincipalTag': "r*"},
        "NullIfExists": {"aws:PrincipalTag/team": "true"},
        StringNotEquals: {"aws:PrincipalTag/level": ["1", 2,]},
      },
    },
  ],
}
"""
YAML = """\
# ten faults
Version: 2012-10-18
Statement:
  - Sid: 7
    effect: Allow
    Action: s3:GetObject
    Resource: "*"
  - {Action: s3:PutObject, Resource: "*"}
  - Effect: allow
    Action: [s3:GetObject]
    "NotAction": s3:PutObject
    Resource: "*"
    Condition:
      StringEqual:
        aws:PrincipalTag/ä😀: red
      StringLike: {PrincipalTag: "r*"}
      NullIfExists:
        aws:PrincipalTag/team: "true"
      StringNotEquals: {"aws:PrincipalTag/level": ["1", 2]}
"""
FAULTS = (
    ("invalid-version", '"2012-10-18"', "'2012-10-18'", "2012-10-18"),
    ("wrong-type", "7", "7", "7"),
    ("unknown-element", '"effect"', "effect", "effect"),
    (
        "missing-effect",
        '{"Action": "s3:PutObject", "Resource": "*"}',
        "{Action: 's3:PutObject', Resource: '*'}",
        '{Action: s3:PutObject, Resource: "*"}',
    ),
    ("invalid-effect", '"allow"', "'allow'", "allow"),
    ("conflicting-elements", '"NotAction"', "NotAction", '"NotAction"'),
    ("unknown-operator", '"StringEqual"', "StringEqual", "StringEqual"),
    ("invalid-condition-key", '"PrincipalTag"', "'PrincipalTag'", "PrincipalTag"),
    ("null-if-exists", '"NullIfExists"', '"NullIfExists"', "NullIfExists"),
    ("mixed-condition-values", '["1", 2]', '["1", 2,]', '["1", 2]'),
)


@pytest.mark.parametrize(
    ("name", "text", "column"),
    [("a.json", JSON, 1), ("a.json5", JSON5, 2), ("a.yaml", YAML, 3)],
)
def test_ten_faults_are_ten_findings_on_the_right_characters(
    name: str, text: str, column: int
) -> None:
    expected = [(row[0], row[column]) for row in FAULTS]

    assert [(f.rule, _reported(f, text)) for f in _findings(name, text)] == expected


@pytest.mark.parametrize(("name", "text"), [("a.json", JSON), ("a.json5", JSON5), ("a.yaml", YAML)])
def test_lines_and_columns_lead_to_the_same_characters_as_offsets(name: str, text: str) -> None:
    lines = text.split("\n")
    for finding in _findings(name, text):
        start = finding.range.start
        assert lines[start.line - 1][start.column - 1 :].startswith(
            _reported(finding, text).split("\n")[0]
        )


def _findings(name: str, text: str) -> list[Finding]:
    rules = tuple(rule for rule in BUILTIN if rule.family is Family.SYNTAX)
    source = read_text(text, name=name)
    document = Document(name, source, (), (), Kind.IDENTITY)
    found = list(check_documents([document], CheckOptions(rules=rules, catalog=Catalog.open())))
    assert all(isinstance(item, Finding) for item in found)
    return sorted((f for f in found if isinstance(f, Finding)), key=lambda f: f.range)


def _reported(finding: Finding, text: str) -> str:
    return text[finding.range.start.offset : finding.range.end.offset]
