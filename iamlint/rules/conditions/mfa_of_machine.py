"""Flags multi-factor authentication that is demanded of services and of tokens.

Only people have a device. Requests of AWS services and of holders of tokens or SAML assertions
never carry the key, so the statement never allows them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._mfa import KEYS, is_of_machines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    machines = statement.principals
    if not statement.allows or not is_of_machines(statement):
        return
    for condition in statement.conditions:
        if condition.name in KEYS and condition.needs_key:
            yield Hit(
                condition.at,
                f"`{machines[0].text}` never has an MFA device, so this statement never applies to it",
            )


RULE = Rule(
    name="mfa-of-machine",
    family=Family.CONDITIONS,
    module=__name__,
    summary="the statement demands multi-factor authentication of a machine, so it never applies",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    kinds=frozenset({Kind.TRUST, Kind.RESOURCE}),
    advice="use a condition that the principal can meet: on a claim, or on the source of the call",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html",
    ),
    when=("Allow", "principal Service | principal Federated", "key aws:multifactorauth*"),
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
