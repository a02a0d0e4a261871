"""Flags a `*` that makes a condition hold for every request.

With `IfExists` and `ForAllValues:` a request without the key passes too. With `*` every request
passes, and the condition does not restrict anyone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Quantifier
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules._fixes import without_condition
from iamlint.rules.conditions._keys import CHECKS, OPERATORS, is_wild_string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    # AWS's verdict on longer lists that hold a `*` is not known; they are let pass.
    for condition in statement.conditions:
        passes_without = condition.if_exists or condition.quantifier is Quantifier.ALL
        if not is_wild_string(condition) or condition.negated or not passes_without:
            continue
        if condition.quantifier is Quantifier.ANY or len(condition.values) != 1:
            continue
        if condition.values[0].known == "*":
            yield Hit(
                condition.values[0].at,
                f"every request passes `{condition.operator_text}` with `*`, so the condition does not restrict",
                fix=without_condition(context, condition.values_at, condition.values),
            )


RULE = Rule(
    name="redundant-key-due-to-wildcard",
    family=Family.CONDITIONS,
    module=__name__,
    summary="a `*` makes the condition hold for every request, so it does not restrict",
    severity=Severity.NOTE,
    confidence=Confidence.MEDIUM,
    access_analyzer=("REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION",),
    advice="remove the condition, or list the values that may pass",
    sources=(CHECKS, OPERATORS),
    when=("like", "wild value"),
    check=check,
    bad=(
        bad(
            "IfExists",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringLikeIfExists: {"aws:PrincipalTag/team": "*"}, //!
            }}""",
        ),
        bad(
            "for all values of a list",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              "ForAllValues:StringLike": {"aws:TagKeys": ["*"]}, //!
            }}""",
        ),
    ),
    good=(
        good(
            "the key is demanded",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringLike: {"aws:PrincipalTag/team": "*"},
            }}""",
        ),
        good(
            "part of the value is fixed",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringLikeIfExists: {"aws:PrincipalTag/team": "a*"},
            }}""",
        ),
    ),
)
