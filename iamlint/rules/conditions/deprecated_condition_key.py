"""Flags `aws:ARN`, an old key that `aws:PrincipalArn` and `aws:SourceArn` have replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import CHECKS, GLOBAL_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for condition in statement.conditions:
        if condition.name != "aws:arn":
            continue
        # AWS documents an error and a warning for this very key, and not when it gives which.
        # The error offers `aws:SourceArn` too, which makes sense only where a service can be the
        # caller; the severity stays that of the warning.
        with_principal = context.policy.kind.has_principal
        yield Hit(
            condition.at,
            f"`{condition.key}` is an old key that AWS no longer supports",
            help="use `aws:PrincipalArn`"
            + (", or `aws:SourceArn` for calls of a service" if with_principal else ""),
            access_analyzer=_CODES[with_principal],
        )


_CODES = ("DEPRECATED_GLOBAL_CONDITION_KEY", "UNSUPPORTED_GLOBAL_CONDITION_KEY")

RULE = Rule(
    name="deprecated-condition-key",
    family=Family.CONDITIONS,
    module=__name__,
    summary="`aws:ARN` is an old key that AWS no longer supports",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    access_analyzer=_CODES,
    advice="use `aws:PrincipalArn`",
    sources=(CHECKS, GLOBAL_KEYS),
    when=("key aws:arn",),
    check=check,
    bad=(
        bad(
            "in an identity policy",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              ArnLike: {"aws:ARN": "arn:aws:iam::123456789012:*"}, //!
            }}""",
        ),
        bad(
            "in a resource policy, in another letter case",
            """
            {Effect: "Deny", Principal: "*", Action: "s3:GetObject", Resource: "*", Condition: {
              ArnNotLike: {"aws:Arn": "arn:aws:iam::123456789012:*"}, //!
            }}""",
            kind=Kind.RESOURCE,
            access_analyzer="UNSUPPORTED_GLOBAL_CONDITION_KEY",
        ),
    ),
    good=(
        good(
            "the key of today",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              ArnLike: {"aws:PrincipalArn": "arn:aws:iam::123456789012:*"},
            }}""",
        ),
        good(
            "the key for calls of a service",
            """
            {Effect: "Allow", Principal: {Service: "sns.amazonaws.com"}, Action: "sqs:SendMessage",
              Resource: "*", Condition: {
                ArnEquals: {"aws:SourceArn": "arn:aws:sns:us-east-1:123456789012:orders"},
              }}""",
            kind=Kind.RESOURCE,
        ),
    ),
)
