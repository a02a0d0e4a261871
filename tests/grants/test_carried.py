"""The conditions that count for each action; the evaluator agrees."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iamlint.catalog import Catalog
from iamlint.evaluator.context import Missing, context_of
from iamlint.evaluator.decision import evaluate
from iamlint.evaluator.policy_set import PolicySet
from iamlint.evaluator.request import Request, caller_of
from iamlint.evaluator.statement import compile_policy
from iamlint.grants.carried import as_carried, holds_without_key
from iamlint.policy.grammar import Kind
from iamlint.policy.parse import parse_policy
from iamlint.policy.requested import RequestedResource

if TYPE_CHECKING:
    from iamlint.policy.model import Policy
    from iamlint.text.source import Value

GETS = "secretsmanager:GetSecretValue"
OF_EC2 = {"ec2:InstanceType": "t3.micro"}


@cache
def catalog() -> Catalog:
    return Catalog.open()


def parsed(*statements: Any) -> Policy:
    return parse_policy({"Version": "2012-10-17", "Statement": list(statements)}, Kind.IDENTITY)


def statement(condition: Any, action: Any = GETS, effect: str = "Allow") -> dict[str, Value]:
    return {"Effect": effect, "Action": action, "Resource": "*", "Condition": condition}


def left(*statements: Value) -> list[tuple[list[str], list[str]]]:
    """Return the actions and the keys of each statement that is left."""
    return [
        ([entry.text for entry in one.actions], [c.key for c in one.conditions])
        for one in as_carried(parsed(*statements), catalog()).statements
    ]


@pytest.mark.parametrize(
    "condition",
    [
        {"StringNotEquals": OF_EC2},
        {"StringEqualsIfExists": OF_EC2},
        {"StringNotLikeIfExists": OF_EC2},
        {"ForAllValues:StringEquals": OF_EC2},
        {"ForAllValues:StringNotEquals": OF_EC2},
        {"ForAnyValue:StringEqualsIfExists": OF_EC2},
        {"Null": {"ec2:InstanceType": "true"}},
        {"Null": {"ec2:InstanceType": ["true", "false"]}},
        {"NotIpAddress": {"s3:prefix": "10.0.0.0/8"}},
    ],
)
def test_test_that_passes_without_a_key_of_another_service_holds_nothing_back(
    condition: Any,
) -> None:
    assert left(statement(condition)) == [([GETS], [])]


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": OF_EC2},
        {"StringLike": OF_EC2},
        {"ForAnyValue:StringEquals": OF_EC2},
        {"ForAnyValue:StringNotEquals": OF_EC2},
        {"Null": {"ec2:InstanceType": "false"}},
        {"Null": {"ec2:InstanceType": ["false", "false"]}},
        {"Null": {"ec2:InstanceType": "perhaps"}},
        {"StringEquals": {**OF_EC2, "aws:PrincipalTag/team": "shop"}},
    ],
)
def test_test_that_needs_a_key_of_another_service_never_applies(condition: Any) -> None:
    assert left(statement(condition)) == []


@pytest.mark.parametrize(
    ("condition", "action"),
    [
        ({"StringNotEquals": OF_EC2}, "ec2:RunInstances"),
        ({"StringNotEquals": OF_EC2}, "ec2:*"),
        ({"StringNotEquals": {"s3:prefix": "a"}}, "s3:*"),
        ({"StringEquals": {"secretsmanager:ResourceTag/team": "shop"}}, GETS),
        ({"StringNotEquals": {"aws:RequestedRegion": "us-east-1"}}, GETS),
        ({"ArnNotLike": {"lambda:SourceFunctionArn": "arn:aws:lambda:*:*:function:a"}}, GETS),
        ({"StringNotEquals": {"accounts.google.com:aud": "a"}}, GETS),
        ({"StringNotEquals": {"saml:sub": "a"}}, GETS),
        ({"StringNotEquals": {"ec2:NoSuchKey": "a"}}, GETS),
        ({"StringNotEqual": OF_EC2}, GETS),
        ({"StringEquals": OF_EC2}, "*"),
    ],
)
def test_condition_that_requests_may_meet_or_fail_stays(condition: Any, action: Any) -> None:
    policy = parsed(statement(condition, action))

    assert as_carried(policy, catalog()) is policy


def test_actions_of_one_statement_count_apart() -> None:
    both = ["ec2:RunInstances", GETS, "s3:GetObject", "${aws:username}"]

    assert left(statement({"StringNotEquals": OF_EC2}, both)) == [
        (["ec2:RunInstances", "${aws:username}"], ["ec2:InstanceType"]),
        ([GETS, "s3:GetObject"], []),
    ]
    assert left(statement({"StringEquals": OF_EC2}, both)) == [
        (["ec2:RunInstances", "${aws:username}"], ["ec2:InstanceType"])
    ]


def test_what_is_kept_out_for_one_service_holds_back_no_grant_of_all() -> None:
    condition = {"StringNotEquals": {**OF_EC2, "aws:RequestedRegion": "us-east-1"}}
    deny = statement(condition, "*", "Deny")

    assert left(statement(condition, "*")) == [(["*"], ["aws:RequestedRegion"])]
    assert left(deny) == [(["*"], ["ec2:InstanceType", "aws:RequestedRegion"])]


_ACTIONS = [GETS, "ec2:RunInstances", "s3:GetObject", "s3:ListBucket", "kms:Decrypt"]
_KEYS = ["ec2:InstanceType", "s3:prefix", "kms:ViaService", "aws:username", "sts:ExternalId"]
_OPERATORS = [
    *("StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "Null"),
    *("StringEqualsIfExists", "StringNotEqualsIfExists", "ForAllValues:StringEquals"),
    *("ForAnyValue:StringEquals", "ForAllValues:StringNotEquals", "ForAnyValue:StringNotEquals"),
]
_VALUES = ["a", "b", "a*", "true", "false"]

conditions = st.dictionaries(
    st.sampled_from(_OPERATORS),
    st.dictionaries(
        st.sampled_from(_KEYS),
        st.lists(st.sampled_from(_VALUES), min_size=1, max_size=2),
        min_size=1,
        max_size=2,
    ),
    max_size=2,
)
patterns = st.sampled_from([*_ACTIONS, "s3:*", "s3:Get*", "ec2:*", "kms:De*"])
statements = st.builds(
    statement,
    conditions,
    st.lists(patterns, min_size=1, max_size=3),
    st.sampled_from(["Allow", "Deny"]),
)


def verdict(policy: Policy, action: str, context: dict[str, str]) -> object:
    caller = caller_of("arn:aws:iam::111122223333:user/ann")
    assert caller is not None
    fact = catalog().action(action)
    assert fact is not None
    carried = {
        key: context[key] if catalog().may_carry(fact, key) else Missing.ABSENT
        for key in _KEYS
        if key in context
    }
    request = Request(
        caller, action, RequestedResource.of("arn:aws:x:::r"), "111122223333", context_of(carried)
    )
    return evaluate(request, PolicySet(identity=(compile_policy(policy),))).verdict


@given(
    written=st.lists(statements, min_size=1, max_size=3),
    action=st.sampled_from(_ACTIONS),
    context=st.dictionaries(st.sampled_from(_KEYS), st.sampled_from(["a", "b", "ab"])),
)
def test_evaluator_decides_alike_on_what_is_left(
    written: list[Value], action: str, context: dict[str, str]
) -> None:
    policy = parsed(*written)

    assert verdict(as_carried(policy, catalog()), action, context) == verdict(
        policy, action, context
    )


@settings(deadline=None)
@given(condition=conditions)
def test_evaluator_says_what_a_condition_does_without_its_key(condition: Any) -> None:
    free = parsed(statement({}))
    for one in parsed(statement(condition)).statements[0].conditions:
        policy = replace(free, statements=(replace(free.statements[0], conditions=(one,)),))
        holds = holds_without_key(one)
        if holds is not None:
            assert (verdict(policy, GETS, {}) == verdict(free, GETS, {})) is holds
