"""Flags statements that favour requests without HTTPS.

`aws:SecureTransport` is `true` for HTTPS. A Deny of HTTPS blocks every correct client and exempts
plain HTTP; an Allow for `false` allows only requests that others on the network can read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import OperatorFamily
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._mfa import says

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for condition in statement.conditions:
        if condition.name != "aws:securetransport" or condition.family is not OperatorFamily.BOOL:
            continue
        if statement.denies and says(condition, "true"):
            yield Hit(condition.at, "this Deny blocks requests over HTTPS and exempts plain HTTP")
        elif statement.allows and says(condition, "false"):
            yield Hit(condition.at, "this allows only requests over plain HTTP")


RULE = Rule(
    name="inverted-encryption",
    family=Family.CONDITIONS,
    module=__name__,
    summary="the statement favours requests without HTTPS",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=5.0,
    cwe=319,
    advice="write the opposite value",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-securetransport",
    ),
    check=check,
    bad=(
        bad(
            "a Deny of what is encrypted",
            """
            {
              Effect: "Deny",
              Action: "s3:*",
              Resource: "*",
              Condition: {Bool: {
                "aws:SecureTransport": "true", //!
              }},
            }""",
        ),
        bad(
            "an Allow for what is not",
            """
            {
              Effect: "Allow",
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {BoolIfExists: {
                "aws:securetransport": false, //!
              }},
            }""",
        ),
    ),
    good=(
        good(
            "a Deny of what is not encrypted",
            """
            {
              Effect: "Deny",
              Action: "s3:*",
              Resource: "*",
              Condition: {Bool: {"aws:SecureTransport": "false"}},
            }""",
        ),
        good(
            "an Allow for what is",
            """
            {
              Effect: "Allow",
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {Bool: {"aws:SecureTransport": "true"}},
            }""",
        ),
        good(
            "two values are `several-booleans`",
            """
            {
              Effect: "Deny",
              Action: "s3:*",
              Resource: "*",
              Condition: {Bool: {"aws:SecureTransport": ["true", "false"]}},
            }""",
        ),
    ),
)
