"""Flags resources that an AWS service may use on behalf of any customer.

A service acts for the customer who configured it. Without a condition on the source, another
customer's trail, topic or distribution reaches the resource through the same service principal: the
confused deputy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.audience import is_closed_to_services, limits_of
from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Note, Rule, RuleContext, Severity, bad, good
from iamlint.rules.exposure._deputies import (
    OTHER_KEYS,
    SOURCE_KEYS,
    advice_for,
    deputies,
    only_checks,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not statement.allows:
        return
    found = deputies(statement, context.resource_type)
    if not found or _is_held(statement) or _denies_other_sources(context):
        return
    first, *others = found
    checks = all(only_checks(one, statement) for one in found)
    use = "check this bucket" if checks else "use this resource"
    weak = next((c for c in statement.conditions if c.name in SOURCE_KEYS), None)
    yield Hit(
        first.at,
        f"`{weak.key}` also matches sources of other customers of `{first.text}`"
        if weak
        else f"`{first.text}` can {use} on behalf of any AWS customer",
        help=advice_for(first, statement, context.resource_type),
        severity=Severity.NOTE if checks else None,
        related=tuple(Note(p.at, f"the same applies to `{p.text}`") for p in others),
    )


def _is_held(statement: Statement) -> bool:
    if statement.has_more_conditions:
        return True
    if any(condition.name in SOURCE_KEYS for condition, _ in limits_of(statement)):
        return True
    return any(
        _names_the_customer(condition.name) or is_closed_to_services(condition)
        for condition in statement.conditions
    )


def _names_the_customer(key: str) -> bool:
    return (
        key in OTHER_KEYS or key == "kms:calleraccount" or key.startswith("kms:encryptioncontext:")
    )


def _denies_other_sources(context: RuleContext) -> bool:
    """Return whether a Deny keeps out other sources; which part it covers is not asked."""
    return any(
        statement.denies and condition.negated and condition.name in SOURCE_KEYS
        for statement in context.policy.statements
        for condition in statement.conditions
    )


RULE = Rule(
    name="service-principal-without-source",
    family=Family.EXPOSURE,
    module=__name__,
    summary="an AWS service can use the resource on behalf of any customer",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=6.0,
    cwe=441,
    kinds=frozenset({Kind.RESOURCE}),
    access_analyzer=("RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL",),
    advice="demand the source of the request, with your own resource or account, by a key that the service sends",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html#cross-service-confused-deputy-prevention",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-security-warning-restrict-access-to-service-principal",
        "https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services",
    ),
    when=("Allow", "principal Service"),
    check=check,
    bad=(
        bad(
            "any topic of any customer writes to the queue",
            """
            {
              Effect: "Allow",
              Principal: {
                Service: "sns.amazonaws.com", //!
              },
              Action: "sqs:SendMessage",
              Resource: "arn:aws:sqs:us-east-1:111122223333:shelf",
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "any distribution of any customer reads the bucket",
            """
            {
              Effect: "Allow",
              Principal: {
                Service: "cloudfront.amazonaws.com", //!
              },
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "the account of the source is a wildcard",
            """
            {
              Effect: "Allow",
              Principal: {
                Service: "cloudfront.amazonaws.com", //!
              },
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {ArnLike: {"aws:SourceArn": "arn:aws:cloudfront::*:distribution/*"}},
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "whether a trail could write to the bucket: a note",
            """
            {
              Effect: "Allow",
              Principal: {
                Service: "cloudtrail.amazonaws.com", //!
              },
              Action: "s3:GetBucketAcl",
              Resource: "arn:aws:s3:::trails",
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "trails of any account",
            """
            {
              Effect: "Allow",
              Principal: {
                Service: "cloudtrail.amazonaws.com", //!
              },
              Action: "s3:PutObject",
              Resource: ["arn:aws:s3:::trails/AWSLogs/111122223333/*", "arn:aws:s3:::trails/AWSLogs/*"],
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "an ACL does not restrict the customer; a regional host",
            """
            {
              Effect: "Allow",
              Principal: {
                Service: ["logs.eu-west-1.amazonaws.com", "delivery.logs.amazonaws.com"], //!
              },
              Action: "s3:PutObject",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {StringEquals: {"s3:x-amz-acl": "bucket-owner-full-control"}},
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "any rule of any customer invokes the function",
            """
            {
              Effect: "Allow",
              Principal: {
                Service: "events.amazonaws.com", //!
              },
              Action: "lambda:InvokeFunction",
              Resource: "arn:aws:lambda:eu-west-1:111122223333:function:shelf",
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "any log group of any customer uses the key",
            """
            {
              Effect: "Allow",
              Principal: {
                Service: "logs.eu-west-1.amazonaws.com", //!
              },
              Action: ["kms:Encrypt*", "kms:Decrypt*"],
              Resource: "*",
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "a Deny of one source blocks only that source",
            """
            {Version: "2012-10-17", Statement: [
              {
                Effect: "Allow",
                Principal: {
                  Service: "sns.amazonaws.com", //!
                },
                Action: "sqs:SendMessage",
                Resource: "arn:aws:sqs:us-east-1:111122223333:shelf",
              },
              {
                Effect: "Deny",
                Principal: "*",
                Action: "sqs:*",
                Resource: "*",
                Condition: {StringEquals: {"aws:SourceAccount": "111122223333"}},
              },
            ]}""",
            kind=Kind.RESOURCE,
        ),
    ),
    good=(
        good(
            "CloudFront origin access control as AWS documents it",
            """
            {
              Effect: "Allow",
              Principal: {Service: "cloudfront.amazonaws.com"},
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {StringEquals: {
                "AWS:SourceArn": "arn:aws:cloudfront::111122223333:distribution/E1A2B3",
              }},
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "events of a bucket, whose ARN has no account",
            """
            {
              Effect: "Allow",
              Principal: {Service: "s3.amazonaws.com"},
              Action: "sns:Publish",
              Resource: "arn:aws:sns:eu-west-1:111122223333:shelf",
              Condition: {ArnLike: {"aws:SourceArn": "arn:aws:s3:*:*:shelf"}},
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "the whole organization",
            """
            {
              Effect: "Allow",
              Principal: {Service: "cloudtrail.amazonaws.com"},
              Action: "s3:PutObject",
              Resource: "arn:aws:s3:::trails/AWSLogs/*",
              Condition: {StringEquals: {"aws:SourceOrgID": "o-a1b2c3d4e5"}},
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "the service writes the account of the source into the path",
            """
            {
              Effect: "Allow",
              Principal: {Service: ["cloudtrail.amazonaws.com", "logdelivery.elasticloadbalancing.amazonaws.com"]},
              Action: "s3:PutObject",
              Resource: ["arn:aws:s3:::trails/AWSLogs/111122223333/*", "arn:aws:s3:::trails/x/AWSLogs/o-a1b2c3d4e5/*"],
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "the encryption context names the log group",
            """
            {
              Effect: "Allow",
              Principal: {Service: "logs.eu-west-1.amazonaws.com"},
              Action: ["kms:Encrypt*", "kms:Decrypt*"],
              Resource: "*",
              Condition: {ArnLike: {
                "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-west-1:111122223333:*",
              }},
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "a condition that a service never meets blocks it",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "111122223333", Service: "cloudfront.amazonaws.com"},
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {StringEquals: {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "the key names the account that calls through the service",
            """
            {
              Effect: "Allow",
              Principal: {Service: "sns.amazonaws.com"},
              Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
              Resource: "*",
              Condition: {StringEquals: {"kms:CallerAccount": "111122223333"}},
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "access logs of buckets, which go to buckets of the same owner",
            """
            {
              Effect: "Allow",
              Principal: {Service: "logging.s3.amazonaws.com"},
              Action: "s3:PutObject",
              Resource: "arn:aws:s3:::logs/*",
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "a service that sends no source",
            """
            {
              Effect: "Allow",
              Principal: {Service: "secretsmanager.amazonaws.com"},
              Action: "lambda:InvokeFunction",
              Resource: "arn:aws:lambda:eu-west-1:111122223333:function:rotate",
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "EventBridge, which sends no source to topics",
            """
            {
              Effect: "Allow",
              Principal: {Service: "events.amazonaws.com"},
              Action: "sns:Publish",
              Resource: "arn:aws:sns:eu-west-1:111122223333:shelf",
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "the key of an encrypted topic, as AWS documents it for events and for buckets",
            """
            {
              Effect: "Allow",
              Principal: {Service: ["events.amazonaws.com", "s3.amazonaws.com"]},
              Action: ["kms:GenerateDataKey*", "kms:Decrypt"],
              Resource: "*",
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "the trust of a service role",
            """
            {Effect: "Allow", Principal: {Service: "lambda.amazonaws.com"}, Action: "sts:AssumeRole"}
            """,
            kind=Kind.TRUST,
        ),
        good(
            "a Deny of all other accounts",
            """
            {Version: "2012-10-17", Statement: [
              {
                Effect: "Allow",
                Principal: {Service: "sns.amazonaws.com"},
                Action: "sqs:SendMessage",
                Resource: "arn:aws:sqs:us-east-1:111122223333:shelf",
              },
              {
                Effect: "Deny",
                Principal: "*",
                Action: "sqs:*",
                Resource: "arn:aws:sqs:us-east-1:111122223333:shelf",
                Condition: {StringNotEqualsIfExists: {"aws:SourceAccount": "111122223333"}},
              },
            ]}""",
            kind=Kind.RESOURCE,
        ),
    ),
)
