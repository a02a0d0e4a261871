"""Flags values of date operators that are not dates.

The comparison fails for every request, so an `Allow` until that date grants nothing, and a `Deny`
blocks nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import OperatorFamily
from iamlint.policy.values import is_valid, parse_moment
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import CHECKS, OPERATORS, known_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for condition in statement.conditions:
        if condition.family is not OperatorFamily.DATE:
            continue
        for entry, value in known_values(condition):
            if not is_valid(parse_moment, value):
                yield Hit(
                    entry.at,
                    f"`{value}` is not a date that AWS can read, so no request passes the comparison",
                )


RULE = Rule(
    name="invalid-date",
    family=Family.CONDITIONS,
    module=__name__,
    summary="a date operator needs an ISO 8601 date, and any other value never matches",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    access_analyzer=("TYPE_MISMATCH_DATE",),
    advice="write a date such as `2030-01-31T23:59:59Z`",
    sources=(CHECKS, OPERATORS),
    when=("operator Date",),
    check=check,
    bad=(
        bad(
            "a word",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              DateLessThan: {"aws:CurrentTime": "tomorrow"}, //!
            }}""",
        ),
        bad(
            "day and month the other way around, in a list",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              DateGreaterThan: {"aws:CurrentTime": [
                "2030-01-31",
                "31/01/2030", //!
              ]},
            }}""",
        ),
        bad(
            "a day that the calendar does not have, and an hour that the clock does not have",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              DateLessThan: {"aws:CurrentTime": [
                "2027-02-29", //!
                "2027-01-31T24:00Z", //!
              ]},
            }}""",
        ),
    ),
    good=(
        good(
            "a time",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              DateLessThan: {"aws:CurrentTime": "2030-01-31T23:59:59Z"},
            }}""",
        ),
        good(
            "a leap day, and the last second of a day",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              DateLessThan: {"aws:CurrentTime": ["2028-02-29", "2027-12-31T23:59:59Z"]},
            }}""",
        ),
        good(
            "a day, and a time with an offset",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              DateLessThan: {"aws:CurrentTime": ["2030-01-31", "2030-01-31T10:00:00.5+01:00"]},
            }}""",
        ),
    ),
)
