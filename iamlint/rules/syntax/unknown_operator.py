"""Flags a condition operator that AWS does not know.

An operator may begin with `ForAllValues:` or `ForAnyValue:` and may end in `IfExists`; what is left
must be one of AWS's operators. Letter case does not count.
"""

from __future__ import annotations

from iamlint.policy.problem import GrammarFault
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.syntax._problems import reports

RULE = Rule(
    name="unknown-operator",
    family=Family.SYNTAX,
    module=__name__,
    summary="a condition operator that does not exist",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("INVALID_CONDITION_OPERATOR",),
    advice="use an operator of the policy language",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html",
    ),
    check_policy=reports(GrammarFault.UNKNOWN_OPERATOR),
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
