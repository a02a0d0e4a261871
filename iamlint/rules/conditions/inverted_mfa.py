"""Flags statements that favour callers without multi-factor authentication.

An Allow for callers without a device, or a Deny of callers with one, nearly always is the opposite
of what the author meant. The rule skips a Deny of old sessions, and a Deny beside another one of
callers without a device.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import OperatorFamily
from iamlint.policy.steps import spend
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._mfa import AGE, asks_null, asks_presence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Policy, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for condition in statement.conditions:
        if statement.allows and (asks_presence(condition, "false") or asks_null(condition, "true")):
            yield Hit(
                condition.at,
                "this Allow applies only to callers without multi-factor authentication",
            )
        elif (
            statement.denies
            and (asks_presence(condition, "true") or asks_null(condition, "false"))
            and not _is_of_age(statement)
            and not _is_completed(context)
        ):
            yield Hit(
                condition.at,
                "this Deny applies only to callers with multi-factor authentication, and exempts all others",
            )


def _is_of_age(statement: Statement) -> bool:
    """Return whether another condition, maybe an unknown one, asks how long ago a device was used."""
    spend(len(statement.conditions))
    if statement.has_more_conditions:
        return True
    ages = (c for c in statement.conditions if c.name == AGE)
    return any(c.family is not OperatorFamily.NULL and c.needs_key for c in ages)


def _is_completed(context: RuleContext) -> bool:
    """Return whether another Deny catches callers without a device, or some of them.

    It may be in another policy of each principal that has this one.
    """
    if _denies_deviceless(context.policy):
        return True
    beside = context.holders.others()
    return bool(beside) and all(any(map(_denies_deviceless, each)) for each in beside)


def _denies_deviceless(policy: Policy) -> bool:
    spend(len(policy.statements))
    return any(
        asks_presence(condition, "false") or asks_null(condition, "true")
        for deny in policy.statements
        if deny.denies
        for condition in deny.conditions
    )


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
    when=("Allow | Deny", "key aws:multifactorauth*"),
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
            "a Deny with one, from elsewhere",
            """
            {
              Effect: "Deny",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {
                Bool: {
                  "aws:MultiFactorAuthPresent": true, //!
                },
                NotIpAddress: {"aws:SourceIp": "192.0.2.0/24"},
              },
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
            "a Deny of sessions whose device was used long ago",
            """
            {
              Effect: "Deny",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {
                Bool: {"aws:MultiFactorAuthPresent": "true"},
                NumericGreaterThan: {"aws:MultiFactorAuthAge": "3600"},
              },
            }""",
        ),
        good(
            "two Denies that catch all between them",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Deny", Action: "ec2:*", Resource: "*", Condition: {BoolIfExists: {"aws:MultiFactorAuthPresent": "false"}}},
              {Effect: "Deny", Action: "ec2:*", Resource: "*", Condition: {
                Bool: {"aws:MultiFactorAuthPresent": "true"}, NotIpAddress: {"aws:SourceIp": "192.0.2.0/24"}}},
            ]}""",
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
