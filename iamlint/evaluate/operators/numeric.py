"""Operators on numbers, read strictly: `9abc` is none.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Numeric
"""

from __future__ import annotations

import operator
import re
from decimal import Decimal
from typing import TYPE_CHECKING

from iamlint.evaluate.operators.row import Row
from iamlint.policy.grammar import OPERATORS

if TYPE_CHECKING:
    from collections.abc import Callable

    from iamlint.evaluate.match import Test
    from iamlint.evaluate.operators.row import Prepare

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")


def number(text: str) -> Decimal:
    """Read a number; ValueError for anything else."""
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    return Decimal(text)


def _by(compare: Callable[[Decimal, Decimal], bool]) -> Prepare:
    def prepare(value: str) -> Test:
        limit = number(value)
        return lambda text: compare(number(text), limit)

    return prepare


ROWS = (
    Row(OPERATORS["numericequals"], _by(operator.eq)),
    Row(OPERATORS["numericnotequals"], _by(operator.eq)),
    Row(OPERATORS["numericlessthan"], _by(operator.lt)),
    Row(OPERATORS["numericlessthanequals"], _by(operator.le)),
    Row(OPERATORS["numericgreaterthan"], _by(operator.gt)),
    Row(OPERATORS["numericgreaterthanequals"], _by(operator.ge)),
)
