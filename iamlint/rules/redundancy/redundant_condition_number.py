"""Flags several numbers under an operator if only one of them has an effect.

The values of a condition are alternatives: below 5 or below 10 means below 10.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.late_pattern import late_pattern
from iamlint.policy.grammar import Bound, OperatorFamily
from iamlint.policy.values import parse_number
from iamlint.rule import Confidence, Family, Hit, Rule, Severity, bad, good
from iamlint.rule.fix import Applicability, Fix, Remove

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from iamlint.policy.grammar import Operator
    from iamlint.policy.model import Entry, Statement
    from iamlint.rule import RuleContext

_PLAIN = late_pattern(r"-?[0-9]{1,9}(\.[0-9]{1,5})?")
_DECISIVE = {Bound.UPPER: ("greatest", max), Bound.LOWER: ("least", min)}


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for condition in statement.conditions:
        if condition.operator is None or len(condition.values) < len("ab"):
            continue
        if (bound := numeric_bound(condition.operator)) is None:
            continue
        word, choose = _DECISIVE[bound]
        numbers = [_number(entry.known) for entry in condition.values]
        known = [number for number in numbers if number is not None]
        if len(known) == len(numbers):
            kept = numbers.index(choose(known))
            text = condition.values[kept].text
            message = f"only the {word} value of `{condition.key}` has an effect: `{text}`"
            yield Hit(condition.values_at, message, fix=_fix(condition.values, kept))


def numeric_bound(operator: Operator) -> Bound | None:
    """Return which end of a range of numbers the values are; None for all other operators."""
    return operator.bound if operator.family is OperatorFamily.NUMERIC else None


def _fix(values: tuple[Entry, ...], kept: int) -> Fix | None:
    """Return the fix that keeps one number; None if AWS may read one unlike Python."""
    if not all(_PLAIN.fullmatch(entry.text) for entry in values):
        return None
    others = tuple(entry.at for index, entry in enumerate(values) if index != kept)
    description = f"keep only `{values[kept].text}`"
    return Fix(
        Applicability.EQUIVALENT,
        description,
        (Remove(others),),
        tuple(entry.at for entry in values),
    )


def _number(text: str | None) -> Decimal | None:
    try:
        return parse_number(text) if text is not None else None
    except ValueError:
        return None


RULE = Rule(
    name="redundant-condition-number",
    family=Family.REDUNDANCY,
    module=__name__,
    summary="only one of several numbers has an effect",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    access_analyzer=("REDUNDANT_CONDITION_VALUE_NUM",),
    advice="keep the value that counts",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html",
    ),
    when=("operator Numeric", "several values"),
    check=check,
    bad=(
        bad(
            "two upper bounds",
            """
            {Effect: "Allow", Action: "s3:ListBucket", Resource: "*", Condition: {
              NumericLessThan: {"s3:max-keys": ["5", "10"]}, //!
            }}""",
        ),
        bad(
            "two lower bounds",
            """
            {Effect: "Deny", Action: "s3:ListBucket", Resource: "*", Condition: {
              NumericGreaterThanEqualsIfExists: {"s3:max-keys": [100, 10]}, //!
            }}""",
        ),
    ),
    good=(
        good(
            "two numbers to equal",
            """
            {Effect: "Allow", Action: "s3:ListBucket", Resource: "*", Condition: {
              NumericEquals: {"s3:max-keys": ["5", "10"]},
            }}""",
        ),
        good(
            "a lower and an upper bound",
            """
            {Effect: "Allow", Action: "s3:ListBucket", Resource: "*", Condition: {
              NumericGreaterThan: {"s3:max-keys": "5"}, NumericLessThan: {"s3:max-keys": "10"},
            }}""",
        ),
    ),
)
