"""Flags `ForAllValues:Null` and `ForAnyValue:Null`.

`Null` tests whether the request has the key, not its values, so a quantifier has no meaning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import OperatorFamily
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import CHECKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for condition in statement.conditions:
        if condition.family is OperatorFamily.NULL and condition.quantifier:
            yield Hit(
                condition.operator_at,
                f"`{condition.quantifier}:` has no meaning before `Null`, which does not compare values",
            )


RULE = Rule(
    name="null-with-qualifier",
    family=Family.CONDITIONS,
    module=__name__,
    summary="a quantifier has no meaning before `Null`",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    access_analyzer=("NULL_WITH_QUALIFIER",),
    advice="write `Null` alone",
    sources=(CHECKS,),
    when=("operator Null", "ForAllValues | ForAnyValue"),
    check=check,
    bad=(
        bad(
            "for all values",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              "ForAllValues:Null": { //!
                "aws:TagKeys": "false",
              },
            }}""",
        ),
        bad(
            "for any value",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              "ForAnyValue:Null": {"aws:PrincipalTag/team": "true"}, //!
            }}""",
        ),
    ),
    good=(
        good(
            "alone",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              Null: {"aws:TagKeys": "false"},
            }}""",
        ),
        good(
            "a quantifier before another operator",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              "ForAnyValue:StringEquals": {"aws:TagKeys": "team"},
            }}""",
        ),
    ),
)
