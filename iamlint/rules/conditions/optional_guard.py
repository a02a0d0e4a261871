"""Flags Allows whose condition on the network also passes if the network is not known.

Requests from the internet do not carry `aws:SourceVpc`; requests through a VPC endpoint do not
carry `aws:SourceIp`. With `IfExists`, or with a negated operator, a request without the key passes,
which is the request that the condition should stop.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.everyone import names_everyone
from iamlint.grants.grants import restricts
from iamlint.policy.grammar import Kind, OperatorFamily
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not statement.allows or names_everyone(statement):
        return  # The rules of exposure and trust report access for everyone.
    guarded = any(c.name in NETWORK and restricts(c) for c in statement.conditions)
    if guarded or any(c.name in NETWORK and c.needs_key for c in statement.conditions):
        return
    for condition in statement.conditions:
        if condition.name not in NETWORK or condition.family is OperatorFamily.NULL:
            continue
        if condition.needs_key or not condition.values:
            continue
        soft = condition.negated or condition.name == "aws:sourceip"
        yield Hit(
            condition.at,
            f"a request {NETWORK[condition.name]} passes, because it does not carry `{condition.key}`",
            severity=Severity.NOTE if soft else None,
            security_severity=3.0 if soft else None,
        )


_INTERNET = "from the internet"
NETWORK = {
    "aws:sourcevpc": _INTERNET,
    "aws:sourcevpce": _INTERNET,
    "aws:sourcevpcarn": _INTERNET,
    "aws:vpceaccount": _INTERNET,
    "aws:vpceorgid": _INTERNET,
    "aws:vpceorgpaths": _INTERNET,
    "aws:sourceip": "through a VPC endpoint or by another service",
}


RULE = Rule(
    name="optional-guard",
    family=Family.CONDITIONS,
    module=__name__,
    summary="a request without the key passes the condition",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    security_severity=6.4,
    cwe=863,
    kinds=frozenset({Kind.IDENTITY, Kind.RESOURCE, Kind.TRUST}),
    advice="use the operator without `IfExists`; to exempt AWS services add a statement with `aws:ViaAWSService`",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcevpc",
    ),
    when=("Allow", " | ".join(f"key {one}" for one in NETWORK)),
    check=check,
    bad=(
        bad(
            "a network, if it is known",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {StringEqualsIfExists: {
                "aws:SourceVpc": "vpc-1a2b3c4d", //!
              }},
            }""",
            kind=Kind.IDENTITY,
        ),
        bad(
            "everywhere but one endpoint is a note",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {StringNotEquals: {
                "aws:SourceVpce": "vpce-1a2b3c4d", //!
              }},
            }""",
            kind=Kind.IDENTITY,
        ),
        bad(
            "addresses, if they are known, are a note",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {IpAddressIfExists: {
                "aws:SourceIp": "192.0.2.0/24", //!
              }},
            }""",
            kind=Kind.IDENTITY,
        ),
    ),
    good=(
        good(
            "the network is demanded",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {StringEquals: {"aws:SourceVpc": "vpc-1a2b3c4d"}},
            }""",
            kind=Kind.IDENTITY,
        ),
        good(
            "a Deny of other networks",
            """
            {
              Effect: "Deny",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {StringNotEqualsIfExists: {"aws:SourceVpc": "vpc-1a2b3c4d"}},
            }""",
            kind=Kind.IDENTITY,
        ),
        good(
            "one condition of two needs its key",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {
                StringEqualsIfExists: {"aws:SourceVpce": "vpce-1a2b3c4d"},
                IpAddress: {"aws:SourceIp": "192.0.2.0/24"},
              },
            }""",
            kind=Kind.IDENTITY,
        ),
        good(
            "keys that do not describe the network",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {StringEqualsIfExists: {"aws:RequestTag/team": "shop"}},
            }""",
            kind=Kind.IDENTITY,
        ),
    ),
)
