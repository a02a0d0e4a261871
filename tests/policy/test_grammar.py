"""The table of operators."""

from __future__ import annotations

import pytest

from iamlint.evaluator.match import read_glob
from iamlint.evaluator.operators.table import ROWS
from iamlint.policy.grammar import OPERATORS, Bound, Operator, OperatorFamily

WITH_OPPOSITE = [operator for operator in OPERATORS.values() if operator.opposite]
VALUES = {
    OperatorFamily.STRING: ("a", "A", "a*", "b"),
    OperatorFamily.NUMERIC: ("1", "2", "2.0", "-3"),
    OperatorFamily.DATE: ("2026", "2027-01-01", "2027-06-30T12:00:00Z"),
    OperatorFamily.IP: ("203.0.113.7", "198.51.100.7", "2001:db8::1"),
    OperatorFamily.ARN: ("arn:aws:s3:::a", "arn:aws:s3:::A", "arn:aws:s3:::*"),
}


def holds(operator: Operator, value: str, text: str) -> bool:
    glob = read_glob(value) if operator.wildcards else (value,)
    return ROWS[operator.name.lower()].test(glob)(text) is not operator.negated


def test_operators_without_an_opposite_are_those_that_aws_does_not_negate() -> None:
    lone = [operator.name for operator in OPERATORS.values() if operator.opposite is None]

    assert lone == ["Bool", "BinaryEquals", "Null"]


@pytest.mark.parametrize("operator", WITH_OPPOSITE, ids=lambda operator: operator.name)
def test_opposite_holds_just_where_the_operator_does_not(operator: Operator) -> None:
    opposite = operator.opposite
    assert opposite is not None
    assert opposite.opposite == operator
    pairs = [(a, b) for a in VALUES[operator.family] for b in VALUES[operator.family]]

    assert [p for p in pairs if holds(operator, *p) is holds(opposite, *p)] == []


def test_operator_says_whether_it_ignores_case_or_bounds_a_range() -> None:
    ignoring = [operator.name for operator in OPERATORS.values() if operator.ignores_case]
    upper = [operator.name for operator in OPERATORS.values() if operator.bound is Bound.UPPER]
    lower = [operator.name for operator in OPERATORS.values() if operator.bound is Bound.LOWER]

    assert ignoring == ["StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"]
    assert [name.removeprefix("Numeric").removeprefix("Date") for name in upper] == [
        "LessThan",
        "LessThanEquals",
    ] * 2
    assert [name.removeprefix("Numeric").removeprefix("Date") for name in lower] == [
        "GreaterThan",
        "GreaterThanEquals",
    ] * 2
