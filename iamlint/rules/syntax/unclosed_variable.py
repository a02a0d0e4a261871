"""Flags `${` without `}` in a resource or a condition value: AWS rejects the policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.variables import VariableFault
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.syntax._references import hits_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement
    from iamlint.rule import Hit, RuleContext


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    return hits_of(
        statement,
        context,
        VariableFault.UNCLOSED,
        "{} has no closing brace, so AWS rejects the policy",
    )


RULE = Rule(
    name="unclosed-variable",
    family=Family.SYNTAX,
    module=__name__,
    summary="AWS rejects a policy variable without its closing brace",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("MISSING_BRACE_IN_VARIABLE",),
    advice="close the variable with `}`",
    sources=("https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html",),
    when=("variable",),
    check=check,
    bad=(
        bad(
            "in a resource",
            """
            {
              Effect: "Allow", Action: "s3:GetObject",
              Resource: "arn:aws:s3:::b/${aws:username", //!
            }""",
        ),
        bad(
            "in a condition value",
            """
            {
              Effect: "Allow", Action: "s3:ListBucket", Resource: "*",
              Condition: {StringLike: {"s3:prefix": [
                "home/", "home/${aws:username/*", //!
              ]}},
            }""",
        ),
    ),
    good=(
        good(
            "a variable in a resource",
            """
            {
              Effect: "Allow", Action: "s3:GetObject",
              Resource: "arn:aws:s3:::b/${aws:username}/*",
            }""",
        ),
        good(
            "a dollar sign alone",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/$aws:username"}""",
        ),
        good(
            "an escaped dollar sign",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/${$}{aws:username"}""",
        ),
        good(
            "a brace that a template leaves open",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/${bucket"}""",
        ),
    ),
)
