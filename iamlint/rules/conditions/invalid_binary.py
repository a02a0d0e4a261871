"""Flags values of `BinaryEquals` that are not base64.

AWS cannot decode the value, so no value equals it and the condition never holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import OperatorFamily
from iamlint.policy.values import is_valid, parse_base64
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import CHECKS, OPERATORS, known_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for condition in statement.conditions:
        if condition.family is not OperatorFamily.BINARY:
            continue
        for entry, value in known_values(condition):
            if not is_valid(parse_base64, value):
                yield Hit(entry.at, f"`{value}` is not base64, so no value equals it")


RULE = Rule(
    name="invalid-binary",
    family=Family.CONDITIONS,
    module=__name__,
    summary="`BinaryEquals` needs base64, and any other value never matches",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    access_analyzer=("TYPE_MISMATCH_STRING",),
    advice="encode the value in base64, with padding",
    sources=(CHECKS, OPERATORS),
    when=("operator Binary",),
    check=check,
    bad=(
        bad(
            "plain text",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              BinaryEquals: {"aws:PrincipalTag/key": "not base64!"}, //!
            }}""",
        ),
        bad(
            "the padding is missing",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              BinaryEquals: {"aws:PrincipalTag/key": "QmluYXJ5VmFsdWU"}, //!
            }}""",
        ),
    ),
    good=(
        good(
            "base64",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              BinaryEquals: {"aws:PrincipalTag/key": "QmluYXJ5VmFsdWVJbkJhc2U2NA=="},
            }}""",
        ),
        good(
            "a string is compared as it is",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {"aws:PrincipalTag/key": "not base64!"},
            }}""",
        ),
    ),
)
