"""Flags Denies of callers without multi-factor authentication that exempt some of them.

Requests signed with an access key do not carry the MFA key, so `Bool` with `false` never holds for
them: the Deny misses exactly the callers it is meant for. `Null` with `true` blocks only those, and
exempts sessions that started without a device.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.contradiction import contradicts
from iamlint.policy.steps import spend
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._mfa import PRESENT, asks_null, asks_presence, is_of_sessions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Condition, Policy, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not statement.denies:
        return
    is_of_keys = not any(map(is_of_sessions, statement.conditions))
    for condition in statement.conditions:
        if is_of_keys and asks_presence(condition, "false") and condition.needs_key:
            spared, other, grave = (
                "requests signed with an access key, which never carry the key",
                "true",
                True,
            )
        elif asks_null(condition, "true") and condition.name == PRESENT:
            spared, other, grave = "sessions that started without a device", "false", False
        else:
            continue
        if not _is_completed(context.policy, statement, other) and not _is_dead(
            statement, condition
        ):
            yield Hit(
                condition.at,
                f"this Deny does not apply to {spared}",
                security_severity=None if grave else 4.8,
            )


def _is_completed(policy: Policy, statement: Statement, other: str) -> bool:
    """Return whether another Deny catches those that this one spares."""
    spend(len(policy.statements))
    return any(
        asks_null(condition, "true")
        if other == "true"
        else asks_presence(condition, "false") or asks_null(condition, "true")
        for deny in policy.statements
        if deny.denies and deny is not statement
        for condition in deny.conditions
    )


def _is_dead(statement: Statement, condition: Condition) -> bool:
    """Return whether the Deny never applies at all: `contradicting-conditions`."""
    others = (other for other in statement.conditions if other.name == condition.name)
    return any(contradicts(condition, other) for other in others)


RULE = Rule(
    name="leaky-mfa-deny",
    family=Family.CONDITIONS,
    module=__name__,
    summary="a Deny of callers without multi-factor authentication exempts some of them",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=7.2,
    cwe=308,
    advice='use `"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}`',
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent",
    ),
    check=check,
    bad=(
        bad(
            "access keys are exempt",
            """
            {
              Effect: "Deny",
              Action: "*",
              Resource: "*",
              Condition: {Bool: {
                "aws:MultiFactorAuthPresent": "false", //!
              }},
            }""",
        ),
        bad(
            "access keys of some users are exempt",
            """
            {
              Effect: "Deny",
              Action: "s3:*",
              Resource: "*",
              Condition: {
                Bool: {
                  "aws:MultiFactorAuthPresent": "false", //!
                },
                ArnLike: {"aws:PrincipalArn": ["arn:aws:iam::*:role/x", "arn:aws:iam::*:user/support/*"]},
              },
            }""",
        ),
        bad(
            "sessions are exempt",
            """
            {
              Effect: "Deny",
              NotAction: ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice"],
              Resource: "*",
              Condition: {Null: {
                "aws:MultiFactorAuthPresent": "true", //!
              }},
            }""",
        ),
    ),
    good=(
        good(
            "as AWS documents it",
            """
            {
              Effect: "Deny",
              NotAction: ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "sts:GetSessionToken"],
              Resource: "*",
              Condition: {BoolIfExists: {"aws:MultiFactorAuthPresent": "false"}},
            }""",
        ),
        good(
            "sessions of roles are not started with an access key",
            """
            {
              Effect: "Deny",
              Action: "s3:*",
              Resource: "*",
              Condition: {
                Bool: {"aws:MultiFactorAuthPresent": "false"},
                ArnLike: {"aws:PrincipalArn": "arn:aws:iam::*:role/support/*"},
              },
            }""",
        ),
        good(
            "roles of an account that is not known",
            """
            {
              Effect: "Deny",
              Action: "s3:*",
              Resource: "*",
              Condition: {
                Bool: {"aws:MultiFactorAuthPresent": "false"},
                ArnLike: {"aws:PrincipalArn": "arn:aws:iam::ACCOUNT_ID:role/support/*"},
              },
            }""",
        ),
        good(
            "the age is absent for both",
            """
            {
              Effect: "Deny",
              Action: "s3:*",
              Resource: "*",
              Condition: {Null: {"aws:MultiFactorAuthAge": "true"}},
            }""",
        ),
        good(
            "two Denies that catch all between them",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Deny", Action: "s3:*", Resource: "*", Condition: {Bool: {"aws:MultiFactorAuthPresent": "false"}}},
              {Effect: "Deny", Action: "s3:*", Resource: "*", Condition: {Null: {"aws:MultiFactorAuthPresent": "true"}}},
            ]}""",
        ),
        good(
            "other rules check an Allow",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {Bool: {"aws:MultiFactorAuthPresent": "true"}},
            }""",
        ),
    ),
)
