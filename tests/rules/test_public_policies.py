# ruff: noqa: E501 - a policy reads better when its parts stay together
"""Public policies and others, by the condition beside the principal `*`."""

from __future__ import annotations

import pytest

from iamlint.catalog import Catalog
from iamlint.linter.check import CheckOptions, check_documents
from iamlint.policy.grammar import Kind
from iamlint.rule import Example
from iamlint.rule.finding import Finding
from iamlint.rules.exposure import public_resource_policy
from iamlint.testing.examples import document


def found(text: str, kind: Kind = Kind.RESOURCE) -> list[Finding]:
    settings = CheckOptions(rules=(public_resource_policy.RULE,), catalog=Catalog.open())
    findings = list(check_documents([document(Example("", text, kind=kind))], settings))
    assert all(isinstance(item, Finding) for item in findings), findings
    return [item for item in findings if isinstance(item, Finding)]


def allow(condition: str, action: str = "s3:GetObject", principal: str = '"*"') -> str:
    return f"""{{Effect: "Allow", Principal: {principal}, Action: "{action}", Resource: "*",
                 Condition: {condition}}}"""


PUBLIC = {
    "no condition": allow("{}"),
    "everyone beside an account": allow(
        "{}", principal='{AWS: ["arn:aws:iam::111122223333:root", "*"]}'
    ),
    "encryption of the line": allow('{Bool: {"aws:SecureTransport": "true"}}'),
    "an organization, if there is one": allow(
        '{StringEqualsIfExists: {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}'
    ),
    "an organization, for all values of none": allow(
        '{"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}'
    ),
    "any organization": allow('{StringLike: {"aws:PrincipalOrgID": "o-*"}}'),
    "one range of two is everything": allow(
        '{IpAddress: {"aws:SourceIp": ["10.0.0.0/8", "0.0.0.0/0"]}}'
    ),
    "half of the internet": allow('{IpAddress: {"aws:SourceIp": "0.0.0.0/1"}}'),
    "every account but one": allow('{StringNotEquals: {"aws:PrincipalAccount": "111122223333"}}'),
    "a role of any account": allow('{StringLike: {"aws:PrincipalArn": "arn:aws:iam::*:role/x"}}'),
    "a key by way of a service": allow(
        '{StringEquals: {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}', "kms:Decrypt"
    ),
    "a function URL without sign-in": allow(
        '{StringEquals: {"lambda:FunctionUrlAuthType": "NONE"}}', "lambda:InvokeFunctionUrl"
    ),
    "the caller's own organization": allow(
        '{StringEquals: {"aws:PrincipalOrgID": ["o-a1b2c3d4e5", "${aws:PrincipalOrgID}"]}}'
    ).replace("{Effect", '{Version: "2012-10-17", Statement: [{Effect', 1)
    + "]}",
    "a user agent": allow('{StringLike: {"aws:UserAgent": "shelf/*"}}'),
    "a page that links": allow('{StringLike: {"aws:Referer": "https://example.com/*"}}'),
    "a canned ACL": allow(
        '{StringEquals: {"s3:x-amz-acl": "bucket-owner-full-control"}}', "s3:PutObject"
    ),
    "a tag that strangers set": allow('{StringEquals: {"aws:PrincipalTag/team": "shop"}}'),
    "an encryption context": allow(
        '{StringEquals: {"kms:EncryptionContext:app": "shelf"}}', "kms:Decrypt"
    ),
}
CLOSED = {
    "the organization": allow('{StringEquals: {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}'),
    "units of the organization": allow(
        '{"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/*"}}'
    ),
    "the account": allow('{StringEquals: {"aws:PrincipalAccount": "111122223333"}}'),
    "the topic of old": allow('{StringEquals: {"AWS:SourceOwner": "111122223333"}}', "sns:Publish"),
    "the queue of a topic": allow(
        '{ArnEquals: {"aws:SourceArn": "arn:aws:sns:eu-west-1:111122223333:t"}}', "sqs:SendMessage"
    ),
    "an endpoint": allow('{StringEquals: {"aws:SourceVpce": "vpce-1a2b3c4d"}}'),
    "a network": allow('{StringEquals: {"aws:SourceVpc": "vpc-1a2b3c4d"}}'),
    "an office": allow('{IpAddress: {"aws:SourceIp": ["192.0.2.0/24", "2001:db8::/48"]}}'),
    "the callers of an account": allow(
        '{StringEquals: {"kms:CallerAccount": "111122223333"}}', "kms:Decrypt"
    ),
    "clients of a mount target": allow(
        '{Bool: {"elasticfilesystem:AccessedViaMountTarget": "true"}}',
        "elasticfilesystem:ClientMount",
    ),
    "a skill by its token": allow(
        '{StringEquals: {"lambda:EventSourceToken": "amzn1.ask.skill.1a2b"}}',
        "lambda:InvokeFunction",
    ),
    "access points of the account": allow(
        '{StringEquals: {"s3:DataAccessPointAccount": "111122223333"}}'
    ),
    "one strong key of two": allow(
        '{Bool: {"aws:SecureTransport": "true"}, StringEquals: {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}'
    ),
    "a Deny of strangers": """{Version: "2012-10-17", Statement: [
        {Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*"},
        {Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::b/*", Condition: {
          StringNotEquals: {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}, Bool: {"aws:PrincipalIsAWSService": "false"}}}]}""",
    "a Deny of everyone": """{Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*"}""",
}


