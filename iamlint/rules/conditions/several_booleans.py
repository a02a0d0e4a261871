"""Flags a `Bool` condition with several values.

A boolean is `true` or `false`. A list of both always holds, and AWS rejects it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import OperatorFamily
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import CHECKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    # Whether AWS reports `Null` too is not known; it is let pass.
    for condition in statement.conditions:
        if condition.family is OperatorFamily.BOOL and len(condition.values) > 1:
            yield Hit(
                condition.at,
                f"`{condition.operator_text}` accepts one value, but this list has "
                f"{len(condition.values)}, so AWS rejects the policy",
            )


RULE = Rule(
    name="several-booleans",
    family=Family.CONDITIONS,
    module=__name__,
    summary="AWS rejects `Bool` with several values",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("INVALID_CONDITION_MULTIPLE_BOOLEAN",),
    advice="keep `true` or `false`",
    sources=(CHECKS,),
    when=("operator Bool", "several values"),
    check=check,
    bad=(
        bad(
            "both values always hold",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              Bool: {"aws:SecureTransport": ["true", "false"]}, //!
            }}""",
        ),
        bad(
            "JSON booleans, with IfExists",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              BoolIfExists: {"aws:MultiFactorAuthPresent": [true, true]}, //!
            }}""",
        ),
    ),
    good=(
        good(
            "a list of one",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              Bool: {"aws:SecureTransport": ["true"]},
            }}""",
        ),
        good(
            "several strings",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {"aws:PrincipalTag/team": ["a", "b"]},
            }}""",
        ),
    ),
)
