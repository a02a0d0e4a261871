"""Flags a condition key with an empty list of values: no value equals any of them.

A positive comparison with an empty list never holds, so an `Allow` grants nothing and a `Deny`
blocks nothing; a negated one always holds. A quantifier or `IfExists` reverses that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Quantifier
from iamlint.policy.parse_condition import split_operator
from iamlint.policy.problem import GrammarFault
from iamlint.rule import Confidence, Family, Hit, Rule, Severity, bad, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Policy
    from iamlint.rule import RuleContext

_PLAIN = "EMPTY_ARRAY_CONDITION"
_ALL, _ANY, _IF_EXISTS = (f"{_PLAIN}_{end}" for end in ("FORALLVALUES", "FORANYVALUE", "IFEXISTS"))


def check_policy(policy: Policy, context: RuleContext) -> Iterator[Hit]:
    for problem in policy.problems:
        if problem.fault is GrammarFault.EMPTY_VALUES:
            *_, operator, key = problem.at.pointer
            message = f"`{key}` is compared with an empty list, which no value matches"
            yield Hit(problem.at, message, access_analyzer=_code(str(operator)))


def _code(operator: str) -> str:
    """Return the issue code; it is not known which one a quantifier with `IfExists` has."""
    parts = split_operator(operator)
    if parts.quantifier is Quantifier.NONE:
        return _IF_EXISTS if parts.if_exists else _PLAIN
    return _ALL if parts.quantifier is Quantifier.ALL else _ANY


RULE = Rule(
    name="empty-condition-values",
    family=Family.HYGIENE,
    module=__name__,
    summary="a condition with an empty list of values never holds, or always holds",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    access_analyzer=(_PLAIN, _ALL, _ANY, _IF_EXISTS),
    advice="write the values, or test with `Null` whether the request has the key",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html",
    ),
    when=("problem empty values",),
    check_policy=check_policy,
    bad=(
        bad(
            "a plain operator",
            """
            {
              Effect: "Allow", Action: "s3:GetObject", Resource: "*",
              Condition: {StringEquals: {"aws:PrincipalTag/team": []}}, //!
            }""",
        ),
        bad(
            "`ForAllValues:`",
            """
            {
              Effect: "Allow", Action: "ec2:CreateTags", Resource: "*",
              Condition: {"ForAllValues:StringEquals": {"aws:TagKeys": []}}, //!
            }""",
            access_analyzer=_ALL,
        ),
        bad(
            "`ForAnyValue:`",
            """
            {
              Effect: "Allow", Action: "ec2:CreateTags", Resource: "*",
              Condition: {"ForAnyValue:StringEquals": {"aws:TagKeys": []}}, //!
            }""",
            access_analyzer=_ANY,
        ),
        bad(
            "`IfExists`",
            """
            {
              Effect: "Allow", Action: "s3:GetObject", Resource: "*",
              Condition: {StringEqualsIfExists: {"aws:PrincipalTag/team": []}}, //!
            }""",
            access_analyzer=_IF_EXISTS,
        ),
    ),
    good=(
        good(
            "one value",
            """
            {
              Effect: "Allow", Action: "s3:GetObject", Resource: "*",
              Condition: {StringEquals: {"aws:PrincipalTag/team": ["red"]}},
            }""",
        ),
        good(
            "one value for `ForAllValues:`",
            """
            {
              Effect: "Allow", Action: "ec2:CreateTags", Resource: "*",
              Condition: {"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}},
            }""",
            access_analyzer=_ALL,
        ),
        good(
            "one value for `ForAnyValue:`",
            """
            {
              Effect: "Allow", Action: "ec2:CreateTags", Resource: "*",
              Condition: {"ForAnyValue:StringEquals": {"aws:TagKeys": "team"}},
            }""",
            access_analyzer=_ANY,
        ),
        good(
            "an empty string is a value",
            """
            {
              Effect: "Allow", Action: "s3:GetObject", Resource: "*",
              Condition: {StringEqualsIfExists: {"aws:PrincipalTag/team": ""}},
            }""",
            access_analyzer=_IF_EXISTS,
        ),
    ),
)
