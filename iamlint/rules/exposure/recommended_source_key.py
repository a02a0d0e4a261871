"""Notes service principals that are restricted by a key other than the common source keys.

Older policies use keys such as `aws:Referer` to define on whose behalf a service acts. Callers
cannot choose the value of the source keys, and every service uses the same keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Note, Rule, RuleContext, Severity, bad, good
from iamlint.rules.exposure._deputies import OTHER_KEYS, SOURCE_KEYS, advice_for, deputies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    found = deputies(statement, context.resource_type) if statement.allows else ()
    if not found or any(condition.name in SOURCE_KEYS for condition in statement.conditions):
        return
    old = next((c for c in statement.conditions if c.name in OTHER_KEYS), None)
    if old is not None:
        yield Hit(
            old.at,
            f"`{old.key}` does not reliably show on whose behalf `{found[0].text}` acts",
            help=advice_for(found[0], statement, context.resource_type),
            related=(Note(found[0].at, "the service"),),
        )


RULE = Rule(
    name="recommended-source-key",
    family=Family.EXPOSURE,
    module=__name__,
    summary="a service is restricted by a key that does not reliably show the source of a request",
    severity=Severity.NOTE,
    confidence=Confidence.MEDIUM,
    kinds=frozenset({Kind.RESOURCE}),
    access_analyzer=("RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL",),
    advice="demand the source of the request instead, by a key that the service sends",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-suggestion-recommended-condition-key-for-service-principal",
    ),
    when=("Allow", "principal Service", " | ".join(f"key {one}" for one in sorted(OTHER_KEYS))),
    check=check,
    bad=(
        bad(
            "mail delivery with the old key",
            """
            {
              Effect: "Allow",
              Principal: {Service: "ses.amazonaws.com"},
              Action: "s3:PutObject",
              Resource: "arn:aws:s3:::mail/*",
              Condition: {StringEquals: {
                "aws:Referer": "111122223333", //!
              }},
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "the old key of topics and queues",
            """
            {
              Effect: "Allow",
              Principal: {Service: "cloudwatch.amazonaws.com"},
              Action: "sns:Publish",
              Resource: "arn:aws:sns:eu-west-1:111122223333:alarms",
              Condition: {StringEquals: {
                "AWS:SourceOwner": "111122223333", //!
              }},
            }""",
            kind=Kind.RESOURCE,
        ),
    ),
    good=(
        good(
            "the source account",
            """
            {
              Effect: "Allow",
              Principal: {Service: "ses.amazonaws.com"},
              Action: "s3:PutObject",
              Resource: "arn:aws:s3:::mail/*",
              Condition: {StringEquals: {"aws:SourceAccount": "111122223333"}},
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "both, while moving from one to the other",
            """
            {
              Effect: "Allow",
              Principal: {Service: "ses.amazonaws.com"},
              Action: "s3:PutObject",
              Resource: "arn:aws:s3:::mail/*",
              Condition: {StringEquals: {
                "aws:Referer": "111122223333",
                "aws:SourceAccount": "111122223333",
              }},
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "the default policy of a topic has no service principal",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "*"},
              Action: "SNS:Publish",
              Resource: "arn:aws:sns:eu-west-1:111122223333:shelf",
              Condition: {StringEquals: {"AWS:SourceOwner": "111122223333"}},
            }""",
            kind=Kind.RESOURCE,
        ),
    ),
)
