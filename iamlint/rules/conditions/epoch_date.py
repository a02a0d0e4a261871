"""Flags dates written as seconds since 1970.

AWS accepts them, but a reviewer cannot see when access ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import OperatorFamily
from iamlint.policy.values import is_valid, parse_date, parse_epoch
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import CHECKS, OPERATORS, known_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for condition in statement.conditions:
        # `aws:EpochTime` is such a number; AWS's verdict on it is not known, and it is let pass.
        if condition.family is not OperatorFamily.DATE or condition.name == "aws:epochtime":
            continue
        for entry, value in known_values(condition):
            if is_valid(parse_epoch, value) and not is_valid(parse_date, value):
                yield Hit(
                    entry.at,
                    f"`{value}` counts the seconds since 1970, so a reviewer cannot see the date",
                )


RULE = Rule(
    name="epoch-date",
    family=Family.CONDITIONS,
    module=__name__,
    summary="a reviewer cannot see which date a number of seconds is",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    access_analyzer=("INVALID_DATE_VALUE",),
    advice="write a date such as `2030-01-31T23:59:59Z`",
    sources=(CHECKS, OPERATORS),
    when=("operator Date",),
    check=check,
    bad=(
        bad(
            "in quotes",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              DateLessThan: {"aws:CurrentTime": "1700000000"}, //!
            }}""",
        ),
        bad(
            "a JSON number",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              DateGreaterThan: {"aws:TokenIssueTime": 1700000000}, //!
            }}""",
        ),
    ),
    good=(
        good(
            "a date",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              DateLessThan: {"aws:CurrentTime": "2030-01-31T23:59:59Z"},
            }}""",
        ),
        good(
            "a key that is in seconds",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              DateLessThan: {"aws:EpochTime": "1700000000"},
            }}""",
        ),
    ),
)
