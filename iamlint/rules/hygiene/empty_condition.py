"""Flags an empty `Condition`: it looks like a restriction, but the statement always applies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
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
    name="empty-condition",
    family=Family.HYGIENE,
    module=__name__,
    summary="an empty `Condition` does not restrict the statement",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    access_analyzer=("EMPTY_OBJECT_CONDITION",),
    advice="add the condition that you mean, or remove the element",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html",
    ),
    when=("problem empty condition",),
    check_policy=reports(GrammarFault.EMPTY_CONDITION, fix),
    bad=(
        bad(
            "an allow that looks restricted",
            """
            {
              Effect: "Allow", Action: "s3:GetObject", Resource: "*",
              Condition: {}, //!
            }""",
        ),
        bad(
            "in a trust policy",
            """
            {
              Effect: "Allow", Principal: {Service: "ec2.amazonaws.com"}, Action: "sts:AssumeRole",
              Condition: {}, //!
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "a condition with an operator",
            """
            {
              Effect: "Allow", Action: "s3:GetObject", Resource: "*",
              Condition: {Bool: {"aws:SecureTransport": "true"}},
            }""",
        ),
        good(
            "no condition",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*"}""",
        ),
    ),
)
