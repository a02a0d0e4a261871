"""Flags values that are not the ARN of a KMS key where S3 compares one.

S3 compares the value with the ARN of the key. An alias or a bare id never matches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.catalog.values.lookup import values_of
from iamlint.policy.arn_patterns import widened
from iamlint.policy.grammar import Kind, OperatorFamily
from iamlint.policy.wildcard import is_wild
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import CHECKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for condition in statement.conditions:
        if condition.name != _KEY or condition.family is OperatorFamily.NULL:
            continue
        row = values_of(_KEY, context.catalog)
        for entry in condition.values:
            pattern = widened(entry.pattern)
            if row is not None and pattern and row.fault(pattern) is not None:
                yield Hit(
                    entry.at,
                    f"`{entry.text}` never matches: it is not the ARN of a KMS key",
                    access_analyzer="" if is_wild(pattern) else None,
                )


# Which other keys AWS looks at is not known.
_KEY = "s3:x-amz-server-side-encryption-aws-kms-key-id"


RULE = Rule(
    name="invalid-kms-key-value",
    family=Family.CONDITIONS,
    module=__name__,
    summary="S3 compares the complete ARN of the key, so this value never matches",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    kinds=frozenset(set(Kind) - {Kind.TRUST}),
    access_analyzer=("INVALID_KMS_KEY_VALUE",),
    advice="write `arn:aws:kms:<region>:<account>:key/<id>`",
    sources=(
        CHECKS,
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html",
    ),
    when=(f"key {_KEY}",),
    check=check,
    bad=(
        bad(
            "an alias",
            """
            {Effect: "Allow", Action: "s3:PutObject", Resource: "*", Condition: {
              StringEquals: {"s3:x-amz-server-side-encryption-aws-kms-key-id": "alias/app"}, //!
            }}""",
        ),
        bad(
            "the ARN of an alias, under an ARN operator",
            """
            {Effect: "Deny", Action: "s3:PutObject", Resource: "*", Condition: {
              ArnNotEqualsIfExists: {
                "s3:x-amz-server-side-encryption-aws-kms-key-id": "arn:aws:kms:us-east-1:123456789012:alias/app", //!
              },
            }}""",
        ),
        bad(
            "any alias of an account",
            """
            {Effect: "Deny", Action: "s3:PutObject", Resource: "*", Condition: {
              ArnNotLike: {
                "s3:x-amz-server-side-encryption-aws-kms-key-id": "arn:aws:kms:*:123456789012:alias/*", //!
              },
            }}""",
            access_analyzer="",
        ),
    ),
    good=(
        good(
            "any key of an account",
            """
            {Effect: "Deny", Action: "s3:PutObject", Resource: "*", Condition: {
              ArnNotLike: {
                "s3:x-amz-server-side-encryption-aws-kms-key-id": "arn:aws:kms:*:123456789012:*",
              },
            }}""",
        ),
        good(
            "the ARN of a key",
            """
            {Effect: "Allow", Action: "s3:PutObject", Resource: "*", Condition: {
              StringEquals: {
                "s3:x-amz-server-side-encryption-aws-kms-key-id": "arn:aws:kms:us-east-1:123456789012:key/1a2b",
              },
            }}""",
        ),
        good(
            "a test whether the key is in the request",
            """
            {Effect: "Deny", Action: "s3:PutObject", Resource: "*", Condition: {
              Null: {"s3:x-amz-server-side-encryption-aws-kms-key-id": "true"},
            }}""",
        ),
    ),
)
