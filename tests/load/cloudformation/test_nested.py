"""The values of templates that others nest or include, and the items not analysed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.load import Loaded, LoadOptions, Var, load
from iamlint.load.document import Cause
from iamlint.text.source import Input, Unknown

if TYPE_CHECKING:
    from pathlib import Path

    from iamlint.text.source import Value

CHILD = """
AWSTemplateFormatVersion: "2010-09-09"
Parameters: {Action: {Type: String}}
Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: {Statement: [{Effect: Allow, Action: !Ref Action, Resource: "*"}]}
"""
STACK = """
  %s:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: %s, Parameters: %s}
"""
PARENT = """
AWSTemplateFormatVersion: "2010-09-09"
Parameters: {Env: {Type: String}}
Conditions: {IsProd: !Equals [!Ref Env, prod]}
Resources:
"""


def loaded(folder: Path, parent: str, *given: Var, child: str = CHILD) -> Loaded:
    (folder / "parent.yaml").write_text(PARENT + parent)
    (folder / "child.yaml").write_text(child)
    return load([folder], LoadOptions(root=folder, here=folder, given=given))


def actions(found: Loaded) -> list[Value]:
    values = [document.value for document in found.documents]
    return [value["Statement"][0]["Action"] for value in values]  # type: ignore[index,call-overload]


def left_out(found: Loaded) -> list[tuple[str, str]]:
    return [(item.path, item.reason) for item in found.not_analysed]


def test_a_policy_is_one_of_each_stack_that_has_it(tmp_path: Path) -> None:
    stacks = [
        STACK % (name, "child.yaml", f'{{Action: "{action}"}}')
        for name, action in (("A", "s3:Get*"), ("B", "s3:Get*"), ("C", "s3:Put*"))
    ]

    assert actions(loaded(tmp_path, "".join(stacks))) == ["s3:Get*", "s3:Get*", "s3:Put*"]


def test_unknown_value_stays_unknown_and_names_the_parameter_of_the_parent(tmp_path: Path) -> None:
    found = loaded(tmp_path, STACK % ("A", "child.yaml", "{Action: !Ref Env}"))

    (action,) = actions(found)
    assert isinstance(action, Unknown)
    assert action.inputs == (Input("parameter Env"),)


def test_value_that_the_user_gives_to_the_parent_is_passed_on(tmp_path: Path) -> None:
    parent = STACK % ("A", "child.yaml", '{Action: !Sub "${Env}:*"}')

    assert actions(loaded(tmp_path, parent, Var("Env", "s3", "--var"))) == ["s3:*"]


def test_each_branch_of_a_condition_is_a_case_of_one_policy(tmp_path: Path) -> None:
    parent = STACK % ("A", "child.yaml", '{Action: !If [IsProd, "s3:Get*", "s3:*"]}')

    documents = loaded(tmp_path, parent).documents

    assert [document.when for document in documents] == ["IsProd", "not IsProd"]
    assert len({id(document.cases) for document in documents}) == 1
    assert all(document.cases and document.cases.is_always for document in documents)


def test_what_is_the_same_in_all_cases_has_none(tmp_path: Path) -> None:
    child = CHILD.replace("!Ref Action", '"s3:*"')
    parent = STACK % ("A", "child.yaml", "{Action: !If [IsProd, a, b]}")

    (document,) = loaded(tmp_path, parent, child=child).documents

    assert (document.readings, document.cases) == ((), None)


def test_stack_that_a_given_value_takes_away_nests_nothing(tmp_path: Path) -> None:
    parent = STACK % ("A", "child.yaml", '{Action: "s3:*"}') + "    Condition: IsProd\n"

    assert actions(loaded(tmp_path, parent, Var("Env", "dev", "--var"))) == []
    assert actions(loaded(tmp_path, parent, Var("Env", "prod", "--var"))) == ["s3:*"]


def test_template_that_is_not_nested_is_judged_by_itself(tmp_path: Path) -> None:
    found = loaded(tmp_path, STACK % ("A", "https://example.com/child.yaml", "{Action: a}"))

    (action,) = actions(found)
    assert isinstance(action, Unknown)
    assert action.inputs == (Input("parameter Action"),)


def test_templates_that_nest_each_other_are_judged_by_themselves(tmp_path: Path) -> None:
    child = CHILD + STACK % ("Back", "parent.yaml", "{}")

    assert len(loaded(tmp_path, STACK % ("A", "child.yaml", "{}"), child=child).documents) == 1


def test_template_that_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    parent = STACK % ("A", "gone.yaml", "{}") + STACK % ("B", "../outside.yaml", "{}")
    (tmp_path / ".git").mkdir()

    assert left_out(loaded(tmp_path, parent)) == [
        ("parent.yaml", "nested template `gone.yaml`, which cannot be read"),
        ("parent.yaml", "nested template `../outside.yaml`, which cannot be read"),
    ]


def test_stack_policy_of_a_resource_takes_nothing_from_an_answer(tmp_path: Path) -> None:
    policy = '{Statement: [{Effect: Allow, Action: "Update:*", Principal: "*", Resource: "*"}]}'
    resource = f"  C: {{Type: Custom::It, Properties: {{Body: {policy}}}}}\n"

    (item,) = loaded(tmp_path, resource, child="").not_analysed

    assert item.cause is Cause.NOT_IAM


def test_output_of_a_template_that_cannot_be_read_or_leads_back_is_unknown(tmp_path: Path) -> None:
    policy = CHILD.partition("Resources:\n")[2].replace("!Ref Action", "!GetAtt A.Outputs.X")
    for target in ("gone.yaml", "parent.yaml"):
        found = loaded(tmp_path, STACK % ("A", target, "{}") + policy, child="")

        (action,) = actions(found)
        assert isinstance(action, Unknown)


def test_fragment_that_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    transform = "Fn::Transform: {Name: AWS::Include, Parameters: {Location: gone.yaml}}"
    policy = "  P: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {%s}}}\n"

    found = loaded(tmp_path, policy % transform + f"  {transform}\n")

    reason = "fragment `gone.yaml`, which cannot be read"
    assert left_out(found) == [("parent.yaml", reason)] * 2


def test_template_that_is_nested_too_often_is_left_out(tmp_path: Path) -> None:
    stacks = [STACK % (f"S{n}", "child.yaml", f'{{Action: "s3:A{n}"}}') for n in range(66)]

    found = loaded(tmp_path, "".join(stacks))

    assert len(found.documents) == 64
    reason = "nests `child.yaml`, which is nested more than 64 times"
    assert left_out(found) == [("parent.yaml", reason)] * 2


def test_parameter_of_a_template_without_policies_takes_a_value(tmp_path: Path) -> None:
    found = loaded(tmp_path, "  T: {Type: AWS::SNS::Topic}\n", Var("Env", "prod", "--var"))

    assert sorted(taker.name for taker in found.takers) == ["Action", "Env"]


@pytest.mark.parametrize(
    ("declared", "passed", "action"),
    [
        ("{Type: String}", "{Action: a:b}", "a:b"),
        ("{Type: String}", "{Action: 7}", "7"),
        ("{Type: String}", "{Action: true}", "true"),
        ("{Type: String, Default: a:d}", "{}", "a:d"),
        ("{Type: String, Default: a:d}", "{Action: a:b}", "a:b"),
        ("{Type: String}", "{Action: [a:b, a:c]}", "a:b,a:c"),
        ("{Type: CommaDelimitedList}", "{Action: [a:b, a:c]}", ["a:b", "a:c"]),
        ("{Type: CommaDelimitedList}", '{Action: "a:b, a:c"}', ["a:b", "a:c"]),
        ("{Type: CommaDelimitedList, Default: a:d}", "{}", ["a:d"]),
    ],
)
def test_parameter_of_a_nested_template_is_what_its_stack_passes(
    declared: str, passed: str, action: Value, tmp_path: Path
) -> None:
    child = CHILD.replace("{Type: String}", declared)

    assert actions(loaded(tmp_path, STACK % ("A", "child.yaml", passed), child=child)) == [action]


@pytest.mark.parametrize(
    ("declared", "passed", "inputs"),
    [
        ("{Type: String}", "{}", (Input("parameter Action"),)),
        ("{Type: String}", "a", (Input("parameter Action"),)),
        ("{Type: String}", "{Action: {a: b}}", ()),
        ("{Type: String}", "{Action: !ImportValue x}", ()),
        ("{Type: CommaDelimitedList}", "{Action: [a:b, !Ref Env]}", (Input("parameter Env"),)),
        ("{Type: CommaDelimitedList}", '{Action: !Sub "a:${Env}"}', (Input("parameter Env"),)),
        ("{Type: String, NoEcho: true}", "{Action: a:b}", ()),
        ("AWS::SSM::Parameter::Value<String>", "{Action: a:b}", ()),
        ('{Type: "AWS::SSM::Parameter::Value<String>"}', "{Action: a:b}", ()),
    ],
)
def test_parameter_of_a_nested_template_that_is_passed_nothing_known_is_unknown(
    declared: str, passed: str, inputs: tuple[Input, ...], tmp_path: Path
) -> None:
    child = CHILD.replace("{Type: String}", declared)

    (action,) = actions(loaded(tmp_path, STACK % ("A", "child.yaml", passed), child=child))

    assert isinstance(action, Unknown)
    assert action.inputs == inputs


def test_what_is_not_analysed_in_a_nested_template_is_listed_there(tmp_path: Path) -> None:
    child = CHILD.replace(
        '{Statement: [{Effect: Allow, Action: !Ref Action, Resource: "*"}]}', "!ImportValue x"
    )

    found = loaded(tmp_path, STACK % ("A", "child.yaml", "{Action: a}"), child=child)

    assert (found.documents, left_out(found)) == (
        (),
        [("child.yaml", "`${Fn::ImportValue}` is not known")],
    )


INCLUDE = "{Fn::Transform: {Name: AWS::Include, Parameters: {Location: %s}}}"


def test_policy_of_a_fragment_has_the_values_of_the_template_that_includes_it(
    tmp_path: Path,
) -> None:
    (tmp_path / "policy.yaml").write_text(
        "Statement: [{Effect: Allow, Action: {Ref: Env}, Resource: '*'}]\n"
    )
    policy = "  P: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: %s}}\n"

    parent = policy % INCLUDE % "policy.yaml"
    found = loaded(tmp_path, parent, Var("Env", "s3:Get*", "--var"), child="{}")

    assert [(d.path, d.attachment.address) for d in found.documents] == [("policy.yaml", "P")]
    assert actions(found) == ["s3:Get*"]


def test_fragment_that_includes_another_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(INCLUDE % "two.yaml")
    (tmp_path / "two.yaml").write_text("Statement: [{Effect: Allow, Action: a:b, Resource: '*'}]\n")
    policy = "  P: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: %s}}\n"

    found = loaded(tmp_path, policy % INCLUDE % "one.yaml", child="{}")

    assert left_out(found) == [("parent.yaml", "fragment `one.yaml`, which includes another")]
