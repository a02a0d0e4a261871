"""The operator on truth values.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Boolean
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from iamlint.evaluate.operators.row import Row
from iamlint.policy.grammar import OPERATORS

if TYPE_CHECKING:
    from iamlint.evaluate.match import Test

_VALUES = {"true": True, "false": False}


def truth_value(text: str) -> bool:
    """Read `true` or `false` in any letter case; ValueError for anything else.

    What AWS makes of other texts is not documented; here they satisfy nothing.
    """
    try:
        return _VALUES[text.lower()]
    except KeyError:
        raise ValueError(text) from None


def _is(value: str) -> Test:
    return partial(_same, truth_value(value))


def _same(wanted: bool, text: str) -> bool:  # noqa: FBT001 - the operand of `Bool`
    return truth_value(text) is wanted


ROWS = (Row(OPERATORS["bool"], _is, variables=True),)
