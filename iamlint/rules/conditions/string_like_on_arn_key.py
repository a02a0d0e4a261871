"""Flags `StringLike` on a key that holds an ARN.

To `StringLike` an ARN is one text, and a `*` runs across its colons: a pattern for one account
can match a resource of another. `ArnLike` compares field by field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.catalog import KeyType
from iamlint.rule import Ask, Confidence, Family, Hit, Rule, Severity, bad, good
from iamlint.rules.conditions._keys import CHECKS, OPERATORS, is_wild_string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, ask: Ask) -> Iterator[Hit]:
    for condition in statement.conditions:
        if not is_wild_string(condition):
            continue
        key = ask.catalog.condition_key(condition.key)
        if key and key.type is KeyType.ARN:
            yield Hit(
                condition.at,
                f"`{condition.key}` is an ARN, and `{condition.operator_text}` lets a wildcard "
                "run across its fields",
                help="use `ArnNotLike`" if condition.negated else "use `ArnLike`",
            )


RULE = Rule(
    name="string-like-on-arn-key",
    family=Family.CONDITIONS,
    module=__name__,
    summary="wildcards of `StringLike` run across the fields of an ARN",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=4.0,
    cwe=625,
    access_analyzer=("STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS",),
    advice="use `ArnLike` or `ArnNotLike`",
    sources=(CHECKS, OPERATORS),
    check=check,
    bad=(
        bad(
            "a global key",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringLike: {"aws:SourceArn": "arn:aws:s3:::*"}, //!
            }}""",
        ),
        bad(
            "negated, with IfExists, in another letter case",
            """
            {Effect: "Deny", Action: "s3:GetObject", Resource: "*", Condition: {
              StringNotLikeIfExists: {
                "aws:principalarn": "arn:aws:iam::*:role/admin", //!
              },
            }}""",
        ),
    ),
    good=(
        good(
            "an ARN operator",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              ArnLike: {"aws:SourceArn": "arn:aws:s3:::*"},
            }}""",
        ),
        good(
            "an exact comparison",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {"aws:SourceArn": "arn:aws:s3:::b"},
            }}""",
        ),
        good(
            "a key that is no ARN",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringLike: {"aws:PrincipalTag/team": "a*"},
            }}""",
        ),
    ),
)
