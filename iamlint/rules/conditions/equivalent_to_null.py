"""Flags a `*` that only tests whether the key is in the request.

`StringLike` with `*` matches every value, so the condition means `Null: false`; `StringNotLike`
with `*` means `Null: true`. `Null` is clearer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import CHECKS, OPERATORS, is_wild_string
from iamlint.rules.conditions._openness import too_open

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for condition in statement.conditions:
        if not is_wild_string(condition) or condition.if_exists or condition.quantifier:
            continue  # AWS's verdict on sets is not known; `IfExists` changes the meaning.
        if len(condition.values) != 1 or condition.values[0].known != "*":
            continue
        if too_open(condition.key, "*", "*"):
            continue  # `too-broad-wildcard` says more.
        absent = "true" if condition.negated else "false"
        yield Hit(
            condition.values[0].at,
            f"`*` only tests whether the request {'lacks' if condition.negated else 'has'} `{condition.key}`",
            help=f'write `"Null": {{"{condition.key}": "{absent}"}}`',
            access_analyzer=f"EQUIVALENT_TO_NULL_{absent.upper()}",
        )


RULE = Rule(
    name="equivalent-to-null",
    family=Family.CONDITIONS,
    module=__name__,
    summary="a `*` alone only tests whether the request has the key, as `Null` does",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    access_analyzer=("EQUIVALENT_TO_NULL_FALSE", "EQUIVALENT_TO_NULL_TRUE"),
    advice="use `Null`",
    sources=(CHECKS, OPERATORS),
    when=("like", "wild value"),
    check=check,
    bad=(
        bad(
            "a scalar",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringLike: {"aws:ResourceTag/team": "*"}, //!
            }}""",
        ),
        bad(
            "a list of one, each key by itself",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringLike: {
                "aws:RequestTag/team": ["*"], //!
                "aws:PrincipalTag/team": "*", //!
              },
            }}""",
        ),
        bad(
            "negated: the key must be absent",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringNotLike: {"aws:PrincipalTag/team": "*"}, //!
            }}""",
            access_analyzer="EQUIVALENT_TO_NULL_TRUE",
        ),
    ),
    good=(
        good(
            "`Null` itself",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              Null: {"aws:ResourceTag/team": "false"},
            }}""",
        ),
        good(
            "part of the value is fixed",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringLike: {"aws:ResourceTag/team": "a*"},
            }}""",
        ),
        good(
            "with IfExists it means something else",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringLikeIfExists: {"aws:ResourceTag/team": "*"},
            }}""",
        ),
    ),
)
