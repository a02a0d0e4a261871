"""Notes Denies without multi-factor authentication that stop people from getting a device.

The Deny blocks every action of people without a device, except those in `NotAction`. If `NotAction`
lacks the actions to register a device, or `sts:GetSessionToken` to use it, new people can never
register one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.grants import Truth, statement_grants
from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._mfa import KEYS, asks_null, asks_presence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    spared = statement.not_action
    if not statement.denies or spared is None or not spared.known:
        return
    if not any(asks_presence(c, "false") or asks_null(c, "true") for c in statement.conditions):
        return
    if _is_of_some_people(statement):
        return
    if statement_grants(statement, "iam:CreateUser") is Truth.NO:
        return  # It spares all of IAM.
    missing = [a for a in NEEDED if statement_grants(statement, a) is not Truth.NO]
    if missing:
        names = ", ".join(f"`{action}`" for action in missing)
        yield Hit(
            spared.at,
            f"`NotAction` lacks {names}, so people without a device cannot register or use one",
        )


def _is_of_some_people(statement: Statement) -> bool:
    """Return whether another condition may spare those who have no device yet."""
    others = (c.name for c in statement.conditions if c.name not in KEYS)
    return statement.has_more_conditions or any(not n.startswith(_OF_CALLS) for n in others)


# Calls that people make themselves are not made through a service.
_OF_CALLS = ("aws:viaawsservice", "aws:calledvia", "aws:principalisawsservice")

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage-mfa-only.html
NEEDED = ("iam:EnableMFADevice", "iam:ListMFADevices", "sts:GetSessionToken")


RULE = Rule(
    name="mfa-without-enrolment",
    family=Family.CONDITIONS,
    module=__name__,
    summary="people without a device cannot register one",
    severity=Severity.NOTE,
    confidence=Confidence.MEDIUM,
    kinds=frozenset({Kind.IDENTITY}),
    advice="add the actions to `NotAction`",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage.html",
    ),
    when=("Deny", "NotAction", "key aws:multifactorauth*"),
    check=check,
    bad=(
        bad(
            "no action of IAM is exempt",
            """
            {
              Effect: "Deny",
              NotAction: "sts:GetSessionToken", //!
              Resource: "*",
              Condition: {BoolIfExists: {"aws:MultiFactorAuthPresent": "false"}},
            }""",
            kind=Kind.IDENTITY,
        ),
        bad(
            "calls through services are exempt",
            """
            {
              Effect: "Deny",
              NotAction: "sts:GetSessionToken", //!
              Resource: "*",
              Condition: {BoolIfExists: {
                "aws:MultiFactorAuthPresent": "false",
                "aws:ViaAWSService": "false",
              }},
            }""",
            kind=Kind.IDENTITY,
        ),
        bad(
            "no session with the device",
            """
            {
              Effect: "Deny",
              NotAction: ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:ListMFADevices"], //!
              Resource: "*",
              Condition: {BoolIfExists: {"aws:MultiFactorAuthPresent": "false"}},
            }""",
            kind=Kind.IDENTITY,
        ),
    ),
    good=(
        good(
            "those who have no device yet may be spared",
            """
            {
              Effect: "Deny",
              NotAction: "sts:GetSessionToken",
              Resource: "*",
              Condition: {
                BoolIfExists: {"aws:MultiFactorAuthPresent": "false"},
                StringEquals: {"aws:PrincipalTag/enrolled": "yes"},
              },
            }""",
            kind=Kind.IDENTITY,
        ),
        good(
            "as AWS documents it",
            """
            {
              Effect: "Deny",
              NotAction: ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:ListMFADevices", "iam:ListVirtualMFADevices", "iam:ResyncMFADevice", "sts:GetSessionToken"],
              Resource: "*",
              Condition: {BoolIfExists: {"aws:MultiFactorAuthPresent": "false"}},
            }""",
            kind=Kind.IDENTITY,
        ),
        good(
            "all of IAM is exempt",
            """
            {
              Effect: "Deny",
              NotAction: ["iam:*", "sts:*"],
              Resource: "*",
              Condition: {BoolIfExists: {"aws:MultiFactorAuthPresent": "false"}},
            }""",
            kind=Kind.IDENTITY,
        ),
        good(
            "a list of what needs a device",
            """
            {
              Effect: "Deny",
              Action: "ec2:*",
              Resource: "*",
              Condition: {BoolIfExists: {"aws:MultiFactorAuthPresent": "false"}},
            }""",
            kind=Kind.IDENTITY,
        ),
    ),
)
