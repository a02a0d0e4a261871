"""No template, however odd, breaks the loader or a rule, and every finding has a place in it."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from iamlint.catalog import Catalog
from iamlint.linter.check import CheckOptions, check_documents
from iamlint.rule.finding import Finding
from iamlint.rules import BUILTIN
from tests.support.examples import seeds
from tests.support.loading import load_text

if TYPE_CHECKING:
    from iamlint.text.source import Value

SETTINGS = CheckOptions(rules=BUILTIN, catalog=Catalog.open())
POLICY: Value = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": ["s3:*"], "Resource": {"Fn::GetAtt": ["B", "Arn"]}},
        {"Fn::If": ["C", {"Effect": "Deny", "Action": "*", "Resource": "*"}, {"Ref": "X"}]},
    ],
}
TEXT: Value = json.dumps(POLICY)
TEMPLATE: Value = {
    "Globals": {"Function": {"AssumeRolePolicyDocument": POLICY}},
    "Mappings": {"M": {"a": {"b": "c"}}},
    "Resources": {
        "B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::Sub": "${R}"}}},
        "R": {
            "Type": "AWS::IAM::Role",
            "Condition": "C",
            "Metadata": {"iamlint": {"ignore": [{"rule": "unknown-action", "reason": "x"}]}},
            "Properties": {
                "AssumeRolePolicyDocument": POLICY,
                "Policies": [{"PolicyName": "a", "PolicyDocument": POLICY}],
                "ManagedPolicyArns": [{"Ref": "P"}],
            },
        },
        "P": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": TEXT}},
        "L": {
            "Type": "AWS::Lambda::Permission",
            "Properties": {"FunctionName": "f", "Action": "lambda:*", "Principal": "*"},
        },
        "E": {
            "Type": "AWS::EntityResolution::PolicyStatement",
            "Properties": {"Action": ["a:b"], "Principal": ["1", "a.b"], "Condition": "{}"},
        },
        "Q": {
            "Type": "AWS::QBusiness::Permission",
            "Properties": {
                "Principal": "*",
                "Conditions": [
                    {"ConditionOperator": "a", "ConditionKey": "b:c", "ConditionValues": ["d"]}
                ],
            },
        },
        "F": {
            "Type": "AWS::Serverless::Function",
            "Properties": {"Policies": ["A", {"SQSPollerPolicy": {"QueueName": "q"}}, POLICY]},
        },
        "Fn::ForEach::L": ["V", ["x", "y"], {"K${V}": {"Type": "Custom::T", "Properties": POLICY}}],
    },
}
ODDITIES: tuple[Any, ...] = (
    *(None, 1, True, "", "*", [], {}, [[]], "${", "${}", TEXT, '{"Statement": [', "%7B%22"),
    *({"Ref": name} for name in ("X", "AWS::NoValue", "AWS::Region", 1)),
    *({"Fn::If": _of} for _of in (["C", "a", "b"], ["C", {"Ref": "AWS::NoValue"}, [1]], [])),
    *({"Fn::Sub": one} for one in ("${a:b}${X}", ["${a}", {"a": [1]}], TEXT)),
    {"Fn::Sub": [{}, {}]},
    *({"Fn::Join": value} for value in ([",", {"Ref": "L"}], ["", [TEXT, {"Ref": "X"}]], 1)),
    *({f"Fn::{name}": [1, 2, 3]} for name in ("FindInMap", "Select", "Split", "GetAtt", "Base64")),
    *({"Fn::ToJsonString": POLICY}, {"Fn::Transform": 1}, {"Fn::ForEach::Z": ["a", ["b"], {}]}),
    "{{resolve:ssm:x}}",
)


def changed(value: Value, random: Random) -> Value:
    """Return a value with something odd at one of its nodes."""
    if isinstance(value, dict | list) and value and random.random() < 0.85:
        if isinstance(value, list):
            index = random.randrange(len(value))
            return [*value[:index], changed(value[index], random), *value[index + 1 :]]
        name = random.choice(list(value))
        return {**value, name: changed(value[name], random)}
    odd: Value = random.choice(ODDITIES)
    return odd


@pytest.mark.parametrize("seed", seeds(20))
def test_an_odd_template_is_answered(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - no secret
    template = TEMPLATE
    for _ in range(5):
        template = changed(template, random)
        text = json.dumps(template)
        for name in ("a.json", "a.yaml"):
            loaded = load_text(text, name)
            for finding in check_documents(loaded.documents, SETTINGS):
                assert isinstance(finding, Finding), finding
                assert finding.range.start.offset < finding.range.end.offset <= len(text)
