"""Flags conditions of a statement that can never be true together.

All conditions of a statement must hold. Two that demand different values of one key, or a value and
the absence of the key, make a statement that never applies: an `Allow` grants nothing, and a `Deny`
blocks nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.contradiction import contradicts
from iamlint.rule import Confidence, Family, Hit, Note, Rule, RuleContext, Severity, bad, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Condition, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    by_key: dict[str, list[Condition]] = {}
    for condition in statement.conditions:
        if condition.operator is None:
            continue  # It never holds, whatever the others are.
        earlier = by_key.setdefault(condition.name, [])
        other = next((c for c in earlier if contradicts(c, condition)), None)
        earlier.append(condition)
        if other is not None and not _is_list(condition, context):
            effect = "denies nothing" if statement.denies else "allows nothing"
            yield Hit(
                condition.at,
                f"this and `{other.operator_text}` on the same key never hold together,"
                f" so the statement {effect}",
                related=(Note(other.at, "the other condition"),),
            )


def _is_list(condition: Condition, context: RuleContext) -> bool:
    known = context.catalog.condition_key(condition.key)
    return known is not None and known.multivalued


RULE = Rule(
    name="contradicting-conditions",
    family=Family.CONDITIONS,
    module=__name__,
    summary="two conditions on one key cannot hold together, so the statement never applies",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    advice="for *or*, list the values under one operator, or write two statements",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html",
    ),
    check=check,
    bad=(
        bad(
            "no device, and the key absent",
            """
            {
              Effect: "Deny",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {
                Bool: {"aws:MultiFactorAuthPresent": "false"},
                Null: {
                  "aws:MultiFactorAuthPresent": "true", //!
                },
              },
            }""",
        ),
        bad(
            "a value and the opposite",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {
                StringEquals: {"aws:RequestedRegion": "eu-west-1"},
                StringNotEquals: {
                  "aws:RequestedRegion": ["eu-west-1", "eu-west-2"], //!
                },
              },
            }""",
        ),
        bad(
            "two patterns without a value in common",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {
                StringLike: {"aws:PrincipalTag/team": "shop-*"},
                StringEquals: {
                  "aws:principaltag/team": "cart", //!
                },
              },
            }""",
        ),
        bad(
            "two networks",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {
                IpAddress: {"aws:SourceIp": "192.0.2.0/24"},
                IpAddressIfExists: {
                  "aws:SourceIp": "203.0.113.0/24", //!
                },
              },
            }""",
        ),
    ),
    good=(
        good(
            "a range with a hole",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {
                IpAddress: {"aws:SourceIp": "192.0.2.0/24"},
                NotIpAddress: {"aws:SourceIp": "192.0.2.7/32"},
              },
            }""",
        ),
        good(
            "a lower and an upper bound",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {
                NumericGreaterThan: {"s3:max-keys": "1"},
                NumericLessThan: {"s3:max-keys": "10"},
              },
            }""",
        ),
        good(
            "presence and a value",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {
                Null: {"aws:TagKeys": "false"},
                "ForAllValues:StringEquals": {"aws:TagKeys": ["a"]},
              },
            }""",
        ),
        good(
            "a key of several values",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {
                "ForAnyValue:StringEquals": {"aws:TagKeys": "a"},
                "ForAnyValue:StringLike": {"aws:TagKeys": "b*"},
              },
            }""",
        ),
        good(
            "a variable may be anything",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {
                StringEquals: {"aws:PrincipalTag/team": "cart"},
                StringLike: {"aws:principaltag/team": "${aws:ResourceTag/team}"},
              },
            }""",
        ),
    ),
)
