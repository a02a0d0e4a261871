"""Flags spaces inside the name of a policy variable: AWS rejects the policy.

Spaces after the comma of a default value are fine, and so are spaces in the key of a tag.
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
        VariableFault.SPACE,
        "{} has a space in its name, so AWS rejects the policy",
    )


RULE = Rule(
    name="variable-with-space",
    family=Family.SYNTAX,
    module=__name__,
    summary="AWS rejects a policy variable with a space in its name",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("UNSUPPORTED_SPACE_IN_VARIABLE",),
    advice="remove the space",
    sources=("https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html",),
    when=("variable",),
    check=check,
    bad=(
        bad(
            "around the name",
            """
            {
              Effect: "Allow", Action: "s3:GetObject",
              Resource: "arn:aws:s3:::b/${ aws:username }/*", //!
            }""",
        ),
        bad(
            "beside what a template puts in",
            """
            {
              Effect: "Allow", Action: "s3:GetObject",
              Resource: "arn:aws:s3:::${ var.bucket }/${aws: username}/${ aws:userid }", //!
            }""",
        ),
        bad(
            "after the prefix",
            """
            {
              Effect: "Allow", Action: "s3:ListBucket", Resource: "*",
              Condition: {StringLike: {"s3:prefix": "home/${aws: username}"}}, //!
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
            "before a default value",
            """
            {
              Effect: "Allow", Action: "s3:GetObject",
              Resource: "arn:aws:s3:::${aws:PrincipalTag/team, 'company wide'}/*",
            }""",
        ),
        good(
            "in the key of a tag",
            """
            {
              Effect: "Allow", Action: "s3:GetObject",
              Resource: "arn:aws:s3:::${aws:PrincipalTag/my team}/*",
            }""",
        ),
        good(
            "the expression of a template",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::${ var.bucket }/*"}""",
        ),
    ),
)
