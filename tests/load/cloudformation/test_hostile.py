"""Hostile templates are read, in time proportional to their size."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support.loading import load_text

if TYPE_CHECKING:
    from iamlint.load import Loaded

STATEMENT = '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}'


def loaded(text: str, name: str = "template.json") -> Loaded:
    return load_text(text, name)


def template(properties: str, type_: str = "Custom::Thing") -> str:
    return f'{{"Resources": {{"A": {{"Type": "{type_}", "Properties": {properties}}}}}}}'


def managed(policy: str) -> str:
    return template(f'{{"PolicyDocument": {policy}}}', "AWS::IAM::ManagedPolicy")


def nested(start: str, inner: str, end: str, levels: int) -> str:
    return start * levels + inner + end * levels


LEAF = json.dumps(["x" * 50] * 5_000)


@pytest.mark.parametrize(
    "properties",
    [
        nested('{"Statement": ', LEAF, "}", 150),
        nested('{"Statement": [', LEAF, "]}", 80),
        nested('{"PolicyDocument": ', LEAF, "}", 150),
        nested('{"Statement": {"Fn::If": ["C", ', LEAF, ', "x"]}}', 60),
        nested('{"Fn::If": ["C", ', LEAF, ', "x"]}', 90),
        nested('{"Fn::Join": ["", [', LEAF, "]]}", 45),
    ],
)
def test_deep_nesting_around_a_large_value_is_no_policy(properties: str) -> None:
    assert loaded(template(f'{{"P": {properties}}}')).documents == ()


@pytest.mark.parametrize(
    "policy",
    [
        nested('{"Fn::Join": ["", [', '"a"', "]]}", 60),
        nested('{"Fn::Sub": ["${a}", {"a": ', '"a"', "}]}", 60),
        nested('{"Fn::Select": [0, [', '"a"', "]]}", 60),
        nested('{"Fn::ToJsonString": ', STATEMENT, "}", 150),
        nested('{"Fn::FindInMap": ["a", "b", ', '"c"', "]}", 90),
    ],
)
def test_functions_in_functions_are_answered(policy: str) -> None:
    found = loaded(managed(policy))

    assert len(found.documents) + len(found.not_analysed) == 1


def test_conditions_in_conditions_are_bounded() -> None:
    policy = STATEMENT
    for number in range(60):
        policy = f'{{"Fn::If": ["C{number}", {policy}, {STATEMENT}]}}'
    found = loaded(managed(f'{{"Statement": [{policy}]}}'))

    assert len(found.documents) == 3
    assert [item.reason for item in found.not_analysed] == [
        "depends on many conditions: not every combination is evaluated",
        "`${Fn::If}` is not known",
    ]


def test_loops_in_loops_are_bounded() -> None:
    body = f'{{"X${{V0}}": {{"Type": "Custom::X", "Properties": {{"Statement": [{STATEMENT}]}}}}}}'
    for number in range(20):
        items = json.dumps([f"i{n}" for n in range(16)])
        body = f'{{"Fn::ForEach::L{number}": ["V{number}", {items}, {body}]}}'

    assert len(loaded(f'{{"Resources": {body}}}').documents) == 16


@pytest.mark.parametrize(("turns", "names"), [(16, 16), (17, 1)])
def test_long_loops_are_looked_at_once(turns: int, names: int) -> None:
    body = f'{{"X${{V}}": {{"Type": "Custom::X", "Properties": {{"Statement": [{STATEMENT}]}}}}}}'
    items = json.dumps([f"i{n}" for n in range(turns)])
    found = loaded(f'{{"Resources": {{"Fn::ForEach::L": ["V", {items}, {body}]}}}}').documents

    assert len({document.attachment.address for document in found}) == len(found) == names


@pytest.mark.parametrize(("keys", "known"), [(64, "same"), (65, None)])
def test_of_large_maps_an_unknown_key_gives_nothing(keys: int, known: str | None) -> None:
    call = '{"Fn::FindInMap": ["M", {"Ref": "AWS::Region"}, "a"]}'
    policy = managed(f'{{"Statement": {STATEMENT.replace(chr(34) + "*" + chr(34), call)}}}')
    maps = json.dumps({"M": {f"k{n}": {"a": "same"} for n in range(keys)}})
    (document,) = loaded(f'{{"Mappings": {maps}, {policy[1:]}').documents

    assert [entry.known for entry in document.policy.statements[0].resources] == [known]


@pytest.mark.parametrize(("levels", "known"), [(20, "a"), (60, None)])
def test_functions_are_resolved_to_a_depth(levels: int, known: str | None) -> None:
    call = nested('{"Fn::Join": ["", [', '"a"', "]]}", levels)
    policy = managed(f'{{"Statement": {STATEMENT.replace(chr(34) + "*" + chr(34), call)}}}')
    (document,) = loaded(policy).documents

    assert [entry.known for entry in document.policy.statements[0].resources] == [known]


def test_names_that_grow_are_cut() -> None:
    resources = {
        f"B{n}": {
            "Type": "AWS::S3::Bucket",
            "Properties": {"BucketName": {"Fn::Sub": f"${{B{n + 1}}}" * 50}},
        }
        for n in range(100)
    }
    policy = {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": {"Ref": "B0"}}]}
    resources["P"] = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": policy}}

    (document,) = loaded(json.dumps({"Resources": resources})).documents

    (entry,) = document.policy.statements[0].resources
    assert entry.known is None
    assert len(entry.text) < 10_000


@pytest.mark.parametrize(
    "text",
    [
        '{"Resources": {"A": 1, "B": {"Type": "A::B", "Properties": []}, "C": {"Type": 3}}}',
        '{"Resources": {"A": {"Type": "AWS::IAM::Role", "Properties": {"Policies": 7}}}}',
        '{"Resources": {"A": {"Type": "AWS::IAM::Role", "Properties": {"Policies": [1, null]}}}}',
        '{"Resources": {"Fn::ForEach::A": 1, "B": {"Type": "A::B"}}}',
        '{"Resources": {"A": {"Type": "A::B"}}, "Globals": {"Function": 1}, "Mappings": 3}',
        '{"AWSTemplateFormatVersion": 1, "Resources": {}}',
        '{"service": "a", "provider": {"name": "aws", "iam": 3}, "functions": [], "resources": 1}',
        '{"UserDetailList": 1, "Roles": [1, {"RoleName": 3}], "configurationItems": [1]}',
    ],
)
def test_odd_shapes_hold_no_policy(text: str) -> None:
    assert (
        loaded(text.replace("A::B", "AWS::A::B").replace("{}", '{"Statement": 1}')).documents == ()
    )


def test_yaml_bombs_are_refused() -> None:
    levels = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    text = f"a0: &a0 {STATEMENT}\n{levels}Resources: {{A: {{Type: AWS::A::B, Properties: *a11}}}}\n"

    assert [n.unreadable for n in loaded(text, "template.yaml").not_analysed] == [True]
