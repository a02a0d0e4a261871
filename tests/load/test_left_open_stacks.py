"""Twins: nested templates, their outputs, defaults and loops."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.load.twins import Twin, as_test, findings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program

CHILD = """
AWSTemplateFormatVersion: "2010-09-09"
Parameters: {Action: {Type: String}}
Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Action: !Ref Action, Resource: "arn:aws:s3:::shelf/*"}]
Outputs:
  Verb: {Value: !Ref Action}
  Where: {Value: !Sub "arn:aws:s3:::${Action}"}
"""
PARENT = """
AWSTemplateFormatVersion: "2010-09-09"
Parameters: {Deed: {Type: String DEFAULT}}
Resources:
  Child:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: child.yaml, Parameters: {Action: PASSED}}
"""
POLICY = """
  Own:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Action: ACTION, Resource: "arn:aws:s3:::shelf/*"}]
"""
MIDDLE = """
AWSTemplateFormatVersion: "2010-09-09"
Parameters: {Action: {Type: String}}
Resources:
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: inner.yaml, Parameters: {Action: !Ref Action}}
Outputs:
  Verb: {Value: !GetAtt Inner.Outputs.Verb}
"""
LOOP = """
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::LanguageExtensions
Parameters: {Env: {Type: String}}
Conditions:
  Fn::ForEach::Envs:
    - Name
    - [prod, test]
    - "Is${Name}": !Equals [!Ref Name, CONSTANT]
Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          Effect: Allow
          Action: !If [Isprod, "s3:GetObjekt", "s3:GetObject"]
          Resource: "arn:aws:s3:::shelf/*"
"""
LOOPS = """
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::LanguageExtensions
Conditions:
  Isprod: !Equals [prod, CONSTANT]
  Istest: !Equals [test, CONSTANT]
Resources:
  Fn::ForEach::Envs:
    - Name
    - [prod, test]
    - "P${Name}":
        Type: AWS::IAM::ManagedPolicy
        Condition: "Is${Name}"
        Properties:
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              Effect: Allow
              Action: "s3:GetObjekt"
              Resource: "arn:aws:s3:::shelf/*"
"""


def stacks(action: str, *, own: str = "", default: str = "", **more: str) -> dict[str, str]:
    """Return a template that nests another one, which gets an action."""
    declared = f", Default: {default!r}" if default else ""
    parent = PARENT.replace("PASSED", action).replace(" DEFAULT", declared)
    parent += POLICY.replace("ACTION", own) if own else ""
    return {"parent.yaml": parent, "child.yaml": CHILD, **more}


def chained(action: str) -> dict[str, str]:
    """Return a template that uses an output of a template nested by its nested one."""
    found = stacks(action, own="!GetAtt Child.Outputs.Verb")
    return {**found, "child.yaml": MIDDLE, "inner.yaml": CHILD}


GOOD, BAD = '"s3:GetObject"', '"s3:GetObjekt"'
OUTPUT = "!GetAtt Child.Outputs.Verb"
TWINS = [
    Twin(
        f"an output that the parent takes, {name}",
        harmless=stacks(GOOD, own=own),
        faulty=stacks(BAD, own=own),
        rule="unknown-action",
    )
    for name, own in {
        "short": OUTPUT,
        "as a list": "{Fn::GetAtt: [Child, Outputs.Verb]}",
        "in a text": '!Sub "${Child.Outputs.Verb}"',
        "in a list": f"[{OUTPUT}]",
    }.items()
]
TWINS += [
    Twin(
        "an output of a template two levels below",
        harmless=chained(GOOD),
        faulty=chained(BAD),
        rule="unknown-action",
    ),
    Twin(
        "a default of the parent that is passed on",
        harmless=stacks("!Ref Deed", default="s3:GetObject"),
        faulty=stacks("!Ref Deed", default="s3:GetObjekt"),
        rule="unknown-action",
    ),
    Twin(
        "a condition that a loop defines",
        harmless={"t.yaml": LOOP.replace("CONSTANT", "dev")},
        faulty={"t.yaml": LOOP.replace("CONSTANT", "prod")},
        rule="unknown-action",
    ),
    Twin(
        "a resource of a loop that is made on the condition of its turn",
        harmless={"t.yaml": LOOPS.replace("CONSTANT", "dev")},
        faulty={"t.yaml": LOOPS.replace("CONSTANT", "test")},
        rule="unknown-action",
    ),
    Twin(
        "a condition that a loop defines with a parameter",
        harmless={
            "t.yaml": LOOP.replace("CONSTANT", "!Ref Env").replace("GetObjekt", "GetObject*")
        },
        faulty={"t.yaml": LOOP.replace("CONSTANT", "!Ref Env")},
        rule="unknown-action",
    ),
]


test_only_the_faulty_twin_is_reported = as_test(TWINS)


def test_action_of_the_parent_itself_is_reported_where_an_output_gives_it(
    iamlint: Program, tmp_path: Path
) -> None:
    found = findings(stacks(BAD, own=OUTPUT), iamlint, tmp_path / "it")

    assert [(one.path, one.rule) for one in found] == [
        ("child.yaml", "unknown-action"),
        ("parent.yaml", "unknown-action"),
    ]


def test_default_of_the_parent_is_named_where_a_nested_template_or_its_output_has_the_fault(
    iamlint: Program, tmp_path: Path
) -> None:
    files = stacks("!Ref Deed", own=OUTPUT, default="s3:GetObjekt")

    found = findings(files, iamlint, tmp_path / "it")

    assert [one.path for one in found] == ["child.yaml", "parent.yaml"]
    assert all(one.message.endswith(", with the default of parameter `Deed`") for one in found)


def test_template_whose_output_leads_back_to_it_is_unknown(
    iamlint: Program, tmp_path: Path
) -> None:
    files = stacks(GOOD, own=OUTPUT)
    files["child.yaml"] = files["parent.yaml"].replace("child.yaml", "parent.yaml")
    files["child.yaml"] += f"Outputs: {{Verb: {{Value: {OUTPUT}}}}}\n"

    assert findings(files, iamlint, tmp_path / "it") == []
