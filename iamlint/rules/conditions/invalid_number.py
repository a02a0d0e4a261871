"""Flags values of numeric operators that are not numbers.

The comparison fails for every request, so an `Allow` grants nothing, and a `Deny` blocks nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import OperatorFamily
from iamlint.policy.values import is_valid, parse_number
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import CHECKS, OPERATORS, known_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for condition in statement.conditions:
        if condition.family is not OperatorFamily.NUMERIC:
            continue
        for entry, value in known_values(condition):
            if not is_valid(parse_number, value):
                yield Hit(
                    entry.at, f"`{value}` is not a number, so no request passes the comparison"
                )


RULE = Rule(
    name="invalid-number",
    family=Family.CONDITIONS,
    module=__name__,
    summary="a numeric operator needs a number, and any other value never matches",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    access_analyzer=("TYPE_MISMATCH_NUMBER",),
    advice="write a number, such as `10` or `0.5`",
    sources=(CHECKS, OPERATORS),
    when=("operator Numeric",),
    check=check,
    bad=(
        bad(
            "a word",
            """
            {Effect: "Allow", Action: "s3:ListBucket", Resource: "*", Condition: {
              NumericLessThan: {"s3:max-keys": "ten"}, //!
            }}""",
        ),
        bad(
            "one value of a list has a unit",
            """
            {Effect: "Allow", Action: "s3:ListBucket", Resource: "*", Condition: {
              NumericEquals: {"s3:max-keys": [
                "10",
                "20 keys", //!
              ]},
            }}""",
        ),
    ),
    good=(
        good(
            "digits in quotes, and without",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              NumericEquals: {"s3:max-keys": ["10", "20", ".5"]},
            }}""",
        ),
        good(
            "a JSON number",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              NumericLessThan: {"s3:max-keys": -1.5},
            }}""",
        ),
    ),
)
