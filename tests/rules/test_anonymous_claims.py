"""`without signing in` is said only where the evaluator may let an unsigned request through."""

from __future__ import annotations

import json
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iamlint.catalog import Catalog
from iamlint.evaluator.context import Missing, context_of
from iamlint.evaluator.decision import evaluate
from iamlint.evaluator.derive import derive_context
from iamlint.evaluator.policy_set import PolicySet
from iamlint.evaluator.request import Request, anonymous
from iamlint.evaluator.statement import compile_policy
from iamlint.evaluator.verdict import Verdict
from iamlint.linter.check import CheckOptions, check_documents
from iamlint.policy.grammar import Kind
from iamlint.policy.parse import parse_policy
from iamlint.policy.requested import RequestedResource
from iamlint.rule import Example
from iamlint.rule.finding import Finding
from iamlint.rules.exposure import public_resource_policy
from iamlint.testing.examples import document

Json = dict[str, object]
CLAIM = "without signing in"
OBJECT = "arn:aws:s3:::shelf/a"


@cache
def catalog() -> Catalog:
    return Catalog.open()


def said(*statements: Json) -> str:
    """Return the message about a policy; empty when it is not reported."""
    text = json.dumps({"Version": "2012-10-17", "Statement": statements})
    of_rule = CheckOptions(rules=(public_resource_policy.RULE,), catalog=catalog())
    found = list(check_documents([document(Example("", text, kind=Kind.RESOURCE))], of_rule))
    return " ".join(item.message for item in found if isinstance(item, Finding))


def verdict(*statements: Json) -> Verdict:
    """Return the answer for an anonymous request with all other facts unknown."""
    written = {"Version": "2012-10-17", "Statement": list(statements)}
    policy = compile_policy(parse_policy(written, Kind.RESOURCE))  # type: ignore[arg-type]
    request = Request(anonymous(), "s3:GetObject", RequestedResource.of(OBJECT), "111122223333")
    context = context_of(derive_context(request), Missing.UNKNOWN)
    known = Request(
        anonymous(), "s3:GetObject", RequestedResource.of(OBJECT), "111122223333", context
    )
    return evaluate(known, PolicySet(resource=(policy,))).verdict


def statement(condition: Json, effect: str = "Allow") -> Json:
    return {
        "Effect": effect,
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::shelf/*",
        "Condition": condition,
    }


@pytest.mark.parametrize(
    ("condition", "claims"),
    [
        ({}, True),
        ({"Bool": {"aws:SecureTransport": "true"}}, True),
        ({"StringLike": {"aws:PrincipalAccount": "*"}}, True),
        ({"StringLike": {"aws:PrincipalType": "Anon*"}}, True),
        ({"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}, True),
        ({"ArnLikeIfExists": {"aws:PrincipalArn": "arn:aws:iam::*:role/a"}}, True),
        ({"Null": {"aws:PrincipalArn": "true"}}, True),
        ({"Null": {"aws:userid": "false"}}, True),
        ({"StringEquals": {"aws:PrincipalType": "AssumedRole"}}, False),
        ({"StringNotEquals": {"aws:PrincipalType": "Anonymous"}}, False),
        ({"StringNotEqualsIfExists": {"aws:userid": "anonymous"}}, False),
        ({"StringLike": {"aws:userid": "AIDA*"}}, False),
        ({"Null": {"aws:PrincipalArn": "false"}}, False),
        ({"Null": {"aws:PrincipalType": "true"}}, False),
        ({"ForAnyValue:StringLike": {"aws:CalledVia": "*"}}, False),
        ({"StringLike": {"aws:PrincipalTag/team": "*"}}, False),
        ({"ArnLike": {"lambda:SourceFunctionArn": "arn:aws:lambda:*:*:function:a"}}, False),
        ({"StringLike": {"aws:PrincipalServiceName": "*.amazonaws.com"}}, False),
    ],
)
def test_claim_is_made_where_the_condition_lets_such_a_request_through(
    condition: Json, *, claims: bool
) -> None:
    assert said(statement(condition))
    assert (CLAIM in said(statement(condition))) is claims


@pytest.mark.parametrize(
    ("condition", "claims"),
    [
        ({"StringEquals": {"aws:PrincipalType": "Anonymous"}}, False),
        ({"Null": {"aws:PrincipalArn": "true"}}, False),
        ({"StringNotLike": {"aws:PrincipalOrgID": "o-*"}}, False),
        ({"Bool": {"aws:SecureTransport": "false"}}, True),
        ({"StringEquals": {"aws:PrincipalType": "User"}}, True),
    ],
)
def test_claim_is_not_made_where_a_deny_keeps_such_requests_out(
    condition: Json, *, claims: bool
) -> None:
    message = said(statement({}), statement(condition, "Deny"))

    assert message
    assert (CLAIM in message) is claims


_KEYS = [
    *("aws:PrincipalArn", "aws:PrincipalType", "aws:userid", "aws:PrincipalAccount"),
    *("aws:SourceArn", "aws:CalledVia", "aws:SecureTransport", "aws:PrincipalOrgID", "aws:Referer"),
    *("aws:PrincipalServiceName", "aws:PrincipalIsAWSService", "ec2:SourceInstanceArn"),
]
_VALUES = ["*", "anonymous", "Anonymous", "ANONYMOUS", "true", "false", "arn:aws:iam::*:role/*"]
_OPERATORS = [
    *("StringLike", "StringNotLike", "StringEquals", "StringNotEquals", "StringLikeIfExists"),
    *("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "Null", "Bool", "ArnLike"),
    *("ArnNotLike", "ForAllValues:StringLike", "ForAnyValue:StringNotLike", "BoolIfExists"),
]
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


@given(allowed=conditions, denied=st.lists(conditions, max_size=2))
def test_claim_is_made_only_where_the_evaluator_may_allow_it(
    allowed: Json, denied: list[Json]
) -> None:
    policy = [statement(allowed), *(statement(one, "Deny") for one in denied if one)]

    if CLAIM in said(*policy):
        assert verdict(*policy) in (Verdict.ALLOWED, Verdict.UNDETERMINED)
