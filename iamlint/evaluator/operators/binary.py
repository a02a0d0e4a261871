"""The operator on bytes, written in base64 on both sides.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_BinaryEquals
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.evaluator.operators.row import OperatorRow
from iamlint.policy.grammar import OPERATORS
from iamlint.policy.values import parse_base64

if TYPE_CHECKING:
    from iamlint.evaluator.match import Test


def _equals(value: str) -> Test:
    """Return a comparison of texts.

    That two texts which encode the same bytes differ (`YWI=` and `YWJ=`) was found by testing
    against AWS's simulator; it is not documented.
    """
    wanted = parse_base64(value)
    return lambda text: parse_base64(text) == wanted


ROWS = (OperatorRow(OPERATORS["binaryequals"], _equals),)
