"""Flags a default value of a policy variable that is not in single quotes.

The form is `${key, 'default'}`. AWS rejects the policy otherwise.
"""

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
        VariableFault.UNQUOTED_DEFAULT,
        "the default value in {} is not in single quotes, so AWS rejects the policy",
    )


RULE = Rule(
    name="unquoted-variable-default",
    family=Family.SYNTAX,
    module=__name__,
    summary="AWS rejects a policy variable whose default value is not in single quotes",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("MISSING_QUOTE_IN_VARIABLE",),
    advice="put the default in single quotes: `${key, 'default'}`",
    sources=("https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html",),
    when=("variable",),
    check=check,
    bad=(
        bad(
            "no quotes",
            """
            {
              Effect: "Allow", Action: "s3:GetObject",
              Resource: "arn:aws:s3:::${aws:PrincipalTag/team, company}/*", //!
            }""",
        ),
        bad(
            "one quote",
            """
            {
              Effect: "Allow", Action: "s3:ListBucket", Resource: "*",
              Condition: {StringLike: {"s3:prefix": "${aws:PrincipalTag/team, 'company}/*"}}, //!
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
            "a quoted default",
            """
            {
              Effect: "Allow", Action: "s3:GetObject",
              Resource: "arn:aws:s3:::${aws:PrincipalTag/team, 'company'}/*",
            }""",
        ),
    ),
)
