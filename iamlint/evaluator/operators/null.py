"""The operator on the presence of a key; its values are compared in `condition.py`.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Null
"""

from __future__ import annotations

from iamlint.evaluator.context import ContextValue, Missing
from iamlint.evaluator.operators.row import OperatorRow
from iamlint.policy.grammar import OPERATORS


def is_null(value: ContextValue) -> bool:
    """Return whether a key counts as missing for `Null`: absent, an empty list or an empty text.

    The empty text was found by testing against AWS's simulator; it is not documented there.
    """
    return value is Missing.ABSENT or value in ("", (), ("",))


ROWS = (OperatorRow(OPERATORS["null"]),)
