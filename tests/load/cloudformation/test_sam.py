"""Policy templates of SAM: each means a policy without faults, at the place of its name."""

from __future__ import annotations

import json
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from iamlint.config import Config
from iamlint.linter.lint_options import LintOptions
from iamlint.linter.pipeline import lint
from iamlint.load import LoadOptions, load
from iamlint.plugins.extensions import load_extensions
from iamlint.policy.grammar import Kind
from iamlint.rule.finding import Severity

DATA = json.loads(
    (files("iamlint.load.cloudformation") / "sam_templates.json").read_text(encoding="utf-8")
)
TEMPLATES = DATA["templates"]


def template(name: str, argument: object) -> bytes:
    arguments = dict.fromkeys(TEMPLATES[name]["parameters"], argument)
    properties = {"Policies": [{name: arguments}]}
    resource = {"Type": "AWS::Serverless::Function", "Properties": properties}
    return json.dumps({"Resources": {"F": resource}}).encode()


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_stands_for_a_policy_at_its_name(name: str) -> None:
    text = template(name, {"Ref": "Known"})
    (document,) = load(["-"], LoadOptions(stdin=text, stdin_name="a.json")).documents

    assert document.kind is Kind.IDENTITY
    assert document.written == f'"{name}"'
    assert len(document.policy.statements) == len(TEMPLATES[name]["statements"])
    assert document.policy.problems == ()
    places = [document.span(action.at) for s in document.policy.statements for action in s.actions]
    assert {document.source.text[place.start : place.end] for place in places} == {f'"{name}"'}
    for parameter in TEMPLATES[name]["parameters"]:
        assert f"${{{parameter}}}" not in json.dumps(document.value, default=str)


@pytest.mark.parametrize("name", TEMPLATES)
def test_what_sam_wrote_is_no_fault_of_the_user(name: str) -> None:
    assert faults_of(template(name, {"Ref": "Known"})) == []


def faults_of(text: bytes) -> list[str]:
    config = Config(Path())
    request = LintOptions(("-",), date(2026, 1, 1), config, stdin=text, stdin_name="a.json")
    found = lint(request, load_extensions(config)).findings
    return [f.rule for f in found if f.severity is not Severity.NOTE]


def test_what_sam_wrote_is_no_fault_of_the_user_when_the_argument_is_known() -> None:
    assert faults_of(template("EC2CopyImagePolicy", "ami-0123456789abcdef0")) == []


def test_an_argument_that_makes_an_arn_wrong_is_reported() -> None:
    assert faults_of(template("AWSSecretsManagerGetSecretValuePolicy", "aws:secret")) == [
        "malformed-arn"
    ]


def test_the_same_arn_that_the_user_writes_is_reported() -> None:
    statement = {
        "Effect": "Allow",
        "Action": "ec2:CopyImage",
        "Resource": {"Fn::Sub": "arn:aws:ec2:us-east-1:${AWS::AccountId}:image/${Known}"},
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    resource = {"Type": "AWS::Serverless::Function", "Properties": {"Policies": [policy]}}
    text = json.dumps({"Resources": {"F": resource}}).encode()

    assert faults_of(text) == ["account-not-allowed"]


def test_an_argument_reaches_the_policy() -> None:
    text = template("SQSPollerPolicy", "jobs")
    (document,) = load(["-"], LoadOptions(stdin=text, stdin_name="a.json")).documents

    (statement,) = document.policy.statements
    assert [entry.text for entry in statement.resources] == [
        "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:jobs"
    ]
