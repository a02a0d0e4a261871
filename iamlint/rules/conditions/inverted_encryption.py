"""Flags statements that favour requests without HTTPS.

`aws:SecureTransport` is `true` for HTTPS. A Deny of HTTPS blocks every correct client and exempts
plain HTTP; an Allow for `false` allows only requests that others on the network can read. The
rule skips a Deny of old versions of TLS, and a Deny beside another one of plain HTTP.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import OperatorFamily
from iamlint.policy.steps import spend
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._mfa import says

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Condition, Policy, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for condition in statement.conditions:
        if statement.denies and _asks(condition, "true"):
            if not _is_of_https(statement) and not _is_completed(context.policy):
                which = "requests over HTTPS that meet its other conditions"
                blocked = which if _has_others(statement) else "requests over HTTPS"
                yield Hit(
                    condition.at, f"this Deny blocks {blocked}, and does not apply to plain HTTP"
                )
        elif statement.allows and _asks(condition, "false"):
            yield Hit(
                condition.at,
                "this Allow applies only to requests over plain HTTP, which others on the network can read",
            )


def _asks(condition: Condition, value: str) -> bool:
    is_bool = condition.family is OperatorFamily.BOOL
    return condition.name == "aws:securetransport" and is_bool and says(condition, value)


def _is_of_https(statement: Statement) -> bool:
    """Return whether another condition, maybe an unknown one, can hold only over HTTPS."""
    spend(len(statement.conditions))
    if statement.has_more_conditions:
        return True
    return any(c.name == "s3:tlsversion" and c.needs_key for c in statement.conditions)


def _has_others(statement: Statement) -> bool:
    return any(condition.name != "aws:securetransport" for condition in statement.conditions)


def _is_completed(policy: Policy) -> bool:
    """Return whether another Deny catches plain HTTP, or a part of it."""
    spend(len(policy.statements))
    return any(
        _asks(condition, "false")
        for deny in policy.statements
        if deny.denies
        for condition in deny.conditions
    )


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
    when=("Allow | Deny", "key aws:securetransport"),
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
            "a Deny of what is encrypted, from elsewhere",
            """
            {
              Effect: "Deny",
              Action: "s3:*",
              Resource: "*",
              Condition: {
                Bool: {
                  "aws:SecureTransport": "true", //!
                },
                NotIpAddress: {"aws:SourceIp": "192.0.2.0/24"},
              },
            }""",
        ),
        bad(
            "a version of TLS that a request over plain HTTP also passes",
            """
            {
              Effect: "Deny",
              Action: "s3:*",
              Resource: "*",
              Condition: {
                Bool: {
                  "aws:SecureTransport": "true", //!
                },
                NumericLessThanIfExists: {"s3:TlsVersion": "1.2"},
              },
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
            "a Deny of old versions of TLS alone",
            """
            {
              Effect: "Deny",
              Action: "s3:*",
              Resource: "*",
              Condition: {
                Bool: {"aws:SecureTransport": "true"},
                NumericLessThan: {"s3:TlsVersion": "1.2"},
              },
            }""",
        ),
        good(
            "two Denies that catch all between them",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Deny", Action: "s3:*", Resource: "*", Condition: {Bool: {"aws:SecureTransport": "false"}}},
              {Effect: "Deny", Action: "s3:*", Resource: "*", Condition: {
                Bool: {"aws:SecureTransport": "true"}, NotIpAddress: {"aws:SourceIp": "192.0.2.0/24"}}},
            ]}""",
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
