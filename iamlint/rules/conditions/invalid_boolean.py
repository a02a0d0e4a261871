"""Flags values of `Bool` and `Null` that are neither `true` nor `false`.

`Bool` reads every text except `true` as false: `yes` there tests for false. Under `Null` no request
matches another text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import OperatorFamily
from iamlint.policy.values import is_valid, parse_boolean
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import CHECKS, OPERATORS, known_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for condition in statement.conditions:
        # AWS is known to report `Bool`; `Null` is treated alike, because it fails alike.
        if condition.family not in (OperatorFamily.BOOL, OperatorFamily.NULL):
            continue
        for entry, value in known_values(condition):
            if not is_valid(parse_boolean, value):
                yield Hit(
                    entry.at,
                    f"`{value}` is neither `true` nor `false`: `Bool` reads it as `false`, "
                    "and under `Null` it never matches",
                )


RULE = Rule(
    name="invalid-boolean",
    family=Family.CONDITIONS,
    module=__name__,
    summary="`Bool` and `Null` need `true` or `false`, and another value tests something else",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    access_analyzer=("TYPE_MISMATCH_BOOLEAN",),
    advice="write `true` or `false`",
    sources=(CHECKS, OPERATORS),
    when=("operator Bool | operator Null",),
    check=check,
    bad=(
        bad(
            "a word",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              Bool: {"aws:SecureTransport": "yes"}, //!
            }}""",
        ),
        bad(
            "a digit under Null",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              Null: {"aws:TagKeys": "1"}, //!
            }}""",
        ),
    ),
    good=(
        good(
            "JSON `true`",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              Bool: {"aws:SecureTransport": true},
            }}""",
        ),
        good(
            "capitals",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              BoolIfExists: {"aws:SecureTransport": "True"},
            }}""",
        ),
    ),
)
