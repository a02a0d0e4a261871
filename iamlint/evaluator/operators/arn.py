"""Operators on ARNs: six fields, compared one by one with wildcards.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from iamlint.evaluator.match import glob_test, split_glob
from iamlint.evaluator.operators.row import OperatorRow
from iamlint.policy.grammar import OPERATORS

if TYPE_CHECKING:
    from iamlint.evaluator.match import Glob, Test

_COLONS: Final = 5


def _like(glob: Glob) -> Test:
    """Return the test of an ARN pattern; raise ValueError if it is not one.

    A value that is not an ARN never matches, not even negated: found by testing against AWS's
    simulator, not documented.
    """
    fields = split_glob(glob, _COLONS)
    if len(fields) <= _COLONS or fields[0] != ("arn",):
        raise ValueError(glob)
    return partial(_same_fields, [glob_test(field) for field in fields[1:]])


def _same_fields(tests: list[Test], text: str) -> bool:
    fields = text.split(":", _COLONS)
    if len(fields) <= _COLONS or fields[0] != "arn":
        raise ValueError(text)
    return all(test(field) for test, field in zip(tests, fields[1:], strict=True))


ROWS = (
    OperatorRow(OPERATORS["arnequals"], prepare_glob=_like, variables=True),
    OperatorRow(OPERATORS["arnlike"], prepare_glob=_like, variables=True),
    OperatorRow(OPERATORS["arnnotequals"], prepare_glob=_like, variables=True),
    OperatorRow(OPERATORS["arnnotlike"], prepare_glob=_like, variables=True),
)
