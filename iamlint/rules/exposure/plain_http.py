"""Flags policies of buckets, queues and topics that do not deny plain HTTP.

S3, SQS and SNS answer over HTTP as well as HTTPS. Others on the network can read such a request and
its answer, and repeat the request while its signature is valid. A Deny for everyone with
`aws:SecureTransport` of `false` stops that for the whole resource.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.grants.grants import Truth, statement_covers_resource, statement_grants
from iamlint.policy.at import At
from iamlint.policy.grammar import Kind, OperatorFamily
from iamlint.policy.steps import spend
from iamlint.rule import Confidence, Family, Hit, Profile, Rule, RuleContext, Severity, bad, good
from iamlint.rules._home import is_idle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Condition, Policy, Statement

_THINGS: Final = {
    "AWS::S3::Bucket": "bucket",
    "AWS::SQS::Queue": "queue",
    "AWS::SNS::Topic": "topic",
}
_KEY: Final = "aws:securetransport"


def check(policy: Policy, context: RuleContext) -> Iterator[Hit]:
    thing = _THINGS.get(context.resource_type or "")
    if thing is None or not context.is_whole or "Statement" in policy.opaque:
        return
    if not policy.statements or any(one.effect is None for one in policy.statements):
        return
    allows = [one for one in policy.statements if one.allows]
    denies = [one for one in policy.statements if _denies_http(one)]
    open_ = next((o for o in allows if not _is_safe(o, denies) and not is_idle(o, context)), None)
    message = f"the policy of the {thing} does not deny plain HTTP"
    if open_ is not None:
        yield Hit(open_.at, f"{message} for what this statement allows")
    elif not allows and not denies:
        yield Hit(At(()), message)


def _is_safe(allow: Statement, denies: list[Statement]) -> bool:
    """Return whether plain HTTP is surely, or for all that is known, no way to use an Allow."""
    spend(len(denies))
    if allow.is_open or allow.has_more_conditions:
        return True
    return any(_holds_for(one, "true") for one in allow.conditions) or any(
        _may_cover(deny, allow) for deny in denies
    )


def _denies_http(statement: Statement) -> bool:
    """Return whether a Deny is for everyone, and holds for plain HTTP; the unknown counts as that."""
    if not statement.denies:
        return False
    is_for_some = statement.principal and "Principal" not in statement.opaque
    if is_for_some and not any(one.is_everyone for one in statement.principals):
        return False
    return statement.has_more_conditions or any(
        _holds_for(one, "false") or one.name == "s3:tlsversion" for one in statement.conditions
    )


def _holds_for(condition: Condition, wanted: str) -> bool:
    """Return whether a test is for HTTPS (`true`) or for plain HTTP (`false`); the unknown may be."""
    if condition.name != _KEY:
        return False
    values = {entry.known and entry.known.lower() for entry in condition.values}
    if condition.family is OperatorFamily.NULL:
        return wanted == "false" and "true" in values
    other = "false" if wanted == "true" else "true"
    return None in values or (other if condition.negated else wanted) in values


def _may_cover(deny: Statement, allow: Statement) -> bool:
    """Return whether a Deny is about all actions of an Allow, and perhaps about its resources."""
    actions = [entry.known for entry in allow.actions if entry.known] or ["*"]
    resources = [entry.pattern for entry in allow.resources] or ["*"]
    spend(len(actions) + len(resources))
    if "Action" not in deny.opaque and any(
        statement_grants(deny, action) is not Truth.YES for action in actions
    ):
        return False
    return all(statement_covers_resource(deny, one) is not Truth.NO for one in resources)


RULE = Rule(
    name="plain-http",
    family=Family.EXPOSURE,
    module=__name__,
    summary="the policy of a bucket, queue or topic does not deny plain HTTP",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    profile=Profile.STRICT,
    security_severity=3.0,
    cwe=319,
    kinds=frozenset({Kind.RESOURCE}),
    advice='deny it to everyone: `"Bool": {"aws:SecureTransport": "false"}`, for all actions and on all that the policy is about',
    sources=(
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html",
        "https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html",
    ),
    when=(" | ".join(f"on {one}" for one in _THINGS),),
    check_policy=check,
    bad=(
        bad(
            "a bucket that another account reads",
            """
            { //!
              Effect: "Allow", Principal: {AWS: "111122223333"}, Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
            }""",
            kind=Kind.RESOURCE,
            resource_type="AWS::S3::Bucket",
        ),
        bad(
            "a queue, and a Deny for one principal only",
            """
            {
              Version: "2012-10-17",
              Statement: [
                { //!
                  Effect: "Allow", Principal: {Service: "sns.amazonaws.com"}, Action: "sqs:SendMessage",
                  Resource: "arn:aws:sqs:eu-west-1:111122223333:jobs",
                },
                {
                  Effect: "Deny", Principal: {AWS: "arn:aws:iam::111122223333:role/ci"}, Action: "sqs:*",
                  Resource: "arn:aws:sqs:eu-west-1:111122223333:jobs",
                  Condition: {Bool: {"aws:SecureTransport": "false"}},
                },
              ],
            }""",
            kind=Kind.RESOURCE,
            resource_type="AWS::SQS::Queue",
        ),
        bad(
            "the Deny is about the objects, not about the bucket",
            """
            {
              Version: "2012-10-17",
              Statement: [
                { //!
                  Effect: "Allow", Principal: {AWS: "111122223333"}, Action: "s3:ListBucket",
                  Resource: "arn:aws:s3:::shelf",
                },
                {
                  Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::shelf/*",
                  Condition: {Bool: {"aws:SecureTransport": "false"}},
                },
              ],
            }""",
            kind=Kind.RESOURCE,
            resource_type="AWS::S3::Bucket",
        ),
    ),
    good=(
        good(
            "plain HTTP is denied to everyone",
            """
            {
              Version: "2012-10-17",
              Statement: [
                {
                  Effect: "Allow", Principal: {AWS: "111122223333"}, Action: "s3:*",
                  Resource: ["arn:aws:s3:::shelf", "arn:aws:s3:::shelf/*"],
                },
                {
                  Effect: "Deny", Principal: {AWS: "*"}, Action: "*",
                  Resource: ["arn:aws:s3:::shelf", "arn:aws:s3:::shelf/*"],
                  Condition: {Bool: {"aws:SecureTransport": "false"}},
                },
              ],
            }""",
            kind=Kind.RESOURCE,
            resource_type="AWS::S3::Bucket",
        ),
        good(
            "the Allow itself is for HTTPS",
            """
            {
              Effect: "Allow", Principal: {AWS: "111122223333"}, Action: "sns:Publish",
              Resource: "arn:aws:sns:eu-west-1:111122223333:news",
              Condition: {Bool: {"aws:SecureTransport": "true"}},
            }""",
            kind=Kind.RESOURCE,
            resource_type="AWS::SNS::Topic",
        ),
        good(
            "it is not known which resource has the policy",
            """
            {
              Effect: "Allow", Principal: {AWS: "111122223333"}, Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "a secret can be read over HTTPS alone",
            """
            {
              Effect: "Allow", Principal: {AWS: "111122223333"}, Action: "secretsmanager:GetSecretValue",
              Resource: "*",
            }""",
            kind=Kind.RESOURCE,
            resource_type="AWS::SecretsManager::Secret",
        ),
    ),
)
