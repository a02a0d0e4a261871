"""Flags denials by the source of a request that also block callers other than AWS services.

Only services that act for a resource send `aws:SourceAccount` and similar keys. Requests of people
and roles lack them, and a negated comparison holds for a missing key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.organizations._resource_control import (
    KEYS,
    SOURCE_KEYS,
    SYNTAX,
    asks_whether_service,
    is_null_check,
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
        if condition.name in SOURCE_KEYS
        and not is_null_check(condition)
        and not condition.needs_key
    ]
    yield from one_hit(
        found, "only requests of AWS services carry {}, so this Deny also blocks all other callers"
    )


RULE = Rule(
    name="source-key-without-service-check",
    family=Family.ORGANIZATIONS,
    module=__name__,
    summary="a Deny by source also blocks callers other than AWS services",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    access_analyzer=("RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY",),
    kinds=frozenset({Kind.RCP}),
    advice='add `"Bool": {"aws:PrincipalIsAWSService": "true"}`',
    sources=(
        SYNTAX,
        KEYS,
    ),
    when=("Deny", "key aws:source*"),
    check=check,
    bad=(
        bad(
            "only our organization",
            """
            {
              Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*",
              Condition: {
                StringNotEqualsIfExists: {
                  "aws:SourceOrgID": "o-a1b2c3d4e5", //!
                },
                Null: {"aws:SourceAccount": "false"},
              },
            }""",
            kind=Kind.RCP,
        ),
        bad(
            "two keys are one finding",
            """
            {
              Effect: "Deny", Principal: "*", Action: "sqs:*", Resource: "*",
              Condition: {
                StringNotEquals: {"aws:SourceAccount": "123456789012"}, //!
                ArnNotLike: {"aws:SourceArn": "arn:aws:sns:*:123456789012:*"},
              },
            }""",
            kind=Kind.RCP,
        ),
    ),
    good=(
        good(
            "only services are meant",
            """
            {
              Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*",
              Condition: {
                StringNotEqualsIfExists: {"aws:SourceOrgID": "o-a1b2c3d4e5"},
                Null: {"aws:SourceAccount": "false"},
                Bool: {"aws:PrincipalIsAWSService": "true"},
              },
            }""",
            kind=Kind.RCP,
        ),
        good(
            "a positive comparison needs the key",
            """
            {
              Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*",
              Condition: {StringEquals: {"aws:SourceAccount": "123456789012"}},
            }""",
            kind=Kind.RCP,
        ),
    ),
)
