"""Operators on moments: ISO 8601 or seconds since 1970, on either side.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING

from iamlint.evaluator.operators.row import OperatorRow
from iamlint.policy.grammar import OPERATORS
from iamlint.policy.values import parse_moment

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from iamlint.evaluator.match import Test
    from iamlint.evaluator.operators.row import Prepare


def _by(compare: Callable[[Decimal, Decimal], bool]) -> Prepare:
    def prepare(value: str) -> Test:
        limit = parse_moment(value)
        return lambda text: compare(parse_moment(text), limit)

    return prepare


ROWS = (
    OperatorRow(OPERATORS["dateequals"], _by(operator.eq)),
    OperatorRow(OPERATORS["datenotequals"], _by(operator.eq)),
    OperatorRow(OPERATORS["datelessthan"], _by(operator.lt)),
    OperatorRow(OPERATORS["datelessthanequals"], _by(operator.le)),
    OperatorRow(OPERATORS["dategreaterthan"], _by(operator.gt)),
    OperatorRow(OPERATORS["dategreaterthanequals"], _by(operator.ge)),
)
