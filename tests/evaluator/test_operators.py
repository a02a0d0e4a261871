from __future__ import annotations

import pytest

from iamlint.evaluator.match import read_glob
from iamlint.evaluator.operators.table import ROWS
from iamlint.policy.grammar import OPERATORS

YES, NO, WRONG = True, False, None


def compare(operator: str, value: str, text: str) -> bool | None:
    """Compare as the operator does before negation; None when a side is not of its type."""
    row = ROWS[operator.lower()]
    glob = read_glob(value) if row.operator.wildcards else (value,)
    try:
        return row.test(glob)(text)
    except ValueError:
        return None


TABLE: list[tuple[str, str, str, bool | None]] = [
    # operator, value of the policy, value of the request
    ("StringEquals", "a*", "a*", YES),
    ("StringEquals", "a*", "ab", NO),
    ("StringEquals", "a", "A", NO),
    ("StringNotEquals", "a", "a", YES),
    ("StringEqualsIgnoreCase", "Ab*", "aB*", YES),
    ("StringEqualsIgnoreCase", "ab*", "abc", NO),
    ("StringLike", "a*c?", "abcd", YES),
    ("StringLike", "a*", "a:b/c\nd", YES),
    ("StringLike", "a*", "Ab", NO),
    ("StringNotLike", "a*", "ab", YES),
    ("NumericEquals", "10", "10.0", YES),
    ("NumericEquals", "1e2", "100", YES),
    ("NumericLessThan", "100", "9", YES),
    ("NumericLessThan", "9", "9", NO),
    ("NumericLessThanEquals", "9", "9", YES),
    ("NumericGreaterThan", "-1", "-.5", YES),
    ("NumericGreaterThanEquals", "5", "4.999", NO),
    ("NumericEquals", "9", "9abc", WRONG),
    ("NumericEquals", "9", "", WRONG),
    ("NumericEquals", "9", " 9", WRONG),
    ("NumericEquals", "nan", "nan", WRONG),
    ("NumericEquals", "9", "٩", WRONG),
    ("DateEquals", "2018-08-10T00:00:00Z", "1533859200", YES),
    ("DateEquals", "1533859200.0", "2018-08-10T00:00:00Z", YES),
    ("DateEquals", "2018-08-10", "2018-08-10T00:00:00Z", YES),
    ("DateEquals", "2018-08-10T02:00:00+02:00", "2018-08-10T00:00:00Z", YES),
    ("DateEquals", "2018-08-09T19:00:00-0500", "2018-08-10T00:00:00Z", YES),
    ("DateEquals", "2018-08-10T00:00Z", "2018-08-10T00:00:00.000Z", YES),
    ("DateLessThan", "2020-01-01T00:00:00.5Z", "2020-01-01T00:00:00.25Z", YES),
    ("DateGreaterThan", "2020-01-01", "2019-12-31T23:59:59Z", NO),
    ("DateEquals", "2020", "2020-01-01T00:00:00Z", YES),
    ("DateEquals", "2020-13-01", "2020-01-01", WRONG),
    ("DateEquals", "2020-01-01", "yesterday", WRONG),
    ("Bool", "true", "TRUE", YES),
    ("Bool", "false", "true", NO),
    ("Bool", "false", "", YES),
    ("Bool", "yes", "true", NO),
    ("Bool", "no", "false", YES),
    ("BinaryEquals", "QmluYXJ5", "QmluYXJ5", YES),
    ("BinaryEquals", "QmluYXJ5", "QmluYXJ4", NO),
    ("BinaryEquals", "QmluYXJ5", "no base64", WRONG),
    ("IpAddress", "203.0.113.0/24", "203.0.113.7", YES),
    ("IpAddress", "203.0.113.99/24", "203.0.113.7", YES),
    ("IpAddress", "203.0.113.7", "203.0.113.7", YES),
    ("IpAddress", "203.0.113.7", "203.0.113.8", NO),
    ("IpAddress", "0.0.0.0/0", "1.2.3.4", YES),
    ("IpAddress", "0.0.0.0/0", "2001:db8::1", NO),
    ("IpAddress", "2001:db8::1", "2001:0DB8:0:0:0:0:0:1", YES),
    ("IpAddress", "::/0", "203.0.113.7", NO),
    ("NotIpAddress", "203.0.113.0/24", "203.0.113.7", YES),
    ("IpAddress", "203.0.113.0/24", "everywhere", WRONG),
    ("IpAddress", "203.0.113.0/33", "203.0.113.7", WRONG),
    ("ArnLike", "arn:aws:s3:::b*", "arn:aws:s3:::bucket:x/y", YES),
    ("ArnLike", "arn:aws:*:::b", "arn:aws:s3:x::b", NO),
    ("ArnLike", "arn:aws:s3*:b", "arn:aws:s3:::b", WRONG),
    ("ArnEquals", "arn:aws:iam::*:role/x", "arn:aws:iam::111122223333:role/x", YES),
    ("ArnEquals", "arn:aws:iam::*:role/x", "arn:aws:iam::111122223333:role/X", NO),
    ("ArnLike", "bucket", "arn:aws:s3:::bucket", WRONG),
    ("ArnNotLike", "arn:aws:s3:::b", "bucket", WRONG),
    ("ArnNotEquals", "arn:aws:s3:::?", "arn:aws:s3:::b", YES),
]


@pytest.mark.parametrize(("operator", "value", "text", "expected"), TABLE)
def test_an_operator_compares_texts_of_its_type(
    operator: str, value: str, text: str, *, expected: bool | None
) -> None:
    assert compare(operator, value, text) is expected


def test_every_operator_of_the_grammar_has_its_row() -> None:
    assert {name: row.operator for name, row in ROWS.items()} == OPERATORS


def test_variables_are_for_strings_arns_and_booleans() -> None:
    families = {row.operator.family for row in ROWS.values() if row.variables}
    assert families == {"String", "Arn", "Bool"}
