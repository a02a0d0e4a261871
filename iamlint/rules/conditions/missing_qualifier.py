"""Flags keys that hold several values under an operator that compares one.

`aws:TagKeys` is a list in the request. `ForAllValues:` or `ForAnyValue:` define how it is compared.
Without one of them the result is undefined, and AWS rejects the policy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import OperatorFamily, Quantifier
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import CHECKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for condition in statement.conditions:
        if condition.quantifier is not Quantifier.NONE or condition.operator is None:
            continue
        if condition.family is OperatorFamily.NULL:
            continue
        key = context.catalog.condition_key(condition.key)
        if key and key.multivalued:
            yield Hit(
                condition.at,
                f"`{condition.key}` holds several values, but `{condition.operator_text}` "
                "compares one, so AWS rejects the policy",
                help=f"use `ForAnyValue:{condition.operator_text}` when one match is enough, "
                f"`ForAllValues:{condition.operator_text}` when all must match",
            )


RULE = Rule(
    name="missing-qualifier",
    family=Family.CONDITIONS,
    module=__name__,
    summary="AWS rejects a key of several values without `ForAllValues:` or `ForAnyValue:`",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("MISSING_QUALIFIER",),
    advice="put `ForAnyValue:` or `ForAllValues:` before the operator",
    sources=(
        CHECKS,
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html",
    ),
    when=("multivalued key",),
    check=check,
    bad=(
        bad(
            "a global key",
            """
            {Effect: "Allow", Action: "ec2:CreateTags", Resource: "*", Condition: {
              StringEquals: {"aws:TagKeys": "Owner"}, //!
            }}""",
        ),
        bad(
            "a key of a service; another condition's quantifier does not help",
            """
            {Effect: "Allow", Action: "events:PutRule", Resource: "*", Condition: {
              "ForAllValues:StringEquals": {"events:source": "aws.ec2"},
              StringEqualsIfExists: {"events:detail-type": "EC2 Instance"}, //!
            }}""",
        ),
    ),
    good=(
        good(
            "the quantifier is there",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              "ForAnyValue:StringEquals": {"aws:CalledVia": "athena.amazonaws.com"},
            }}""",
        ),
        good(
            "`Null` tests the key, not its values",
            """
            {Effect: "Deny", Action: "ec2:CreateTags", Resource: "*", Condition: {
              Null: {"aws:TagKeys": "true"},
            }}""",
        ),
        good(
            "the first of the calling services is one value",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {"aws:CalledViaFirst": "athena.amazonaws.com"},
            }}""",
        ),
    ),
)
