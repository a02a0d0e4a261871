"""Flags a condition operator without a key: it compares nothing, so it does not restrict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.problem import GrammarFault
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules._fixes import without_condition
from iamlint.rules.syntax._problems import reports

if TYPE_CHECKING:
    from iamlint.policy.at import At
    from iamlint.rule import RuleContext
    from iamlint.rule.fix import Fix


def fix(context: RuleContext, at: At) -> Fix:
    return without_condition(context, at)


RULE = Rule(
    name="empty-operator",
    family=Family.SYNTAX,
    module=__name__,
    summary="a condition operator without a key does not restrict the statement",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    access_analyzer=("EMPTY_OBJECT_CONDITION",),
    advice="remove the operator, or add the key to compare",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html",
    ),
    when=("problem empty operator",),
    check_policy=reports(GrammarFault.EMPTY_OPERATOR, fix),
    bad=(
        bad(
            "alone",
            """
            {
              Effect: "Allow", Action: "s3:GetObject", Resource: "*",
              Condition: {
                StringEquals: {}, //!
              },
            }""",
        ),
        bad(
            "beside a condition that counts",
            """
            {
              Effect: "Allow", Action: "s3:GetObject", Resource: "*",
              Condition: {
                Bool: {"aws:SecureTransport": "true"},
                IpAddress: {}, //!
              },
            }""",
        ),
    ),
    good=(
        good(
            "an operator with a key",
            """
            {
              Effect: "Allow", Action: "s3:GetObject", Resource: "*",
              Condition: {StringEquals: {"aws:PrincipalTag/team": "red"}},
            }""",
        ),
        good(
            "no condition at all",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*"}""",
        ),
    ),
)
