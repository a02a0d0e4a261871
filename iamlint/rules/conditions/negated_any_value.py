"""Flags `Allow` statements that a request passes by adding one unlisted value.

`ForAnyValue:StringNotEquals` holds as soon as one value of the request is not on the list. A
request with a forbidden value passes if it also carries a harmless one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Quantifier
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import is_single_valued

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Condition, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not statement.allows:
        return  # In a Deny it keeps out whoever carries a value that is not listed.
    if statement.has_more_conditions:
        return
    held = {c.name for c in statement.conditions if c.quantifier is Quantifier.ALL}
    for condition in statement.conditions:
        if condition.quantifier is not Quantifier.ANY or not condition.negated:
            continue
        if condition.name in held:
            continue  # Another condition keeps out the listed values.
        # `redundant-statement-due-to-wildcard` says what a lone `*` does.
        if is_single_valued(condition.key, context.catalog) or _is_everything(condition):
            continue
        yield Hit(
            condition.at,
            f"a request with a listed value of `{condition.key}` passes if it also carries another"
            " value",
            help=f"write `{condition.operator_text.replace('ForAnyValue', 'ForAllValues')}`, and"
            f' `"Null": {{"{condition.key}": "false"}}` if the key must be there',
        )


def _is_everything(condition: Condition) -> bool:
    return any(set(entry.text) == {"*"} for entry in condition.values)


RULE = Rule(
    name="negated-any-value",
    family=Family.CONDITIONS,
    module=__name__,
    summary="a request with a forbidden value passes if it also carries another value",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    security_severity=5.0,
    cwe=863,
    advice="use `ForAllValues:` with the negated operator",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html",
    ),
    when=("Allow", "ForAnyValue", "negated"),
    check=check,
    bad=(
        bad(
            "the tag `admin` beside any other",
            """
            {Effect: "Allow", Action: "ec2:CreateTags", Resource: "*", Condition: {
              "ForAnyValue:StringNotEquals": {
                "aws:TagKeys": ["admin"], //!
              },
            }}""",
        ),
        bad(
            "beside a condition on another key",
            """
            {Effect: "Allow", Action: "ec2:CreateTags", Resource: "*", Condition: {
              "ForAnyValue:StringNotEquals": {
                "aws:TagKeys": ["admin"], //!
              },
              "ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/*"},
              Null: {"aws:PrincipalOrgPaths": "false"},
            }}""",
        ),
        bad(
            "by a pattern, optional",
            """
            {Effect: "Allow", Action: "kms:Decrypt", Resource: "*", Condition: {
              "ForAnyValue:StringNotLikeIfExists": {
                "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/ou-ab12-sandbox/*", //!
              },
            }}""",
        ),
    ),
    good=(
        good(
            "none of the values may be listed",
            """
            {Effect: "Allow", Action: "ec2:CreateTags", Resource: "*", Condition: {
              "ForAllValues:StringNotEquals": {"aws:TagKeys": ["admin"]},
            }}""",
        ),
        good(
            "another condition keeps the listed values out",
            """
            {Effect: "Allow", Action: "ec2:CreateTags", Resource: "*", Condition: {
              "ForAnyValue:StringNotEquals": {"aws:TagKeys": ["admin"]},
              "ForAllValues:StringNotEquals": {"aws:TagKeys": ["admin"]},
            }}""",
        ),
        good(
            "a Deny of requests with a value that is not listed",
            """
            {Effect: "Deny", Action: "ec2:CreateTags", Resource: "*", Condition: {
              "ForAnyValue:StringNotEquals": {"aws:TagKeys": ["team", "cost"]},
            }}""",
        ),
        good(
            "a key of one value",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              "ForAnyValue:StringNotEquals": {"aws:PrincipalTag/team": "guests"},
            }}""",
        ),
    ),
)
