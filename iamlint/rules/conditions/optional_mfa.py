"""Flags Allows that demand multi-factor authentication only of callers who could have used it.

Requests signed with an access key do not carry any MFA key, and `IfExists` lets them pass. The
condition then stops only sessions that started without a device.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._mfa import AGE, KEYS, asks_presence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not statement.allows:
        return
    demanded = any(c.name in KEYS and c.needs_key for c in statement.conditions)
    for condition in statement.conditions:
        wanted = asks_presence(condition, "true") or condition.name == AGE
        if wanted and condition.if_exists and not demanded:
            yield Hit(
                condition.at,
                "requests with an access key pass this condition without an MFA device",
            )


RULE = Rule(
    name="optional-mfa",
    family=Family.CONDITIONS,
    module=__name__,
    summary="requests with an access key pass the condition on multi-factor authentication",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=7.4,
    cwe=308,
    advice="remove `IfExists`",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent",
    ),
    check=check,
    bad=(
        bad(
            "presence, if it is known",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {BoolIfExists: {
                "aws:MultiFactorAuthPresent": "true", //!
              }},
            }""",
        ),
        bad(
            "age, if there is one",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {NumericLessThanIfExists: {
                "aws:MultiFactorAuthAge": "3600", //!
              }},
            }""",
        ),
    ),
    good=(
        good(
            "a device is demanded",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {Bool: {"aws:MultiFactorAuthPresent": "true"}},
            }""",
        ),
        good(
            "a recent one",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {NumericLessThan: {"aws:MultiFactorAuthAge": "3600"}},
            }""",
        ),
        good(
            "AWS's own Deny of those without",
            """
            {
              Effect: "Deny",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {BoolIfExists: {"aws:MultiFactorAuthPresent": "false"}},
            }""",
        ),
        good(
            "demanded beside it",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {
                NumericLessThanIfExists: {"aws:MultiFactorAuthAge": "3600"},
                Bool: {"aws:MultiFactorAuthPresent": "true"},
              },
            }""",
        ),
    ),
)
