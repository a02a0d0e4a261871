"""Whether conditions hold by the values that the user gives."""

from __future__ import annotations

import pytest

from iamlint.load import LoadOptions, Var, load
from tests.support.loading import load_text

TEMPLATE = """
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Env: {Type: String}
  Open: {Type: String}
  Other: {Type: String}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsOpen: !Equals [!Ref Open, true]
  IsOther: !Equals [!Ref Other, x]
  It: %s
Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Allow, Action: "s3:GetObject", Resource: !If [It, "yes", "no"]}
"""


@pytest.mark.parametrize(
    ("condition", "sides"),
    [
        ("!Equals [!Ref Env, prod]", ["yes"]),
        ("!Equals [dev, !Ref Env]", ["no"]),
        ("!Equals [!Ref Open, true]", ["yes"]),
        ("!Equals [!Ref Other, !Ref Other]", ["yes"]),
        ("!Equals [!Ref Other, x]", ["yes", "no"]),
        ("!Not [!Condition IsProd]", ["no"]),
        ("!Not [Condition: IsProd]", ["no"]),
        ("!Not [!Condition IsOther]", ["yes", "no"]),
        ("!Or [!Condition IsOther, !Not [!Condition IsOther]]", ["yes"]),
        ("!And [!Condition IsOther, !Not [!Condition IsOther]]", ["no"]),
        ("!And [!Equals [!Ref Other, x], !Equals [!Ref Other, y]]", ["no"]),
        ("!Or [!Equals [!Ref Other, x], !Equals [!Ref Other, y]]", ["yes", "no"]),
        ("!And [!Condition IsProd, !Condition IsOpen]", ["yes"]),
        ("!And [!Condition IsProd, !Condition IsOther]", ["yes", "no"]),
        ("!And [!Not [!Condition IsProd], !Condition IsOther]", ["no"]),
        ("!Or [!Condition IsProd, !Condition IsOther]", ["yes"]),
        ("!Or [!Not [!Condition IsProd], !Not [!Condition IsOpen]]", ["no"]),
        ("!Or [!Not [!Condition IsProd], !Condition IsOther]", ["yes", "no"]),
        ("!Condition It", ["yes", "no"]),
        ("!Condition Gone", ["yes", "no"]),
        ("!Not []", ["yes", "no"]),
        ("!Odd [!Condition IsProd]", ["yes", "no"]),
    ],
)
def test_condition_goes_as_the_given_values_decide_and_both_ways_otherwise(
    condition: str, sides: list[str]
) -> None:
    given = (Var("Env", "prod", "--var"), Var("Open", "true", "--var"))
    text = (TEMPLATE % condition).encode()

    found = load(["-"], LoadOptions(stdin=text, stdin_name="t.yaml", given=given))

    assert [d.policy.statements[0].resources[0].text for d in found.documents] == sides


def test_condition_that_holds_whenever_another_does_makes_no_case_against_it() -> None:
    text = TEMPLATE % "!Or [!Condition IsProd, !Condition IsOther]"
    text = text.replace('Action: "s3:GetObject"', "Action: !If [IsProd, a:a, b:b]")

    found = load_text(text, "t.yaml").documents

    assert [d.when for d in found] == [
        "IsProd and It",
        "not IsProd and It",
        "not IsProd and not It",
    ]
