"""Flags Denies of callers without multi-factor authentication that exempt some of them.

Requests signed with an access key do not carry the MFA key, so `Bool` with `false` never holds for
them: the Deny misses exactly the callers it is meant for. `Null` with `true` blocks only those, and
exempts sessions that started without a device. A Deny of devices used long ago exempts both, since
only requests of callers with a device carry `aws:MultiFactorAuthAge`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.contradiction import contradicts
from iamlint.policy.steps import spend
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._mfa import (
    AGE,
    DEVICELESS,
    Deviceless,
    asks_old,
    asks_presence,
    caught_by,
    demands_device,
    is_of_sessions,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Condition, Policy, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not statement.denies:
        return
    for condition in statement.conditions:
        caught = caught_by(condition)
        if caught is None or caught == DEVICELESS or _is_dead(statement, condition):
            continue
        spared = DEVICELESS - caught - _without(statement, condition)
        if spared and not _is_completed(context, statement, spared):
            yield _hit(condition, spared)


def _hit(condition: Condition, spared: frozenset[Deviceless]) -> Hit:
    is_grave = Deviceless.KEY in spared
    return Hit(
        condition.at,
        f"this Deny does not apply to {_CALLED[spared]}",
        help="use `NumericGreaterThanIfExists`" if condition.name == AGE else None,
        security_severity=None if is_grave else 4.8,
    )


def _without(statement: Statement, condition: Condition) -> frozenset[Deviceless]:
    """Return the callers that another condition of the Deny leaves out on purpose."""
    others = [other for other in statement.conditions if other is not condition]
    if any(asks_presence(other, "true") for other in others):
        return DEVICELESS
    return frozenset({Deviceless.KEY}) if any(map(is_of_sessions, others)) else frozenset()


def _is_completed(
    context: RuleContext, statement: Statement, spared: frozenset[Deviceless]
) -> bool:
    """Return whether those that this Deny spares do not pass for something else.

    That may be in this policy, or in another one of each principal that has it.
    """
    policy = context.policy
    spend(len(policy.statements))
    if spared <= _caught(policy, but=statement):
        return True
    # An age limits those with a device: the Allows may demand one.
    allows = [one for one in policy.statements if one.allows]
    is_of_age = any(map(asks_old, statement.conditions))
    if is_of_age and allows and all(map(_is_with_device, allows)):
        return True
    own = _caught(policy, but=statement)
    beside = context.holders.others()
    return bool(beside) and all(spared <= own.union(*map(_caught, each)) for each in beside)


def _caught(policy: Policy, but: Statement | None = None) -> frozenset[Deviceless]:
    """Return the callers without a device that Denies of a policy apply to."""
    denies = [deny for deny in policy.statements if deny.denies and deny is not but]
    found = (
        caught_by(condition)
        for deny in denies
        if not deny.has_more_conditions
        for condition in deny.conditions
    )
    return frozenset[Deviceless]().union(*filter(None, found))


def _is_with_device(statement: Statement) -> bool:
    return any(map(demands_device, statement.conditions))


def _is_dead(statement: Statement, condition: Condition) -> bool:
    """Return whether the Deny never applies at all: `contradicting-conditions`."""
    others = (other for other in statement.conditions if other.name == condition.name)
    return any(contradicts(condition, other) for other in others)


_CALLED = {
    frozenset({Deviceless.KEY}): "requests signed with an access key, which never carry the key",
    frozenset({Deviceless.SESSION}): "sessions that started without a device",
    DEVICELESS: "callers who used no device, because their requests do not carry the key",
}

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
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_s3_full-access-except-production.html",
    ),
    when=("Deny", "key aws:multifactorauth*"),
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
        bad(
            "only old sessions with a device are blocked",
            """
            {
              Effect: "Deny",
              Action: "s3:*",
              Resource: "arn:aws:s3:::production/*",
              Condition: {NumericGreaterThan: {
                "aws:MultiFactorAuthAge": "1800", //!
              }},
            }""",
        ),
    ),
    good=(
        good(
            "of old sessions, as AWS documents it",
            """
            {
              Effect: "Deny",
              Action: "s3:*",
              Resource: "arn:aws:s3:::production/*",
              Condition: {NumericGreaterThanIfExists: {"aws:MultiFactorAuthAge": "1800"}},
            }""",
        ),
        good(
            "of old sessions, beside a Deny of callers without a device",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Deny", Action: "s3:*", Resource: "*", Condition: {Null: {"aws:MultiFactorAuthAge": "true"}}},
              {Effect: "Deny", Action: "s3:*", Resource: "*", Condition: {NumericGreaterThan: {"aws:MultiFactorAuthAge": "3600"}}},
            ]}""",
        ),
        good(
            "of old sessions, where the Allow demands a device",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "s3:*", Resource: "arn:aws:s3:::shelf", Condition: {Bool: {"aws:MultiFactorAuthPresent": "true"}}},
              {Effect: "Deny", Action: "s3:*", Resource: "*", Condition: {NumericGreaterThan: {"aws:MultiFactorAuthAge": "3600"}}},
            ]}""",
        ),
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