@pytest.mark.parametrize("text", PUBLIC.values(), ids=PUBLIC)
def test_what_strangers_can_meet_is_public(text: str) -> None:
    assert len(found(text)) == 1


@pytest.mark.parametrize("text", CLOSED.values(), ids=CLOSED)
def test_what_strangers_cannot_meet_is_not_public(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("kind", [Kind.ENDPOINT, Kind.SCP, Kind.RCP])
def test_policy_that_only_limits_is_never_public(kind: Kind) -> None:
    assert found(allow("{}"), kind) == []


@pytest.mark.parametrize(
    ("action", "gravity"),
    [
        ("s3:PutObject", 9.4),
        ("kms:Decrypt", 9.4),
        ("s3:GetObject", 8.6),
        ("s3:ListBucket", 5.8),
        ("execute-api:Invoke", 3.8),
    ],
)
def test_gravity_follows_what_is_reached(action: str, gravity: float) -> None:
    assert [f.security_severity for f in found(allow("{}", action))] == [gravity]


ANONYMOUS = "anyone on the internet, without signing in, can read this resource"
SIGNED_IN = "every AWS account can read this resource"
BY_SERVICE = "every AWS account, through a service of AWS, can read this resource"


@pytest.mark.parametrize(
    ("condition", "who"),
    [
        ("{}", ANONYMOUS),
        ('{Bool: {"aws:SecureTransport": "true"}}', ANONYMOUS),
        ('{StringLike: {"aws:UserAgent": "shelf/*"}}', ANONYMOUS),
        ('{StringLike: {"aws:PrincipalAccount": "*"}}', ANONYMOUS),
        ('{StringLikeIfExists: {"aws:PrincipalOrgID": "o-*"}}', ANONYMOUS),
        ('{Bool: {"aws:MultiFactorAuthPresent": "false"}}', SIGNED_IN),
        ('{BoolIfExists: {"aws:MultiFactorAuthPresent": "true"}}', ANONYMOUS),
        ('{Bool: {"aws:MultiFactorAuthPresent": "true"}}', SIGNED_IN),
        ('{NumericLessThan: {"aws:MultiFactorAuthAge": "3600"}}', SIGNED_IN),
        ('{StringEquals: {"aws:PrincipalTag/team": "shop"}}', SIGNED_IN),
        ('{StringLike: {"aws:PrincipalOrgID": "o-*"}}', SIGNED_IN),
        ('{ArnLike: {"aws:PrincipalArn": "arn:aws:iam::*:role/reader"}}', SIGNED_IN),
        ('{StringLike: {"aws:username": "ann"}}', SIGNED_IN),
        ('{ArnLike: {"aws:SourceArn": "arn:aws:sns:*:*:orders"}}', BY_SERVICE),
        ('{StringLike: {"aws:SourceAccount": "*"}}', BY_SERVICE),
        ('{ArnLikeIfExists: {"aws:SourceArn": "arn:aws:sns:*:*:orders"}}', ANONYMOUS),
    ],
)
def test_message_says_who_can_meet_the_condition(condition: str, who: str) -> None:
    (finding,) = found(allow(condition))

    assert finding.message.partition(": `")[0] == who
