"""Operators on texts.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_String
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from iamlint.evaluator.match import glob_test
from iamlint.evaluator.operators.row import OperatorRow
from iamlint.policy.grammar import OPERATORS

if TYPE_CHECKING:
    from iamlint.evaluator.match import Test


def _equals(value: str) -> Test:
    return value.__eq__


def _equals_ignore_case(value: str) -> Test:
    return partial(_same_folded, value.casefold())


def _same_folded(folded: str, text: str) -> bool:
    return text.casefold() == folded


ROWS = (
    OperatorRow(OPERATORS["stringequals"], _equals, variables=True, exact=True),
    OperatorRow(OPERATORS["stringnotequals"], _equals, variables=True, exact=True),
    OperatorRow(
        OPERATORS["stringequalsignorecase"], _equals_ignore_case, variables=True, exact=True
    ),
    OperatorRow(
        OPERATORS["stringnotequalsignorecase"], _equals_ignore_case, variables=True, exact=True
    ),
    OperatorRow(OPERATORS["stringlike"], prepare_glob=glob_test, variables=True),
    OperatorRow(OPERATORS["stringnotlike"], prepare_glob=glob_test, variables=True),
)
