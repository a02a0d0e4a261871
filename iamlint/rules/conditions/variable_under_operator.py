"""Flags policy variables under operators that do not replace them.

AWS replaces variables under string and ARN operators. Numbers, dates, booleans and addresses are
compared as written, so a value with a variable is not valid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import OperatorFamily
from iamlint.policy.variables import variables
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import CHECKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for condition in statement.conditions:
        if condition.family in _KNOWING:
            continue
        for entry in condition.values:
            if entry.known is not None and variables(entry.known):
                yield Hit(
                    entry.at,
                    f"AWS does not replace `{entry.known}` under `{condition.operator_text}`, so the value is not valid",
                )


_KNOWING = frozenset({OperatorFamily.STRING, OperatorFamily.ARN, None})


RULE = Rule(
    name="variable-under-operator",
    family=Family.CONDITIONS,
    module=__name__,
    summary="AWS replaces variables only under string and ARN operators",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("INVALID_VARIABLE_FOR_OPERATOR",),
    advice="write the value itself, or use a string operator",
    sources=(
        CHECKS,
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html",
    ),
    when=("variable", "Condition"),
    check=check,
    bad=(
        bad(
            "an address",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              IpAddress: {"aws:SourceIp": "${aws:PrincipalTag/ip}"}, //!
            }}""",
        ),
        bad(
            "one date of a list",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              DateLessThan: {"aws:CurrentTime": [
                "2030-01-01T00:00:00Z",
                "${aws:PrincipalTag/until}", //!
              ]},
            }}""",
        ),
    ),
    good=(
        good(
            "an ARN operator",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              ArnLike: {"aws:PrincipalArn": "arn:aws:iam::*:role/${aws:username}"},
            }}""",
        ),
        good(
            "a string operator",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {"aws:ResourceAccount": "${aws:PrincipalAccount}"},
            }}""",
        ),
    ),
)
