"""The operator on truth values.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Boolean
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from iamlint.evaluator.operators.row import OperatorRow
from iamlint.policy.grammar import OPERATORS
from iamlint.policy.values import is_true

if TYPE_CHECKING:
    from iamlint.evaluator.match import Test


def _is(value: str) -> Test:
    return partial(_same, is_true(value))


def _same(wanted: bool, text: str) -> bool:  # noqa: FBT001 - the operand of `Bool`
    return is_true(text) is wanted


ROWS = (OperatorRow(OPERATORS["bool"], _is, variables=True),)
