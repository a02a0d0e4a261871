"""Two conditions on one key that no request satisfies both."""

from __future__ import annotations

import json

import pytest

from iamlint.grants.contradiction import contradicts
from iamlint.policy.grammar import Kind
from iamlint.rule import Example
from iamlint.testing.examples import document

NEVER = [
    ("StringEquals", "a", "StringEquals", "b"),
    ("StringEquals", "a", "StringLike", "b*"),
    ("StringLike", "a*", "StringLike", "b*"),
    ("StringEquals", ["a", "b"], "StringNotEquals", ["b", "a", "c"]),
    ("StringEquals", "ab", "StringNotLike", "a*"),
    ("StringLike", "ab*", "StringNotLike", "a*"),
    ("StringEqualsIgnoreCase", "A", "StringNotEqualsIgnoreCase", "A"),
    ("StringEquals", "a", "StringEqualsIfExists", "b"),
    ("Bool", "true", "Bool", "false"),
    ("Null", "true", "StringEquals", "a"),
    ("Null", "true", "Bool", "true"),
    ("NumericLessThan", "1", "NumericGreaterThan", "5"),
    ("DateLessThan", "2026-01-01T00:00:00Z", "DateGreaterThan", "2027-01-01T00:00:00Z"),
    ("DateLessThan", "2026-01-01T00:00:00+14:00", "DateGreaterThan", "2027-01-01T00:00:00Z"),
    ("DateLessThan", "1700000000", "DateGreaterThan", "2027-01-01"),
    ("IpAddress", "192.0.2.0/24", "IpAddress", "203.0.113.0/24"),
    ("IpAddress", "192.0.2.7", "NotIpAddress", "192.0.2.0/24"),
    ("ArnLike", "arn:aws:iam::1:role/a", "ArnNotLike", "arn:aws:iam::*:role/*"),
    ("ArnLike", "arn:aws:iam::1:role/*", "ArnEquals", "arn:aws:iam::2:role/*"),
    ("StringEquals", "a-${aws:username}", "StringLike", "b*"),
    ("ArnLike", "arn:aws:iam::1:role/${aws:username}", "ArnEquals", "arn:aws:iam::1:user/ann"),
    ("Null", "true", "ForAnyValue:StringEquals", "a"),
]
PERHAPS = [
    ("StringEquals", ["a", "b"], "StringEquals", "b"),
    ("StringLike", "a*", "StringLike", "*b"),
    ("StringLike", "a*", "StringNotEquals", "a*"),
    ("StringEquals", ["a", "b"], "StringNotEquals", "a"),
    ("StringEqualsIgnoreCase", "a", "StringNotEquals", "a"),
    ("StringEqualsIgnoreCase", "A", "StringEquals", "a"),
    ("StringEqualsIfExists", "a", "StringEqualsIfExists", "b"),
    ("StringNotEquals", "a", "StringNotEquals", "b"),
    ("Null", "false", "StringEquals", "a"),
    ("Null", "true", "StringEqualsIfExists", "a"),
    ("Null", ["true", "false"], "StringEquals", "a"),
    ("NumericLessThan", "5", "NumericGreaterThan", "1"),
    ("NumericLessThan", "x", "NumericGreaterThan", "1"),
    ("DateLessThan", "2027-01-01T00:00:00Z", "DateGreaterThan", "2026-01-01T00:00:00Z"),
    ("DateLessThan", "2026-01-01T00:00:00-05:00", "DateGreaterThan", "2026-01-01T04:59:59Z"),
    ("DateLessThan", "2027-02-29", "DateGreaterThan", "2028-01-01"),
    ("DateGreaterThan", "2026-01-01T00:00:00Z", "DateGreaterThan", "2027-01-01T00:00:00Z"),
    ("IpAddress", "192.0.2.0/24", "NotIpAddress", "192.0.2.7"),
    ("IpAddress", "not an address", "IpAddress", "192.0.2.7"),
    ("StringEquals", "${aws:username}", "StringEquals", "a"),
    ("ArnLike", "${aws:PrincipalTag/arn}", "ArnEquals", "arn:aws:iam::1:user/ann"),
    ("ArnLike", "arn:aws:${aws:PrincipalTag/rest}", "ArnLike", "arn:aws:iam::1:user/ann"),
    ("Null", "true", "ForAllValues:StringEquals", "a"),
    ("ForAnyValue:StringEquals", "a", "ForAnyValue:StringLike", "b"),
    ("StringEquals", "1", "NumericEquals", "2"),
]


def verdict(first: str, left: object, second: str, right: object) -> bool:
    condition = {first: {"aws:key": left}, second: {"aws:KEY": right}}
    if first == second:
        condition = {first: {"aws:key": left, "aws:KEY": right}}
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition}
    policy = document(Example("", json.dumps(statement), kind=Kind.IDENTITY)).policy
    one, other = policy.statements[0].conditions
    assert contradicts(one, other) == contradicts(other, one)
    return contradicts(one, other)


@pytest.mark.parametrize("case", NEVER, ids=str)
def test_conditions_that_no_request_meets_together_contradict(
    case: tuple[str, object, str, object],
) -> None:
    assert verdict(*case)


@pytest.mark.parametrize("case", PERHAPS, ids=str)
def test_conditions_that_some_request_may_meet_do_not(
    case: tuple[str, object, str, object],
) -> None:
    assert not verdict(*case)
