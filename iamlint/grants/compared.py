"""What a condition says of one value of its key.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy import wildcard
from iamlint.policy.grammar import OperatorFamily
from iamlint.policy.truth import Truth, negation
from iamlint.policy.values import is_true

if TYPE_CHECKING:
    from iamlint.policy.model import Condition, Entry


def is_met_by(condition: Condition, value: str) -> Truth:
    """Return whether this value of the key, which is not `true`, satisfies a condition."""
    operator = condition.operator
    if operator is None:
        return Truth.NO
    if operator.family is OperatorFamily.NULL:
        told = [_equals(entry, "false", wild=False, folded=True) for entry in condition.values]
        return max(told, default=Truth.NO)
    if operator.family is OperatorFamily.BOOL:
        return max(map(_is_false, condition.values), default=Truth.NO)
    if operator.family is not OperatorFamily.STRING:
        return Truth.NO  # The value is of no other type, and then no operator holds.
    wild, folded = operator.wildcards, operator.ignores_case
    found = (_equals(entry, value, wild=wild, folded=folded) for entry in condition.values)
    truth = max(found, default=Truth.NO)
    return negation(truth) if operator.negated else truth


def _is_false(entry: Entry) -> Truth:
    if entry.known is None or "${" in entry.known:
        return Truth.MAYBE
    return Truth.NO if is_true(entry.known) else Truth.YES


def _equals(entry: Entry, value: str, *, wild: bool, folded: bool) -> Truth:
    if entry.known is None or "${" in entry.known:
        return Truth.MAYBE
    text = entry.known.lower() if folded else entry.known
    value = value.lower() if folded else value
    return Truth.YES if (wildcard.matches(text, value) if wild else text == value) else Truth.NO
