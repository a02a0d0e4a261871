"""Flags a condition operator that AWS does not know.

An operator may begin with `ForAllValues:` or `ForAnyValue:` and may end in `IfExists`; the rest
must be one of AWS's operators. Letter case does not count. AWS rejects the policy otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import OPERATORS
from iamlint.policy.parse_condition import split_operator
from iamlint.policy.problem import GrammarFault
from iamlint.policy.spelling import slip_of
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rule.fix import Applicability
from iamlint.rules._fixes import rename_member
from iamlint.rules.syntax._problems import reports

if TYPE_CHECKING:
    from iamlint.policy.at import At
    from iamlint.rule import RuleContext
    from iamlint.rule.fix import Fix


def fix(context: RuleContext, at: At) -> Fix | None:
    text = str(at.pointer[-1])
    base = split_operator(text).base
    near = slip_of(base, (operator.name for operator in OPERATORS.values()))
    return (
        rename_member(context, at, text.replace(base, near), Applicability.REJECTED)
        if near
        else None
    )


RULE = Rule(
    name="unknown-operator",
    family=Family.SYNTAX,
    module=__name__,
    summary="AWS rejects a condition operator that does not exist",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("INVALID_CONDITION_OPERATOR",),
    advice="use an operator of the policy language",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html",
    ),
    when=("problem unknown operator",),
    check_policy=reports(GrammarFault.UNKNOWN_OPERATOR, fix),
    bad=(
        bad(
            "a letter is missing",
            """
            {
              Effect: "Allow", Action: "s3:GetObject", Resource: "*",
              Condition: {
                StringEqual: {"aws:PrincipalTag/team": "red"}, //!
              },
            }""",
        ),
        bad(
            "a quantifier that does not exist",
            """
            {
              Effect: "Allow", Action: "s3:GetObject", Resource: "*",
              Condition: {
                "ForSomeValues:StringEquals": {"aws:TagKeys": "red"}, //!
              },
            }""",
        ),
    ),
    good=(
        good(
            "quantifier and `IfExists`",
            """
            {
              Effect: "Allow", Action: "s3:GetObject", Resource: "*",
              Condition: {"ForAnyValue:StringLikeIfExists": {"aws:TagKeys": "red*"}},
            }""",
        ),
        good(
            "any letter case",
            """
            {
              Effect: "Allow", Action: "s3:GetObject", Resource: "*",
              Condition: {stringequals: {"aws:PrincipalTag/team": "red"}},
            }""",
        ),
    ),
)
