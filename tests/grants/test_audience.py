"""The principals that a statement allows, with the cases of the AWS pages on "public"."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.grants.audience import Audience, audience, is_closed_to_services
from iamlint.policy.grammar import Kind
from iamlint.policy.parse import parse_policy
from iamlint.text.source import Partial, Unknown

if TYPE_CHECKING:
    from iamlint.text.source import Value

ORG = "o-a1b2c3d4e5"
BUCKET = "arn:aws:s3:::shelf"


def _audience(condition: Value = None, principal: Value = "*", *more: dict[str, Value]) -> Audience:
    allow: dict[str, Value] = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "s3:GetObject",
        "Resource": f"{BUCKET}/*",
    }
    if condition is not None:
        allow["Condition"] = condition
    statements: list[Value] = [allow, *more]
    policy = parse_policy({"Version": "2012-10-17", "Statement": statements}, Kind.RESOURCE)
    return audience(policy.statements[0], policy)


def _deny(condition: Value, **other: Value) -> dict[str, Value]:
    deny: dict[str, Value] = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [BUCKET, f"{BUCKET}/*"],
        "Condition": condition,
    }
    return {name: value for name, value in (deny | other).items() if value is not None}


@pytest.mark.parametrize(
    "condition",
    [
        None,
        {"Bool": {"aws:SecureTransport": "true"}},
        {"StringEqualsIfExists": {"aws:PrincipalOrgID": ORG}},
        {"ForAllValues:StringEquals": {"aws:PrincipalOrgID": ORG}},
        {"StringLike": {"aws:PrincipalOrgID": "o-*"}},
        {"StringEquals": {"aws:PrincipalOrgID": [ORG, "${aws:PrincipalOrgID}"]}},
        {"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "0.0.0.0/0"]}},
        {"IpAddress": {"aws:SourceIp": "0.0.0.0/1"}},
        {"IpAddress": {"aws:SourceIp": "2000::/3"}},
        {"IpAddress": {"aws:SourceIp": "::/1"}},
        {"StringNotEquals": {"aws:PrincipalAccount": "111122223333"}},
        {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/x"}},
        {"StringLike": {"aws:PrincipalArn": "*"}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:cloudfront::*:distribution/*"}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}},
        {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}},
        {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}},
        {"StringEquals": {"aws:ResourceAccount": "111122223333"}},
        {"StringLike": {"aws:userid": "*:session"}},
        {"StringLike": {"aws:Referer": "https://example.com/*"}},
        {"StringLike": {"sns:Endpoint": "*@example.com"}},
        {"Null": {"aws:PrincipalOrgID": "false"}},
        {"Bool": {"elasticfilesystem:AccessedViaMountTarget": "false"}},
        {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-*/r-ab12/*"}},
    ],
    ids=str,
)
def test_strangers_meet_a_statement_whose_conditions_pin_nobody(condition: Value) -> None:
    assert _audience(condition) is Audience.EVERYONE


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"StringEquals": {"aws:PrincipalOrgID": ORG}}, Audience.ORGANIZATION),
        ({"StringEquals": {"aws:principalorgid": ORG}}, Audience.ORGANIZATION),
        (
            {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": f"{ORG}/r-ab12/*"}},
            Audience.ORGANIZATION,
        ),
        (
            {
                "StringEqualsIfExists": {"aws:PrincipalOrgID": ORG},
                "Null": {"aws:PrincipalOrgID": "false"},
            },
            Audience.ORGANIZATION,
        ),
        ({"StringEquals": {"AWS:SourceOwner": "111122223333"}}, Audience.SERVICES),
        ({"ArnEquals": {"aws:SourceArn": "arn:aws:sns:*:111122223333:t"}}, Audience.SERVICES),
        ({"ArnLike": {"aws:SourceArn": "arn:aws:s3:*:*:shelf"}}, Audience.SERVICES),
        ({"StringEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}, Audience.NETWORK),
        ({"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "2001:db8::/32"]}}, Audience.NETWORK),
        ({"IpAddress": {"aws:SourceIp": "fd00::/8"}}, Audience.NETWORK),
        ({"Bool": {"elasticfilesystem:AccessedViaMountTarget": True}}, Audience.NETWORK),
        ({"StringEquals": {"kms:CallerAccount": "111122223333"}}, Audience.ACCOUNTS),
        (
            {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/*"}},
            Audience.ACCOUNTS,
        ),
        ({"StringLike": {"aws:userid": "AROAEXAMPLEID1234567:*"}}, Audience.ACCOUNTS),
        ({"StringEquals": {"aws:PrincipalAccount": "${aws:ResourceAccount}"}}, Audience.ACCOUNTS),
        ({"StringEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}}, Audience.ACCOUNTS),
        (
            {"StringLike": {"aws:Referer": "*"}, "StringEquals": {"aws:SourceVpc": "vpc-1a2b3c4d"}},
            Audience.NETWORK,
        ),
        ({"StringEquals": {"aws:PrincipalOrgID": Unknown("${var.org}")}}, Audience.ORGANIZATION),
        (
            {"ArnLike": {"aws:PrincipalArn": Partial((Unknown("!GetAtt Role.Arn"), "*"))}},
            Audience.ACCOUNTS,
        ),
    ],
    ids=str,
)
def test_a_condition_whose_every_value_pins_an_owner_lets_in_only_those(
    condition: Value, expected: Audience
) -> None:
    assert _audience(condition) is expected


@pytest.mark.parametrize(
    "principal",
    ["*", {"AWS": "*"}, {"AWS": ["arn:aws:iam::111122223333:root", "*"]}, {"Service": "*"}],
    ids=str,
)
def test_everyone_is_named_in_several_ways(principal: Value) -> None:
    assert _audience(None, principal) is Audience.EVERYONE


def test_named_principals_are_not_everyone() -> None:
    assert _audience(None, {"AWS": "111122223333"}) is Audience.NAMED
    assert _audience(None, {"CanonicalUser": "*"}) is Audience.NAMED
    assert _audience(None, Unknown("${var.who}")) is Audience.NAMED


@pytest.mark.parametrize(
    ("deny", "expected"),
    [
        (_deny({"StringNotEquals": {"aws:PrincipalOrgID": ORG}}), Audience.ORGANIZATION),
        (
            _deny(
                {
                    "StringNotEqualsIfExists": {"aws:PrincipalOrgID": ORG},
                    "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
                }
            ),
            Audience.ORGANIZATION,
        ),
        (_deny({"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}), Audience.NETWORK),
        (
            _deny(None, Principal=None, NotPrincipal={"AWS": "arn:aws:iam::111122223333:root"}),
            Audience.NAMED,
        ),
        (_deny(None), Audience.NOBODY),
        (_deny({"StringEquals": {"aws:PrincipalOrgID": ORG}}), Audience.EVERYONE),
        (_deny({"StringNotLike": {"aws:PrincipalOrgID": "o-*"}}), Audience.EVERYONE),
        (_deny({"Bool": {"aws:SecureTransport": "false"}}), Audience.EVERYONE),
        (
            _deny({"StringNotEquals": {"aws:PrincipalOrgID": ORG}}, Action="s3:PutObject"),
            Audience.EVERYONE,
        ),
        (
            _deny({"StringNotEquals": {"aws:PrincipalOrgID": ORG}}, Resource=BUCKET),
            Audience.EVERYONE,
        ),
        (
            _deny(
                {"StringNotEquals": {"aws:PrincipalOrgID": ORG}},
                Principal={"AWS": "111122223333"},
            ),
            Audience.EVERYONE,
        ),
    ],
    ids=str,
)
def test_a_deny_counts_when_it_takes_the_grant_from_every_stranger(
    deny: dict[str, Value], expected: Audience
) -> None:
    assert _audience(None, "*", deny) is expected


def test_conditions_that_cannot_be_known_count_as_a_restriction() -> None:
    assert _audience(Unknown("${var.condition}")) is Audience.NAMED


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"StringEquals": {"aws:PrincipalOrgID": ORG}}, True),
        ({"StringLike": {"aws:PrincipalTag/team": "shelf"}}, True),
        ({"StringEqualsIfExists": {"aws:PrincipalOrgID": ORG}}, False),
        ({"StringNotEquals": {"aws:PrincipalOrgID": ORG}}, False),
        ({"Null": {"aws:PrincipalOrgID": "false"}}, False),
        ({"StringEquals": {"aws:SourceOrgID": ORG}}, False),
    ],
    ids=str,
)
def test_services_never_meet_a_demand_for_what_describes_a_caller(
    condition: Value, *, expected: bool
) -> None:
    allow: dict[str, Value] = {"Effect": "Allow", "Action": "s3:*", "Condition": condition}
    (statement,) = parse_policy({"Statement": allow}, Kind.RESOURCE).statements

    assert [is_closed_to_services(c) for c in statement.conditions] == [expected]
