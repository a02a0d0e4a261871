"""Flags `${}`: a policy variable must name a condition key, so AWS rejects the policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.variables import VariableFault
from iamlint.rule import Confidence, Family, Hit, Rule, Severity, bad, good
from iamlint.rules.syntax._references import faulty

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement
    from iamlint.rule import RuleContext


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    found = dict(faulty(statement, context, VariableFault.EMPTY))
    for entry, variable in found.items():
        yield Hit(
            entry.at, f"`{variable.text}` does not name a condition key, so AWS rejects the policy"
        )


RULE = Rule(
    name="empty-variable",
    family=Family.SYNTAX,
    module=__name__,
    summary="AWS rejects a policy variable without a name",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("EMPTY_VARIABLE",),
    advice="name a condition key, as in `${aws:username}`",
    sources=("https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html",),
    when=("variable",),
    check=check,
    bad=(
        bad(
            "in a resource",
            """
            {
              Effect: "Allow", Action: "s3:GetObject",
              Resource: "arn:aws:s3:::b/${}/${}/*", //!
            }""",
        ),
        bad(
            "in a condition value",
            """
            {
              Effect: "Allow", Action: "s3:ListBucket", Resource: "*",
              Condition: {StringLike: {"s3:prefix": "home/${ }"}}, //!
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
            "empty braces without a dollar sign",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/{}"}""",
        ),
        good(
            "escapes are not variables",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/${*}${?}${$}"}""",
        ),
    ),
)
