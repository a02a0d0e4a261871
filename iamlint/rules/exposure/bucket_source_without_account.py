"""Flags resources that a service may use for a bucket, whoever owns the bucket.

The ARN of a bucket does not name an account. When a bucket is deleted, anyone can create one of
that name, and S3 then acts for the new owner: its events reach your topic, queue or function. AWS
asks for the account of the bucket beside its ARN.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.audience import Audience, limits_of
from iamlint.grants.everyone import names_everyone
from iamlint.grants.pinned import text_of
from iamlint.policy.arn import is_account_id
from iamlint.policy.arn_patterns import pad
from iamlint.policy.grammar import Kind
from iamlint.policy.wildcard import is_wild
from iamlint.rule import Confidence, Family, Hit, Note, Rule, RuleContext, Severity, bad, good
from iamlint.rules.exposure._deputies import OTHER_KEYS, deputies, name_of, sends_account

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Entry, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not statement.allows or statement.has_more_conditions:
        return
    limits = limits_of(statement)
    arns = next((c for c, _ in limits if c.name == "aws:sourcearn"), None)
    if arns is None or any(_names_owner(c.name, audience) for c, audience in limits):
        return
    buckets = [entry for entry in arns.values if _is_bucket(entry)]
    if not buckets or not _acts_for_buckets(statement, context) or _denies_others(context):
        return
    first, *others = buckets
    yield Hit(
        first.at,
        f"if `{first.text}` is deleted, whoever creates a bucket of that name can use this resource",
        help="demand `aws:SourceAccount` with the account of the bucket as well",
        related=tuple(Note(e.at, f"the same applies to `{e.text}`") for e in others),
    )


def _names_owner(key: str, audience: Audience) -> bool:
    """Return whether another limit keeps out the owners of other buckets."""
    if key in ("aws:sourcearn", "aws:principalservicename", "aws:principalservicenameslist"):
        return False
    return key in OTHER_KEYS or audience is not Audience.NETWORK


def _is_bucket(entry: Entry) -> bool:
    fields = pad(text_of(entry))
    if fields is None:
        return False
    _, _, service, _, account, name = fields
    return service == "s3" and not is_account_id(account) and account in _ANY and _is_named(name)


def _is_named(name: str) -> bool:
    """Return whether it is one bucket: `service-principal-without-source` reports all of them."""
    return bool(name) and not is_wild(name[:1])


def _acts_for_buckets(statement: Statement, context: RuleContext) -> bool:
    """Return whether S3, among others, may use the resource, and sends the account with it."""
    if names_everyone(statement):
        return sends_account("s3", statement, context.resource_type)
    services = deputies(statement, context.resource_type)
    return any(name_of(one) == "s3" for one in services)


def _denies_others(context: RuleContext) -> bool:
    """Return whether a Deny keeps out sources of other accounts; its extent is not asked."""
    return any(
        statement.denies and condition.negated and condition.name in _OWNERS
        for statement in context.policy.statements
        for condition in statement.conditions
    )


_ANY = frozenset({"", "*"})
_OWNERS = frozenset({"aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"})


RULE = Rule(
    name="bucket-source-without-account",
    family=Family.EXPOSURE,
    module=__name__,
    summary="the next owner of a bucket name can use the resource",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=4.2,
    cwe=441,
    kinds=frozenset({Kind.RESOURCE}),
    advice="demand `aws:SourceAccount` with the account of the bucket as well",
    sources=(
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/with-s3.html",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/lambda-controls.html#lambda-1",
    ),
    when=("Allow", "key aws:sourcearn"),
    check=check,
    bad=(
        bad(
            "a topic for the events of a bucket",
            """
            {
              Effect: "Allow",
              Principal: {Service: "s3.amazonaws.com"},
              Action: "sns:Publish",
              Resource: "arn:aws:sns:eu-west-1:111122223333:shelf",
              Condition: {ArnLike: {
                "aws:SourceArn": "arn:aws:s3:*:*:shelf", //!
              }},
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "a queue for all requests from two buckets",
            """
            {
              Effect: "Allow",
              Principal: "*",
              Action: "sqs:SendMessage",
              Resource: "arn:aws:sqs:eu-west-1:111122223333:shelf",
              Condition: {StringEquals: {
                "aws:SourceArn": ["arn:aws:s3:::shelf", "arn:aws:s3:::cart"], //!
              }},
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "a function",
            """
            {
              Effect: "Allow",
              Principal: {Service: "s3.amazonaws.com"},
              Action: "lambda:InvokeFunction",
              Resource: "arn:aws:lambda:eu-west-1:111122223333:function:resize",
              Condition: {ArnEquals: {
                "AWS:SourceArn": "arn:aws:s3:::shelf", //!
              }},
            }""",
            kind=Kind.RESOURCE,
        ),
    ),
    good=(
        good(
            "ARN and account, as AWS documents it",
            """
            {
              Effect: "Allow",
              Principal: {Service: "s3.amazonaws.com"},
              Action: "sns:Publish",
              Resource: "arn:aws:sns:eu-west-1:111122223333:shelf",
              Condition: {
                ArnLike: {"aws:SourceArn": "arn:aws:s3:*:*:shelf"},
                StringEquals: {"aws:SourceAccount": "111122223333"},
              },
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "buckets of the organization",
            """
            {
              Effect: "Allow",
              Principal: {Service: "s3.amazonaws.com"},
              Action: "sqs:SendMessage",
              Resource: "arn:aws:sqs:eu-west-1:111122223333:shelf",
              Condition: {
                ArnLike: {"aws:SourceArn": "arn:aws:s3:::shelf-*"},
                StringEquals: {"aws:SourceOrgID": "o-a1b2c3d4e5"},
              },
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "a topic, whose ARN names its account",
            """
            {
              Effect: "Allow",
              Principal: {Service: "sns.amazonaws.com"},
              Action: "sqs:SendMessage",
              Resource: "arn:aws:sqs:eu-west-1:111122223333:shelf",
              Condition: {ArnEquals: {"aws:SourceArn": "arn:aws:sns:eu-west-1:111122223333:shelf"}},
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "access logs, which go to buckets of the same owner",
            """
            {
              Effect: "Allow",
              Principal: {Service: "logging.s3.amazonaws.com"},
              Action: "s3:PutObject",
              Resource: "arn:aws:s3:::logs/*",
              Condition: {ArnLike: {"aws:SourceArn": "arn:aws:s3:::shelf"}},
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "the key of an encrypted queue: no guide says that S3 sends the account there",
            """
            {
              Effect: "Allow",
              Principal: {Service: "s3.amazonaws.com"},
              Action: ["kms:GenerateDataKey", "kms:Decrypt"],
              Resource: "*",
              Condition: {ArnLike: {"aws:SourceArn": "arn:aws:s3:::shelf"}},
            }""",
            kind=Kind.RESOURCE,
        ),
    ),
)
