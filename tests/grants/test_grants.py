from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.grants.grants import (
    Truth,
    condition_always_holds,
    condition_can_hold,
    covers_arn,
    grants,
    is_denied,
    overlaps_arn,
    restricts,
    statement_grants,
)
from iamlint.policy.grammar import Kind
from iamlint.policy.parse import parse_policy
from iamlint.text.source import Unknown, Value

if TYPE_CHECKING:
    from iamlint.policy.model import Policy, Statement


def policy(*statements: dict[str, Value], kind: Kind = Kind.IDENTITY) -> Policy:
    return parse_policy({"Version": "2012-10-17", "Statement": list(statements)}, kind)


def allow(action: Value, resource: Value = "*", **more: Value) -> dict[str, Value]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Value, resource: Value = "*", **more: Value) -> dict[str, Value]:
    return {**allow(action, resource, **more), "Effect": "Deny"}


MFA: Value = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


@pytest.mark.parametrize(
    ("statements", "action", "resource", "answer"),
    [
        ([allow("s3:*")], "s3:GetObject", "*", Truth.YES),
        ([allow("s3:Get*")], "s3:*", "*", Truth.MAYBE),
        ([allow("s3:Get*")], "s3:PutObject", "*", Truth.NO),
        ([allow("s3:*", "arn:aws:s3:::b/*")], "s3:GetObject", "*", Truth.MAYBE),
        ([allow("s3:*", "arn:aws:s3:::b/*")], "s3:GetObject", "arn:aws:s3:::b/k", Truth.YES),
        ([allow("s3:*", "arn:aws:s3:::b/*")], "s3:GetObject", "arn:aws:s3:::c/k", Truth.NO),
        ([allow("s3:*", Condition=MFA)], "s3:GetObject", "*", Truth.MAYBE),
        ([allow("s3:*"), deny("s3:GetObject")], "s3:GetObject", "*", Truth.NO),
        ([allow("s3:*"), deny("s3:GetObject")], "s3:*", "*", Truth.MAYBE),
        ([allow("s3:*"), deny("s3:*", Condition=MFA)], "s3:GetObject", "*", Truth.MAYBE),
        (
            [allow("s3:*", "arn:aws:s3:::b/*"), deny("s3:*", "arn:aws:s3:::b/*")],
            "s3:GetObject",
            "*",
            Truth.NO,
        ),
        (
            [allow("s3:*"), deny("s3:*", "arn:aws:s3:::b/*")],
            "s3:GetObject",
            "*",
            Truth.MAYBE,
        ),
        ([allow(Unknown("${var.actions}"))], "s3:GetObject", "*", Truth.MAYBE),
        ([allow("s3:*", Condition={"StringEqual": {"aws:x": "y"}})], "s3:*", "*", Truth.NO),
        ([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], "s3:*", "*", Truth.YES),
        ([{"Effect": "Allow", "NotAction": "s3:G*", "Resource": "*"}], "s3:*", "*", Truth.MAYBE),
        ([{"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}], "s3:Get*", "*", Truth.NO),
    ],
)
def test_a_grant_is_what_the_denies_leave_of_the_allows(
    statements: list[dict[str, Value]], action: str, resource: str, answer: Truth
) -> None:
    assert grants(policy(*statements), action, resource).answer is answer


def test_a_grant_names_its_statements_and_is_true_unless_it_is_no() -> None:
    asked = policy(allow("iam:*"), allow("s3:*"), allow("s3:GetObject"))
    assert [s.index for s in grants(asked, "s3:GetObject").statements] == [1, 2]
    assert grants(asked, "s3:GetObject")
    assert not grants(asked, "sqs:SendMessage")


def test_a_statement_names_all_of_a_pattern_or_a_part_or_none() -> None:
    (statement,) = policy(allow(["s3:Get*", "S3:PUTOBJECT"])).statements
    asked = ["s3:getobject", "s3:Get*", "s3:*", "s3:Delete*", "s3:PutObject", "s3:Get Object"]
    answers = [statement_grants(statement, action) for action in asked]
    yes, maybe, no = Truth.YES, Truth.MAYBE, Truth.NO
    assert answers == [yes, yes, maybe, no, yes, no]


@pytest.mark.parametrize(
    ("statement", "denied"),
    [
        (deny("s3:*"), True),
        (deny("s3:*", "arn:aws:s3:::b/*"), False),
        (deny("s3:*", Condition=MFA), False),
        (deny("s3:*", Condition={"StringLikeIfExists": {"aws:username": "*"}}), True),
        (deny("s3:GetObject"), False),
        (deny("s3:*", Principal={"AWS": "111122223333"}), False),
        (deny("s3:*", Principal="*"), True),
        (allow("s3:*"), False),
    ],
)
def test_a_deny_counts_when_it_covers_the_whole_and_always_holds(
    statement: dict[str, Value], *, denied: bool
) -> None:
    assert is_denied(policy(statement), "s3:Get*") is denied


CONDITIONS: list[tuple[str, str, Value, bool, bool, bool]] = [
    # operator, key, values, can hold, always holds, restricts
    ("StringEquals", "aws:PrincipalOrgID", "o-1", True, False, True),
    ("StringEquals", "aws:PrincipalOrgID", "${aws:PrincipalOrgID}", True, False, False),
    ("StringEquals", "aws:PrincipalOrgID", [], False, False, False),
    ("StringLike", "aws:PrincipalOrgID", "*", True, False, False),
    ("StringLike", "aws:PrincipalOrgID", ["o-1", "*"], True, False, False),
    ("StringLikeIfExists", "aws:PrincipalOrgID", "*", True, True, False),
    ("StringEqualsIfExists", "aws:PrincipalOrgID", "o-1", True, False, False),
    ("StringNotEquals", "aws:PrincipalOrgID", "o-1", True, False, False),
    ("ForAllValues:StringEquals", "aws:TagKeys", "a", True, False, False),
    ("ForAllValues:StringLike", "aws:TagKeys", "*", True, True, False),
    ("ForAnyValue:StringEquals", "aws:TagKeys", "a", True, False, True),
    ("ArnLike", "aws:SourceArn", "arn:aws:s3:::b", True, False, True),
    ("ArnLike", "aws:SourceArn", "arn:*:*:*:*:*", True, False, False),
    ("ArnLike", "aws:SourceArn", "bucket", False, False, True),
    ("IpAddress", "aws:SourceIp", "10.0.0.0/8", True, False, True),
    ("IpAddress", "aws:SourceIp", ["0.0.0.0/1", "128.0.0.0/1"], True, False, False),
    ("IpAddress", "aws:SourceIp", "::/0", True, False, False),
    ("IpAddress", "aws:SourceIp", "300.0.0.1", False, False, True),
    ("Bool", "aws:SecureTransport", "true", True, False, True),
    ("Bool", "aws:SecureTransport", ["true", "false"], True, False, False),
    ("Bool", "aws:SecureTransport", "yes", True, False, True),
    ("Null", "aws:TagKeys", "false", True, False, False),
    ("Null", "aws:TagKeys", ["true", "false"], True, True, False),
    ("Null", "aws:TagKeys", "perhaps", False, False, False),
    ("StringEqual", "aws:TagKeys", "a", False, False, False),
    ("StringEquals", "aws:PrincipalOrgID", Unknown("${var.org}"), True, False, True),
]


@pytest.mark.parametrize(("operator", "key", "values", "can", "always", "narrows"), CONDITIONS)
def test_a_condition_is_judged_before_any_request(
    operator: str, key: str, values: Value, *, can: bool, always: bool, narrows: bool
) -> None:
    asked = policy(allow("s3:*", Condition={operator: {key: values}}))
    (condition,) = asked.statements[0].conditions
    judged = (
        condition_can_hold(condition, asked),
        condition_always_holds(condition, asked),
        restricts(condition),
    )
    assert judged == (can, always, narrows)


@pytest.mark.parametrize(
    ("wide", "narrow", "covers", "overlaps"),
    [
        ("*", "arn:aws:s3:::b", True, True),
        ("*", "*", True, True),
        ("arn:*", "*", False, True),
        ("arn:aws:s3:::b*", "arn:aws:s3:::b/*", True, True),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b*", False, True),
        ("arn:aws:s3:::b", "arn:aws:s3:::B", False, False),
        ("arn:aws:sqs:*", "arn:aws:sqs:us-east-1:111122223333:q", True, True),
        ("arn:aws:sqs:*:q", "arn:aws:sqs:us-east-1:111122223333:q", False, False),
        ("arn:aws:iam::*:role/x", "arn:aws:iam::1:a:role/x", False, False),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/${aws:username}", True, True),
        ("arn:aws:s3:::b/${aws:username}", "arn:aws:s3:::b/*", False, True),
        ("arn:aws:s3:::${aws:username}/*", "arn:aws:s3:::${aws:username}/x", True, True),
        ("arn:aws:s3:::${aws:username}/*", "arn:aws:s3:::${aws:userid}/x", False, True),
        ("arn:aws:s3:::b/$*", "arn:aws:s3:::b/${aws:username}", False, True),
        ("arn:aws:s3:::b/?", "arn:aws:s3:::b/${aws:username}", False, True),
        ("bucket", "arn:aws:s3:::bucket", False, False),
    ],
)
def test_resource_patterns_are_compared_field_by_field(
    wide: str, narrow: str, *, covers: bool, overlaps: bool
) -> None:
    assert (covers_arn(wide, narrow), overlaps_arn(wide, narrow)) == (covers, overlaps)


def test_only_a_deny_that_may_cover_an_action_is_held_against_it_and_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def count(statement: Statement, action: str) -> Truth:
        asked.append(action)
        return statement_grants(statement, action)

    monkeypatch.setattr("iamlint.grants.grants.statement_grants", count)
    denies = policy(*(deny(f"iam:Create{number}*") for number in range(10)))
    answers = [is_denied(denies, "iam:Create3*") for _ in range(10)]

    assert answers == [True] * 10
    assert asked == ["iam:Create3*"]


def test_the_denies_of_another_policy_are_its_own() -> None:
    policies = [policy(deny("s3:*")), policy(deny("sqs:*")), policy(deny("s3:*"))]

    assert [is_denied(one, "s3:Get*") for one in policies] == [True, False, True]
