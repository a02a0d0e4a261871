"""Operators on numbers, read strictly: `9abc` is not a number.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Numeric
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING

from iamlint.evaluator.operators.row import OperatorRow
from iamlint.policy.grammar import OPERATORS
from iamlint.policy.values import parse_number

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from iamlint.evaluator.match import Test
    from iamlint.evaluator.operators.row import Prepare


def _by(compare: Callable[[Decimal, Decimal], bool]) -> Prepare:
    def prepare(value: str) -> Test:
        limit = parse_number(value)
        return lambda text: compare(parse_number(text), limit)

    return prepare


ROWS = (
    OperatorRow(OPERATORS["numericequals"], _by(operator.eq)),
    OperatorRow(OPERATORS["numericnotequals"], _by(operator.eq)),
    OperatorRow(OPERATORS["numericlessthan"], _by(operator.lt)),
    OperatorRow(OPERATORS["numericlessthanequals"], _by(operator.le)),
    OperatorRow(OPERATORS["numericgreaterthan"], _by(operator.gt)),
    OperatorRow(OPERATORS["numericgreaterthanequals"], _by(operator.ge)),
)
