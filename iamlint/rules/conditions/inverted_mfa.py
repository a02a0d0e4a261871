"""Flags statements that favour callers without multi-factor authentication.

An Allow for callers without a device, or a Deny of callers with one, nearly always is the opposite
of what the author meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._mfa import asks_null, asks_presence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for condition in statement.conditions:
        if statement.allows and (asks_presence(condition, "false") or asks_null(condition, "true")):
            yield Hit(condition.at, "this allows only callers without multi-factor authentication")
        elif statement.denies and (
            asks_presence(condition, "true") or asks_null(condition, "false")
        ):
            yield Hit(condition.at, "this denies only callers with multi-factor authentication")


RULE = Rule(
    name="inverted-mfa",
    family=Family.CONDITIONS,
    module=__name__,
    summary="the statement favours callers without multi-factor authentication",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    security_severity=5.0,
    cwe=308,
    advice="write the opposite value",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html",
    ),
    check=check,
    bad=(
        bad(
            "an Allow without a device",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {Bool: {
                "aws:MultiFactorAuthPresent": "false", //!
              }},
            }""",
        ),
        bad(
            "a Deny with one",
            """
            {
              Effect: "Deny",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {Bool: {
                "aws:MultiFactorAuthPresent": true, //!
              }},
            }""",
        ),
    ),
    good=(
        good(
            "an Allow with a device",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {Bool: {"aws:MultiFactorAuthPresent": "true"}},
            }""",
        ),
        good(
            "a Deny without",
            """
            {
              Effect: "Deny",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {BoolIfExists: {"aws:MultiFactorAuthPresent": "false"}},
            }""",
        ),
    ),
)
