"""A further grant never lowers the findings: on random policies, in every profile."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iamlint.catalog import Catalog
from iamlint.linter.causes import with_implied
from iamlint.linter.check import CheckOptions, check_documents
from iamlint.rule import Example
from iamlint.rule.finding import Family, Finding, Profile
from iamlint.rules import BUILTIN
from iamlint.testing.examples import document
from tests.support.examples import examples

if TYPE_CHECKING:
    from iamlint.rule import Rule

Json = dict[str, object]

FAMILIES = {Family.BREADTH, Family.ESCALATION}
# Each action is followed by wider patterns of it.
ACTIONS = [
    ["s3:GetObject", "s3:Get*", "s3:*", "s*:*", "*"],
    ["s3:PutBucketPolicy", "s3:Put*", "s3:*", "*:*", "*"],
    ["secretsmanager:GetSecretValue", "secretsmanager:*", "*"],
    ["kms:Decrypt", "kms:*", "k*:*", "*"],
    ["iam:PassRole", "iam:Pass*", "iam:*", "*"],
    ["iam:PutUserPolicy", "iam:Put*", "iam:*", "*"],
    ["iam:CreateAccessKey", "iam:Create*", "iam:*", "*"],
    ["iam:AttachUserPolicy", "iam:*Policy", "iam:*", "*"],
    ["lambda:UpdateFunctionCode", "lambda:Update*", "lambda:*", "*"],
    ["lambda:CreateFunction", "lambda:*", "*"],
    ["dynamodb:GetItem", "dynamodb:*Item", "dynamodb:*", "*"],
    ["sqs:SendMessage", "sqs:*e*", "sqs:*", "*"],
    ["sts:AssumeRole", "sts:*", "*"],
    ["ec2:RunInstances", "ec2:Run*", "ec2:*", "*"],
]
RESOURCES = [
    ["arn:aws:s3:::shelf", "arn:aws:s3:::shelf*", "arn:aws:s3:::*", "*"],
    ["arn:aws:s3:::shelf/*", "arn:aws:s3:::*", "*"],
    ["arn:aws:iam::111122223333:role/app", "arn:aws:iam::111122223333:role/app*"],
    ["arn:aws:iam::111122223333:role/app-*", "arn:aws:iam::111122223333:role/*", "*"],
    ["arn:aws:iam::111122223333:user/ann", "arn:aws:iam::*:user/*", "arn:aws:iam::*:*", "*"],
    ["arn:aws:secretsmanager:*:*:secret:shop*", "arn:aws:secretsmanager:*:*:secret:*", "*"],
    ["arn:aws:kms:eu-west-1:111122223333:key/*", "arn:aws:kms:*:*:key/*", "arn:aws:kms:*", "*"],
    ["arn:aws:dynamodb:*:*:table/cart", "arn:aws:dynamodb:*:*:table/*", "arn:aws:dynamodb:*", "*"],
    ["arn:aws:sqs:eu-west-1:111122223333:cart", "arn:aws:sqs:*:*:*", "*"],
    ["arn:aws:lambda:*:*:function:cart", "arn:aws:lambda:*:*:function:*", "*"],
]
CONDITIONS: list[Json] = [
    {"StringNotEquals": {"ec2:InstanceType": "t3.micro"}},
    {"StringEqualsIfExists": {"s3:prefix": "home/"}},
    {"Null": {"kms:ViaService": "true"}},
    {"StringEquals": {"ec2:InstanceType": "t3.micro"}},
    {"StringEquals": {"aws:PrincipalTag/team": "shop"}},
    {"StringLike": {"aws:PrincipalTag/team": "*"}},
    {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
]


@cache
def catalog() -> Catalog:
    return Catalog.open()


@cache
def rules(profile: Profile) -> tuple[Rule, ...]:
    wanted = {Profile.DEFAULT, profile}
    return tuple(r for r in BUILTIN if r.family in FAMILIES and r.profile in wanted)


def found(statements: list[Json], profile: Profile) -> list[Finding]:
    text = json.dumps({"Version": "2012-10-17", "Statement": statements})
    of_profile = CheckOptions(rules=rules(profile), catalog=catalog())
    single = list(check_documents([document(Example("", text))], of_profile))
    results = list(with_implied(single, of_profile.rules))
    assert all(isinstance(item, Finding) for item in results), results
    return [item for item in results if isinstance(item, Finding)]


@st.composite
def widened(draw: st.DrawFn, chains: list[list[str]], most: int) -> tuple[list[str], list[str]]:
    """Draw some patterns, and wider ones or more of them."""
    chosen = draw(st.lists(st.sampled_from(chains), min_size=1, max_size=most))
    starts = [draw(st.integers(0, len(chain) - 1)) for chain in chosen]
    ends = [draw(st.integers(at, len(c) - 1)) for at, c in zip(starts, chosen, strict=True)]
    more = draw(st.lists(st.sampled_from(chains), max_size=2))
    narrow = [chain[at] for chain, at in zip(chosen, starts, strict=True)]
    wide = [chain[at] for chain, at in zip(chosen, ends, strict=True)]
    return narrow, [*wide, *(chain[0] for chain in more)]


@st.composite
def pairs(draw: st.DrawFn) -> tuple[list[Json], list[Json]]:
    """Draw a policy, and one that grants all of it and perhaps more."""
    less: list[Json] = []
    more: list[Json] = []
    for _ in range(draw(st.integers(1, 3))):
        actions, wider = draw(widened(ACTIONS, 3))
        resources, wide = draw(widened(RESOURCES, 2))
        condition = draw(st.sampled_from([{}, {}, *CONDITIONS]))
        kept = condition if draw(st.booleans()) else {}
        less.append(statement("Allow", actions, resources, condition))
        more.append(statement("Allow", wider, wide, kept))
    if draw(st.booleans()):
        actions, _ = draw(widened(ACTIONS, 2))
        resources, _ = draw(widened(RESOURCES, 1))
        denied = statement("Deny", actions, resources, {})
        less.append(denied)
        if draw(st.booleans()):
            more.append(denied)
    return less, more


def statement(effect: str, actions: list[str], resources: list[str], condition: Json) -> Json:
    made: Json = {"Effect": effect, "Action": actions, "Resource": resources}
    return {**made, "Condition": condition} if condition else made


def gravest(findings: list[Finding]) -> tuple[int, float]:
    """Return the severity and the score of the worst that is reported."""
    ranks = ((f.severity.rank, f.security_severity or 0.0) for f in findings if f.is_open)
    return max(ranks, default=(-1, 0.0))


@settings(max_examples=examples(60), deadline=None)
@given(pair=pairs(), profile=st.sampled_from(Profile))
def test_a_wider_grant_is_reported_at_least_as_severely(
    pair: tuple[list[Json], list[Json]], profile: Profile
) -> None:
    less, more = (found(statements, profile) for statements in pair)

    assert gravest(more) >= gravest(less)


@pytest.mark.parametrize(
    ("less", "more"),
    [
        (("s3:*", "arn:aws:s3:::*"), ("*", "arn:aws:s3:::*")),
        (("kms:*", "arn:aws:kms:*:*:key/*"), ("*", "arn:aws:kms:*:*:key/*")),
        (("s3:Put*", "arn:aws:s3:::shelf"), ("s3:*", "arn:aws:s3:::shelf")),
        (("s3:Put*", "arn:aws:s3:::shelf"), ("*", "arn:aws:s3:::shelf")),
        (("dynamodb:GetItem", "*"), ("dynamodb:*", "*")),
        (("iam:PassRole", "*"), ("iam:PassRole", "arn:aws:iam::*:role/*")),
    ],
)
def test_an_equal_or_wider_grant_gets_the_findings_of_the_other(
    less: tuple[str, str], more: tuple[str, str]
) -> None:
    for profile in Profile:
        names, wider = (
            {f.rule for f in found([statement("Allow", [action], [resource], {})], profile)}
            for action, resource in (less, more)
        )
        assert names <= wider
