"""Messages are for people: no decision of the loaders depends on their words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from iamlint.load import LoadOptions, load
from iamlint.load.document import Cause, NotAnalysed
from iamlint.load.dumps import dumps
from iamlint.text.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from iamlint.text.span import Pointer

STATEMENT = '{"Effect": "Allow", "Action": "*", "Resource": "*"}'
POLICY = f'{{"Version": "2012-10-17", "Statement": [{STATEMENT}]}}'
VERSION = {"Document": json.loads(POLICY), "VersionId": "v1"}
MANAGED = {
    "PolicyName": "p",
    "Arn": "arn:aws:iam::111122223333:policy/p",
    "PolicyVersionList": [
        {**VERSION, "IsDefaultVersion": True},
        {**VERSION, "IsDefaultVersion": False},
        {**VERSION, "IsDefaultVersion": False},
    ],
}
FILES = {
    "nul.json": POLICY.encode() + b"\0",
    "latin.json": POLICY.encode() + b"\xff",
    "deep.json": POLICY.replace("*", "[" * 300, 1).encode(),
    "deep.yaml": b"Statement: " + b"[" * 300,
    "templated.yaml": b"Version: 2012-10-17\n{{ if .x }}\nStatement: []\n{{ end }}\n",
    "broken.json": POLICY.replace(",", "", 1).encode(),
    "broken.yaml": b"Version: 2012-10-17\nStatement: [Effect: {Allow\n",
    "dump.json": json.dumps({"Policies": [MANAGED]}).encode(),
    "stack.json": b'{"Statement": {"Effect": "Deny", "Principal": "*", "Action": "Update:*"}}',
    "tree.json": b'{"version": "tree-0.1", "tree": {"Statement": "2012-10-17"}}',
    "template.yaml": b"""
Transform: AWS::Serverless-2016-10-31
Parameters: {Text: {Type: String}}
Resources:
  Open: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: !Ref Text}}
  Stack:
    Type: AWS::S3::BucketPolicy
    Properties:
      PolicyDocument: {Statement: {Effect: Deny, Principal: "*", Action: "Update:*"}}
  Function: {Type: AWS::Serverless::Function, Properties: {Policies: [{NoSuchPolicy: {}}]}}
""",
    "main.tf": f"""
variable "x" {{}}
resource "aws_iam_policy" "open" {{
  policy = var.x
}}
resource "aws_iam_policy" "conditional" {{
  count  = var.x ? 1 : 0
  policy = jsonencode({POLICY})
}}
resource "aws_organizations_policy" "other" {{
  type    = "TAG_POLICY"
  content = jsonencode({{ tags = {{}} }})
}}
resource "alicloud_ram_policy" "other" {{
  policy_document = jsonencode({{
    Version = "1", Statement = [{{ Effect = "Allow", Action = "oss:*", Resource = "*" }}]
  }})
}}
resource "aws_iam_policy" {{
""".encode(),
}


def outcomes(folder: Path) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Return the outcome of each file, without any words."""
    loaded = load([str(folder)], LoadOptions())
    documents = [(d.path, d.pointer, d.kind, d.source.readable) for d in loaded.documents]
    left_out = [(n.path, n.pointer, n.cause, n.unreadable) for n in loaded.not_analysed]
    return documents, left_out


def test_rewording_changes_no_decision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
    before = outcomes(tmp_path)
    unreadable: Callable[..., Source] = Source.unreadable
    monkeypatch.setattr(
        Source,
        "unreadable",
        lambda text, dialect, _, *rest: unreadable(text, dialect, "reworded", *rest),
    )
    for name in ("_OLD", "_AGAIN", "_STANDARD"):
        monkeypatch.setattr(dumps, name, "reworded")

    assert outcomes(tmp_path) == before


def test_no_decision_of_any_loader_depends_on_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
    before = outcomes(tmp_path)
    create = NotAnalysed.__init__

    def reworded(
        self: NotAnalysed, path: str, pointer: Pointer, reason: str, *given: Any, **more: Any
    ) -> None:
        create(self, path, pointer, reason[::-1], *given, **more)

    monkeypatch.setattr(NotAnalysed, "__init__", reworded)

    assert outcomes(tmp_path) == before
    assert {path.rpartition("/")[2] for path, *_ in before[1]} >= {"template.yaml", "main.tf"}


def test_what_could_have_been_a_policy_is_not_spared() -> None:
    spared = {cause for cause in Cause if cause.is_spared}

    assert set(Cause) - spared == {
        *(Cause.LIMIT, Cause.NOT_TEXT, Cause.TEMPLATED, Cause.BROKEN, Cause.OTHER),
        *(Cause.SIGN, Cause.UNASKED),
    }


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("nul.json", Cause.NOT_TEXT),
        ("latin.json", Cause.NOT_TEXT),
        ("deep.yaml", Cause.LIMIT),
        ("templated.yaml", Cause.TEMPLATED),
        ("dump.json", Cause.REPEATED),
        ("stack.json", Cause.NOT_IAM),
        ("tree.json", Cause.ELSEWHERE),
    ],
)
def test_what_is_left_out_has_a_cause(name: str, cause: Cause, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(FILES[name])

    (left_out,) = load([str(tmp_path)], LoadOptions()).not_analysed

    assert left_out.cause is cause
