"""How far a grant reaches, by resource, Deny and what is not known."""

from __future__ import annotations

import json

import pytest

from iamlint.catalog import Action, Catalog
from iamlint.grants.reach import Reach, reach, resource_patterns
from iamlint.rule import Example
from iamlint.testing.examples import document

ROLE = "iam:PassRole"


def reached(
    resource: object, *denies: object, action: str = ROLE, member: str = "Resource"
) -> Reach:
    allow = {"Effect": "Allow", "Action": action, member: resource}
    text = json.dumps({"Version": "2012-10-17", "Statement": [allow, *denies]})
    policy = document(Example("", text)).policy
    patterns = resource_patterns(_fact(action), Catalog.open())
    return reach(policy.statements[0], policy, action, patterns)


def _fact(action: str) -> Action:
    fact = Catalog.open().action(action)
    assert fact is not None
    return fact


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("*", Reach.ANY),
        ("arn:aws:iam::*:role/*", Reach.ANY),
        ("arn:aws:iam::111122223333:role/*", Reach.ANY),
        ("arn:aws:iam::*", Reach.ANY),
        ("arn:aws:iam::111122223333:role/app-*", Reach.SOME),
        ("arn:aws:iam::111122223333:*/app", Reach.SOME),
        (["arn:aws:s3:::shelf", "arn:aws:iam::111122223333:role/app-?"], Reach.SOME),
        ("arn:aws:iam::111122223333:role/app", Reach.ONE),
        ("arn:aws:iam::*:role/app", Reach.ONE),
        ("arn:aws:iam::*:role/${aws:PrincipalTag/team}", Reach.ONE),
        ("arn:aws:iam::*:role/${aws:username}", Reach.SELF),
        ("arn:aws:iam::*:role/aws-service-role/*", Reach.NONE),
        ("arn:aws:iam::111122223333:user/*", Reach.NONE),
        ("arn:aws:s3:::shelf/*", Reach.NONE),
        ([], Reach.NONE),
    ],
)
def test_a_resource_reaches_all_of_a_type_or_some_or_one(resource: object, expected: Reach) -> None:
    assert reached(resource) is expected


def test_a_part_that_is_not_known_counts_as_one_value() -> None:
    statement = """
        {Effect: "Allow", Action: "iam:PassRole", Resource: %s}"""
    cases = {
        '{"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*"}': Reach.ANY,
        '{"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/${Name}"}': Reach.ONE,
        '{"Fn::GetAtt": ["Role", "Arn"]}': Reach.NONE,
    }
    for resource, expected in cases.items():
        template = f"""{{Resources: {{P: {{Type: "AWS::IAM::ManagedPolicy", Properties: {{
            PolicyDocument: {{Version: "2012-10-17", Statement: {statement % resource}}}}}}}}}}}"""
        policy = document(Example("", template, file="template.json5")).policy
        patterns = resource_patterns(_fact(ROLE), Catalog.open())
        assert reach(policy.statements[0], policy, ROLE, patterns) is expected


def test_an_action_without_resource_types_is_granted_on_everything_alone() -> None:
    assert reached("*", action="sts:GetCallerIdentity") is Reach.ANY
    assert reached("arn:aws:iam::*:role/*", action="sts:GetCallerIdentity") is Reach.NONE


def test_all_but_some_is_any_unless_it_leaves_out_the_whole_type() -> None:
    assert reached("arn:aws:iam::*:role/admin", member="NotResource") is Reach.ANY
    assert reached("arn:*:iam::*:role/*", member="NotResource") is Reach.NONE


@pytest.mark.parametrize(
    ("denied", "expected"),
    [
        ("*", Reach.NONE),
        ("arn:aws:iam::*:role/*", Reach.NONE),
        ("arn:aws:iam::111122223333:role/*", Reach.NONE),
        ("arn:aws:iam::*:role/admin", Reach.ANY),
        ("arn:aws:iam::111122223333:role/admin", Reach.ANY),
        ("arn:aws:iam::*:user/*", Reach.ANY),
    ],
)
def test_a_deny_counts_when_it_covers_the_whole_type(denied: str, expected: Reach) -> None:
    assert reached("*", {"Effect": "Deny", "Action": ROLE, "Resource": denied}) is expected
