"""Flags resource policies that allow strangers.

The principal `*` is everyone: every AWS account, and with services such as S3, SQS and SNS anyone
on the internet. The author often means "everyone who meets the condition", but that is only safe if
a condition names an organization, an account, a network or a source that strangers cannot claim.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.audience import Audience, audience
from iamlint.policy.grammar import Kind
from iamlint.policy.network import Network
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules._home import is_idle
from iamlint.rules.exposure._reached import (
    WORDS,
    ReachedAccess,
    allows_nothing,
    find_reached,
    is_meant,
    strangers,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not statement.allows or allows_nothing(statement):
        return
    everyone = next((p for p in statement.principals if p.is_everyone), None)
    if everyone is None or audience(statement, context.policy) is not Audience.EVERYONE:
        return
    if is_idle(statement, context):
        return
    grave = find_reached(statement, context.catalog)
    meant = is_meant(statement) or context.network in _NOT_EXPOSED
    keys = list(dict.fromkeys(f"`{c.key}`" for c in statement.conditions))
    verb = "do" if len(keys) > 1 else "does"
    yield Hit(
        everyone.at,
        f"{strangers(statement, context.policy, context.network)} can {WORDS[grave]}"
        + (f": {', '.join(keys)} {verb} not stop strangers" if keys else ""),
        properties={"reached": grave.name.lower()},
        severity=Severity.NOTE if meant else None,
        security_severity=_MEANT if meant else _GRAVITY[grave],
    )


# What only a network of the owner reaches, or may, or only users that sign in.
_NOT_EXPOSED = frozenset({Network.VPC, Network.SIGNED_IN, Network.UNKNOWN})
_GRAVITY = {ReachedAccess.CHANGE: 9.4, ReachedAccess.DATA: 8.6, ReachedAccess.METADATA: 5.8}
_MEANT = 3.8


RULE = Rule(
    name="public-resource-policy",
    family=Family.EXPOSURE,
    module=__name__,
    summary="strangers get access to a resource",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=8.6,
    cwe=732,
    kinds=frozenset({Kind.RESOURCE}),
    advice=(
        "list the principals, or restrict them with a condition such as"
        ' `"StringEquals": {"aws:PrincipalOrgID": "o-…"}`'
    ),
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-anonymous",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status",
    ),
    when=("Allow", "everyone"),
    check=check,
    bad=(
        bad(
            "a bucket that everyone can read",
            """
            {
              Effect: "Allow", Action: "s3:GetObject",
              Principal: "*", //!
              Resource: "arn:aws:s3:::shelf/*",
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "everyone beside an account",
            """
            {
              Effect: "Allow",
              Principal: {AWS: [
                "arn:aws:iam::111122223333:root",
                "*", //!
              ]},
              Action: "sqs:SendMessage",
              Resource: "arn:aws:sqs:eu-west-1:111122223333:shelf",
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "HTTPS does not restrict the caller",
            """
            {
              Effect: "Allow",
              Principal: "*", //!
              Action: "s3:*",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {Bool: {"aws:SecureTransport": "true"}},
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "callers without an organization pass as well",
            """
            {
              Effect: "Allow",
              Principal: "*", //!
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {StringEqualsIfExists: {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "one of two ranges is the whole internet",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "*"}, //!
              Action: "es:ESHttp*",
              Resource: "arn:aws:es:eu-west-1:111122223333:domain/shelf/*",
              Condition: {IpAddress: {"aws:SourceIp": ["10.0.0.0/8", "0.0.0.0/0"]}},
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "the account of the role is a wildcard",
            """
            {
              Effect: "Allow",
              Principal: "*", //!
              Action: "secretsmanager:GetSecretValue",
              Resource: "*",
              Condition: {StringLike: {"aws:PrincipalArn": "arn:aws:iam::*:role/reader"}},
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "every customer of a service calls through it",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "*"}, //!
              Action: "kms:Decrypt",
              Resource: "*",
              Condition: {StringEquals: {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}},
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "a function URL without sign-in",
            """
            {
              Effect: "Allow",
              Principal: "*", //!
              Action: "lambda:InvokeFunctionUrl",
              Resource: "arn:aws:lambda:eu-west-1:111122223333:function:shelf",
              Condition: {StringEquals: {"lambda:FunctionUrlAuthType": "NONE"}},
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "a domain that only its VPC reaches is a note",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "*"}, //!
              Action: "es:*",
              Resource: "arn:aws:es:eu-west-1:111122223333:domain/shelf/*",
            }""",
            kind=Kind.RESOURCE,
            network=Network.VPC,
        ),
        bad(
            "a domain that signs its users in itself is a note",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "*"}, //!
              Action: "es:ESHttp*",
              Resource: "arn:aws:es:eu-west-1:111122223333:domain/shelf/*",
            }""",
            kind=Kind.RESOURCE,
            network=Network.SIGNED_IN,
        ),
        bad(
            "a private API, which every VPC of the region reaches",
            """
            {
              Effect: "Allow",
              Principal: "*", //!
              Action: "execute-api:Invoke",
              Resource: "execute-api:/*",
            }""",
            kind=Kind.RESOURCE,
            network=Network.ENDPOINTS,
        ),
        bad(
            "a public API is a note: methods may demand more",
            """
            {
              Effect: "Allow",
              Principal: "*", //!
              Action: "execute-api:Invoke",
              Resource: "execute-api:/*",
            }""",
            kind=Kind.RESOURCE,
        ),
    ),
    good=(
        good(
            "a foreign owner, which this queue does not have",
            """
            {
              Effect: "Allow",
              Principal: "*",
              Action: "sqs:SendMessage",
              Resource: "arn:aws:sqs:eu-west-1:111122223333:shelf",
              Condition: {StringEquals: {"aws:ResourceAccount": "444455556666"}},
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "everyone of one organization",
            """
            {
              Effect: "Allow",
              Principal: "*",
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {StringEquals: {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "roles of one account by their ARN",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "*"},
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {ArnLike: {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/ci-*"}},
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "the default policy of an SNS topic",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "*"},
              Action: ["SNS:Publish", "SNS:Subscribe", "SNS:GetTopicAttributes"],
              Resource: "arn:aws:sns:eu-west-1:111122223333:shelf",
              Condition: {StringEquals: {"AWS:SourceOwner": "111122223333"}},
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "a queue that one topic writes to",
            """
            {
              Effect: "Allow",
              Principal: "*",
              Action: "sqs:SendMessage",
              Resource: "arn:aws:sqs:eu-west-1:111122223333:shelf",
              Condition: {ArnEquals: {"aws:SourceArn": "arn:aws:sns:eu-west-1:111122223333:t"}},
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "clients of a mount target, as EFS writes it",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "*"},
              Action: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
              Resource: "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1",
              Condition: {Bool: {"elasticfilesystem:AccessedViaMountTarget": "true"}},
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "a key that one account uses through S3, as AWS's own keys have it",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "*"},
              Action: ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*"],
              Resource: "*",
              Condition: {StringEquals: {
                "kms:CallerAccount": "111122223333",
                "kms:ViaService": "s3.eu-west-1.amazonaws.com",
              }},
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "one endpoint of a private network",
            """
            {
              Effect: "Allow",
              Principal: "*",
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {StringEquals: {"aws:SourceVpce": "vpce-1a2b3c4d"}},
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "addresses that no request has, however wide the range",
            """
            {
              Effect: "Allow",
              Principal: "*",
              Action: "sqs:SendMessage",
              Resource: "arn:aws:sqs:eu-west-1:111122223333:shelf",
              Condition: {IpAddress: {"aws:SourceIp": ["fd00::/8", "224.0.0.0/4"]}},
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "a private API, closed by a Deny as AWS documents it",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*"},
              {
                Effect: "Deny",
                Principal: "*",
                Action: "execute-api:Invoke",
                Resource: "execute-api:/*",
                Condition: {StringNotEquals: {"aws:SourceVpce": "vpce-1a2b3c4d"}},
              },
            ]}""",
            kind=Kind.RESOURCE,
        ),
        good(
            "a Deny of strangers in the same policy",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::shelf/*"},
              {
                Effect: "Deny",
                Principal: "*",
                Action: "s3:*",
                Resource: ["arn:aws:s3:::shelf", "arn:aws:s3:::shelf/*"],
                Condition: {StringNotEquals: {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
              },
            ]}""",
            kind=Kind.RESOURCE,
        ),
        good(
            "the policy of an endpoint is bound to its network",
            """{Effect: "Allow", Principal: "*", Action: "*", Resource: "*"}""",
            kind=Kind.ENDPOINT,
        ),
        good(
            "an action without a name, which no request has",
            """
            {Effect: "Allow", Principal: "*", Action: [""], Resource: "arn:aws:s3:::shelf/*"}""",
            kind=Kind.RESOURCE,
        ),
        good(
            "everyone is denied",
            """
            {
              Effect: "Deny",
              Principal: "*",
              Action: "s3:*",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {Bool: {"aws:SecureTransport": "false"}},
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "the default key policy",
            """
            {
              Effect: "Allow", Action: "kms:*", Resource: "*",
              Principal: {AWS: "arn:aws:iam::111122223333:root"},
            }""",
            kind=Kind.RESOURCE,
        ),
    ),
)
