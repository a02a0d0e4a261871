"""Flags denials by the source of a request that also block services without a source.

Not every integration sends `aws:SourceAccount` or `aws:SourceArn`. Without a `Null` condition on
one of them, a negated comparison also denies those requests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.organizations._resource_control import (
    KEYS,
    SOURCE_KEYS,
    SYNTAX,
    is_null_check,
    one_hit,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement
    from iamlint.rule import Hit, RuleContext


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not statement.denies or any(
        condition.needs_key and condition.name in SOURCE_KEYS for condition in statement.conditions
    ):
        return
    found = [
        condition
        for condition in statement.conditions
        if condition.name in SOURCE_KEYS and not is_null_check(condition)
    ]
    yield from one_hit(
        found, "some requests of AWS services lack {}, so this Deny also blocks those requests"
    )


RULE = Rule(
    name="source-key-without-null-check",
    family=Family.ORGANIZATIONS,
    module=__name__,
    summary="a Deny by source also blocks requests without a source",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    access_analyzer=("RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK",),
    kinds=frozenset({Kind.RCP}),
    advice='add `"Null": {"aws:SourceAccount": "false"}`',
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
                Bool: {"aws:PrincipalIsAWSService": "true"},
              },
            }""",
            kind=Kind.RCP,
        ),
        bad(
            "a `Null` check the wrong way round",
            """
            {
              Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*",
              Condition: {
                StringNotEquals: {"aws:SourceAccount": "123456789012"}, //!
                Null: {"aws:SourceAccount": "true"},
                Bool: {"aws:PrincipalIsAWSService": "true"},
              },
            }""",
            kind=Kind.RCP,
        ),
    ),
    good=(
        good(
            "the key must be there",
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
