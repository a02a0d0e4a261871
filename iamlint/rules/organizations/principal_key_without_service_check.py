"""Flags denials by a key of the principal that also block AWS services.

A service that acts on its own has no organization, account or ARN of a principal. A negated
comparison holds for it, so it cannot deliver logs, and replication stops. The rule accepts any
condition on `aws:PrincipalIsAWSService`, and any condition that demands the key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.organizations._resource_control import (
    KEYS,
    SYNTAX,
    asks_whether_service,
    holds_without,
    is_principal_key,
    one_hit,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement
    from iamlint.rule import Hit, RuleContext


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not statement.denies or asks_whether_service(statement):
        return
    found = [
        condition
        for condition in statement.conditions
        if condition.negated
        and is_principal_key(condition.name)
        and holds_without(statement, condition)
    ]
    yield from one_hit(
        found, "requests of AWS services lack {}, so this Deny also blocks AWS services"
    )


RULE = Rule(
    name="principal-key-without-service-check",
    family=Family.ORGANIZATIONS,
    module=__name__,
    summary="a Deny by principal also blocks AWS services",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    access_analyzer=("RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY",),
    kinds=frozenset({Kind.RCP}),
    advice='add `"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}`',
    sources=(
        SYNTAX,
        KEYS,
    ),
    when=("Deny", "negated"),
    check=check,
    bad=(
        bad(
            "only our organization",
            """
            {
              Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*",
              Condition: {
                StringNotEqualsIfExists: {
                  "aws:PrincipalOrgID": "o-a1b2c3d4e5", //!
                },
              },
            }""",
            kind=Kind.RCP,
        ),
        bad(
            "only tagged principals",
            """
            {
              Effect: "Deny", Principal: "*", Action: "kms:Decrypt", Resource: "*",
              Condition: {
                StringNotEquals: {"aws:PrincipalTag/team": "red"}, //!
                ArnNotLike: {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"},
              },
            }""",
            kind=Kind.RCP,
        ),
    ),
    good=(
        good(
            "services are exempt",
            """
            {
              Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*",
              Condition: {
                StringNotEqualsIfExists: {"aws:PrincipalOrgID": "o-a1b2c3d4e5"},
                BoolIfExists: {"aws:PrincipalIsAWSService": "false"},
              },
            }""",
            kind=Kind.RCP,
        ),
        good(
            "a positive comparison does not hold for them",
            """
            {
              Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*",
              Condition: {StringEquals: {"aws:PrincipalAccount": "123456789012"}},
            }""",
            kind=Kind.RCP,
        ),
        good(
            "`Null` demands the key",
            """
            {
              Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*",
              Condition: {
                StringNotEquals: {"aws:PrincipalOrgID": "o-a1b2c3d4e5"},
                Null: {"aws:PrincipalOrgID": "false"},
              },
            }""",
            kind=Kind.RCP,
        ),
    ),
)
