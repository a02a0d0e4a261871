"""Flags policy variables where AWS does not replace them.

AWS replaces variables in `Resource`, `NotResource` and the values of conditions. In an action, a
principal or a condition key it compares the text as written, which matches nothing. In a `Sid`,
`invalid-sid` reports the characters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.variables import variables
from iamlint.rule import Confidence, Family, Hit, Rule, Severity, bad, good
from iamlint.rules.syntax._references import is_of_iam

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.at import At
    from iamlint.policy.model import Statement
    from iamlint.rule import RuleContext


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for at, text in _texts_without_variables(statement):
        found = next((v for v in variables(text) if is_of_iam(v, context)), None)
        if found:
            yield Hit(
                at,
                f"`{found.text}` matches nothing here: AWS replaces variables only in resources "
                "and condition values",
            )


def _texts_without_variables(statement: Statement) -> Iterator[tuple[At, str]]:
    for element in (statement.action, statement.not_action):
        for entry in element.entries if element else ():
            yield entry.at, entry.known or ""
    for principals in (statement.principal, statement.not_principal):
        for principal in principals.entries if principals else ():
            yield principal.at, principal.entry.known or ""
    for condition in statement.conditions:
        yield condition.at, condition.key


RULE = Rule(
    name="misplaced-variable",
    family=Family.SYNTAX,
    module=__name__,
    summary="AWS replaces variables only in resources and condition values",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("VARIABLE_UNSUPPORTED_IN_ELEMENT",),
    advice="write the name itself, or compare with the variable in a condition",
    sources=("https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html",),
    when=("misplaced variable",),
    check=check,
    bad=(
        bad(
            "in an action",
            """
            {
              Effect: "Allow", Resource: "*",
              Action: "s3:${aws:username}", //!
            }""",
        ),
        bad(
            "in a condition key",
            """
            {
              Effect: "Allow", Action: "s3:ListBucket", Resource: "*",
              Condition: {StringLike: {
                "aws:PrincipalTag/${aws:username}": "x", //!
              }},
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
            "in a condition value",
            """
            {
              Effect: "Allow", Action: "s3:ListBucket", Resource: "*",
              Condition: {StringLike: {"s3:prefix": "home/${aws:username}/*"}},
            }""",
        ),
        good(
            "a placeholder of a template",
            """
            {Effect: "Allow", Action: "s3:${verb}Object", Resource: "*"}""",
        ),
    ),
)
