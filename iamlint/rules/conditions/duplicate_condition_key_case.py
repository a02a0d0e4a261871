"""Flags a condition key written twice under one operator, in different letter case.

AWS compares keys without regard to case, so the two are one key and only one of them counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rule import Confidence, Family, Hit, Note, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import CHECKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Condition, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    first: dict[tuple[str, str], Condition] = {}
    for condition in statement.conditions:
        earlier = first.setdefault((condition.operator_text, condition.name), condition)
        if earlier is not condition and earlier.key != condition.key:
            yield Hit(
                condition.at,
                f"`{condition.key}` is the same key as `{earlier.key}`, so only one of the two counts",
                related=(Note(earlier.at, "written here first"),),
            )


RULE = Rule(
    name="duplicate-condition-key-case",
    family=Family.CONDITIONS,
    module=__name__,
    summary="an operator has two spellings of one key, so only one of the two counts",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("DUPLICATE_KEYS_WITH_DIFFERENT_CASE",),
    advice="keep one of them and put all values in its list",
    sources=(CHECKS,),
    when=("several conditions",),
    check=check,
    bad=(
        bad(
            "a global key",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {
                "aws:SourceVpc": "vpc-12345678",
                "aws:sourcevpc": "vpc-87654321", //!
              },
            }}""",
        ),
        bad(
            "a key of a service",
            """
            {Effect: "Allow", Action: "s3:ListBucket", Resource: "*", Condition: {
              StringLike: {
                "s3:Prefix": "a/*",
                "s3:prefix": "b/*", //!
              },
            }}""",
        ),
    ),
    good=(
        good(
            "the same key under two operators",
            """
            {Effect: "Allow", Action: "s3:ListBucket", Resource: "*", Condition: {
              StringLike: {"s3:prefix": "home/*"},
              StringNotLike: {"s3:Prefix": "home/secret/*"},
            }}""",
        ),
        good(
            "two keys",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {"aws:SourceVpc": "vpc-12345678", "aws:SourceVpce": "vpce-12345678"},
            }}""",
        ),
    ),
)
