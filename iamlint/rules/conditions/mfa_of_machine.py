"""Flags multi-factor authentication that is demanded of services and of tokens.

Only people have a device. AWS services and holders of tokens or SAML assertions never carry the
key, so that the statement never lets them in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind, PrincipalType
from iamlint.rule import Ask, Confidence, Family, Hit, Rule, Severity, bad, good
from iamlint.rules.conditions._mfa import KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, ask: Ask) -> Iterator[Hit]:
    machines = statement.principals
    if not statement.allows or not machines:
        return
    if not all(p.type in (PrincipalType.SERVICE, PrincipalType.FEDERATED) for p in machines):
        return
    for condition in statement.conditions:
        if condition.name in KEYS and condition.needs_key:
            yield Hit(condition.at, f"`{machines[0].text}` has no device: this lets nobody in")


RULE = Rule(
    name="mfa-of-machine",
    family=Family.CONDITIONS,
    module=__name__,
    summary="multi-factor authentication is demanded of a machine",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    kinds=frozenset({Kind.TRUST, Kind.RESOURCE}),
    advice="demand what the principal can show: a claim, or the source of the call",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html",
    ),
    check=check,
    bad=(
        bad(
            "a service",
            """
            {
              Effect: "Allow",
              Principal: {Service: "ec2.amazonaws.com"},
              Action: "sts:AssumeRole",
              Condition: {Bool: {
                "aws:MultiFactorAuthPresent": "true", //!
              }},
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "a provider of tokens",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:saml-provider/adfs"},
              Action: "sts:AssumeRoleWithSAML",
              Condition: {
                StringEquals: {"SAML:aud": "https://signin.aws.amazon.com/saml"},
                NumericLessThan: {
                  "aws:MultiFactorAuthAge": "3600", //!
                },
              },
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "people of an account",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "111122223333"},
              Action: "sts:AssumeRole",
              Condition: {Bool: {"aws:MultiFactorAuthPresent": "true"}},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "a test that machines pass",
            """
            {
              Effect: "Allow",
              Principal: {Service: "ec2.amazonaws.com"},
              Action: "sts:AssumeRole",
              Condition: {BoolIfExists: {"aws:MultiFactorAuthPresent": "true"}},
            }""",
            kind=Kind.TRUST,
        ),
    ),
)
