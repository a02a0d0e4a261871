"""What is shown while the user types: nothing new, and nothing that is still so goes away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iamlint.server.checked import TextQuestion, check
from iamlint.server.texts import OpenText
from iamlint.server.unfinished import ShownFindings, TextChange, change, while_typing
from iamlint.text.span import Lines

if TYPE_CHECKING:
    from pathlib import Path

    from iamlint.server.checked import CheckedText

JSON = """{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": "*", "Resource": "*"},
    |
    {"Effect": "Allow", "Action": "s3:GetObjcet", "Resource": "arn:aws:s3:::b/*"}
  ]
}
"""
YAML = """Version: "2012-10-17"
Statement:
  - Effect: Allow
    Action: "*"
    Resource: "*"
|
  - Effect: Allow
    Action: s3:GetObjcet
    Resource: arn:aws:s3:::b/*
"""
TEMPLATE = """Resources:
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: "*"
            Resource: "*"
|
          - Effect: Allow
            Action: s3:GetObjcet
            Resource: arn:aws:s3:::b/*
"""
DOCUMENT = """data "aws_iam_policy_document" "d" {
  statement {
    actions   = ["*"]
    resources = ["*"]
  }
  |
  statement {
    actions   = ["s3:GetObjcet"]
    resources = ["arn:aws:s3:::b/*"]
  }
}
resource "aws_iam_policy" "p" {
  policy = data.aws_iam_policy_document.d.json
}
"""
TYPED = {
    "p.json": (
        JSON,
        '{"Effect": "Allow", "Action": ["s3:PutObject"], "Resource": "arn:aws:s3:::a/*"},',
    ),
    "p.yaml": (
        YAML,
        "  - Effect: Allow\n    Action: s3:PutObject\n    Resource: arn:aws:s3:::a/*\n",
    ),
    "t.yaml": (
        TEMPLATE,
        (
            "          - Effect: Allow\n            Action:\n              - s3:PutObject\n"
            "            Resource: !Sub arn:aws:s3:::${AWS::AccountId}/*\n"
        ),
    ),
    "x.tf": (
        DOCUMENT,
        'statement {\n    actions = ["s3:PutObject"]\n    resources = ["arn:aws:s3:::a/*"]\n  }',
    ),
}


def checked(folder: Path, name: str, text: str) -> tuple[CheckedText, OpenText]:
    place = str(folder / name)
    question = TextQuestion(place, folder, {place: text.encode()})
    return check(question), OpenText(f"file://{place}", place, 1, Lines(text))


@pytest.mark.parametrize("name", TYPED)
def test_while_a_statement_is_typed_the_findings_of_the_others_stay_and_none_is_new(
    tmp_path: Path, name: str
) -> None:
    folder = tmp_path.resolve()
    marked, typed = TYPED[name]
    start, end = marked.split("|")
    found, text = checked(folder, name, start + end)
    before = ShownFindings(text, found.findings)
    expected = sorted(
        (f.rule, (start + end)[f.range.start.offset : f.range.end.offset]) for f in found.findings
    )
    assert {rule for rule, _ in expected} >= {"wildcard-admin", "unknown-action"}

    for number in range(1, len(typed) + 1):
        whole = start + typed[:number] + end
        found, text = checked(folder, name, whole)

        shown = while_typing(before, found, text)

        assert [
            (f.rule, whole[f.range.start.offset : f.range.end.offset])
            for f in sorted(shown, key=lambda f: f.rule)
        ] == expected, typed[:number]


def test_finding_that_the_user_fixes_goes_at_once(tmp_path: Path) -> None:
    wrong = JSON.replace("|", "")
    found, text = checked(tmp_path.resolve(), "p.json", wrong)
    before = ShownFindings(text, found.findings)

    found, text = checked(tmp_path.resolve(), "p.json", wrong.replace("GetObjcet", "GetObject"))

    shown = {f.rule for f in while_typing(before, found, text)}
    assert shown == {f.rule for f in before.findings} - {"unknown-action"}
    assert "unknown-action" in {f.rule for f in before.findings}


def test_finding_that_the_user_types_on_has_the_new_message(tmp_path: Path) -> None:
    wrong = JSON.replace("|", "")
    found, text = checked(tmp_path.resolve(), "p.json", wrong)
    before = ShownFindings(text, found.findings)

    found, text = checked(tmp_path.resolve(), "p.json", wrong.replace("GetObjcet", "GetObj"))

    assert any(f.message.startswith("`s3:GetObj` ") for f in while_typing(before, found, text))


@given(st.text("ab\n", max_size=8), st.text("ab\n", max_size=8))
def test_change_is_the_stretch_in_which_two_texts_differ(old: str, new: str) -> None:
    made = change(old, new)

    assert old[: made.start] == new[: made.start]
    assert old[made.old_end :] == new[made.new_end :]
    assert made.start <= min(made.old_end, made.new_end)
    if old == new:
        assert made == TextChange(len(old), len(old), len(old))
