"""Flags a `*` that makes a condition fail for every request.

`ForAnyValue:StringNotLike` demands a value that does not match, but every value matches `*`. The
statement never applies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Quantifier
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import CHECKS, OPERATORS, is_wild_string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for condition in statement.conditions:
        if condition.quantifier is not Quantifier.ANY or not condition.negated:
            continue
        if not is_wild_string(condition) or condition.if_exists or len(condition.values) != 1:
            continue
        if condition.values[0].known == "*":
            yield Hit(
                condition.values[0].at,
                f"no request passes `{condition.operator_text}` with `*`, so the statement never "
                "applies",
            )


RULE = Rule(
    name="redundant-statement-due-to-wildcard",
    family=Family.CONDITIONS,
    module=__name__,
    summary="a `*` makes the condition fail for every request, so the statement never applies",
    severity=Severity.NOTE,
    confidence=Confidence.MEDIUM,
    access_analyzer=("REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION",),
    advice="list the values that you mean, or remove the statement",
    sources=(CHECKS, OPERATORS),
    when=("ForAnyValue", "negated", "like", "wild value"),
    check=check,
    bad=(
        bad(
            "a Deny that denies nothing",
            """
            {Effect: "Deny", Action: "s3:GetObject", Resource: "*", Condition: {
              "ForAnyValue:StringNotLike": {"aws:TagKeys": "*"}, //!
            }}""",
        ),
        bad(
            "a list of one",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              "ForAnyValue:StringNotLike": {"aws:CalledVia": ["*"]}, //!
            }}""",
        ),
    ),
    good=(
        good(
            "a pattern that not all match",
            """
            {Effect: "Deny", Action: "s3:GetObject", Resource: "*", Condition: {
              "ForAnyValue:StringNotLike": {"aws:TagKeys": "team*"},
            }}""",
        ),
        good(
            "without a quantifier it holds when the key is absent",
            """
            {Effect: "Deny", Action: "s3:GetObject", Resource: "*", Condition: {
              StringNotLike: {"aws:PrincipalTag/team": "*"},
            }}""",
        ),
    ),
)
