"""Flags Denies that exempt everything.

A Deny with `NotAction`, `NotResource` or `NotPrincipal` of `*`, or with a negated condition on a
pattern that everything matches, denies nothing, or only requests without the key. The exception
covers everything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import replace
from iamlint.grants.audience import spared_by_star
from iamlint.grants.grants import restricts
from iamlint.policy.grammar import Kind, Quantifier
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import is_wild_string
from iamlint.rules.conditions._openness import too_open

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Condition, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not statement.denies:
        return
    for element in (statement.not_action, statement.not_resource):
        for entry in element.entries if element else ():
            if entry.known is not None and set(entry.known) == {"*"}:
                yield Hit(
                    entry.at,
                    f"`{element.name if element else ''}` exempts everything, so this Deny denies nothing",
                )
    for principal in spared_by_star(statement):
        yield Hit(principal.at, "`NotPrincipal` exempts everyone, so this Deny denies nothing")
    for condition in statement.conditions:
        if _spares_all(condition) and not _is_said_elsewhere(condition):
            yield Hit(
                condition.at,
                f"this exempts every value of `{condition.key}`, so it denies only requests without the key",
            )


def _spares_all(condition: Condition) -> bool:
    if condition.operator is None or not condition.negated or not condition.values:
        return False
    positive = condition.operator.opposite
    return not restricts(
        replace(condition, operator=positive, if_exists=False, quantifier=Quantifier.NONE)
    )


def _is_said_elsewhere(condition: Condition) -> bool:
    """Return whether `equivalent-to-null` or `too-broad-wildcard` reports the condition."""
    if not is_wild_string(condition):
        return False
    lone = [entry.known for entry in condition.values] == ["*"]
    plain = not condition.if_exists and not condition.quantifier
    return (lone and plain) or too_open(condition.key, "*", "*") is not None


RULE = Rule(
    name="deny-of-nothing",
    family=Family.CONDITIONS,
    module=__name__,
    summary="a Deny exempts everything, so it denies nothing",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=5.0,
    cwe=863,
    advice="list only what the Deny must exempt",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html",
    ),
    when=("Deny", "NotAction | NotResource | NotPrincipal | negated"),
    check=check,
    bad=(
        bad(
            "no action is left",
            """
            {
              Effect: "Deny",
              NotAction: "*", //!
              Resource: "arn:aws:s3:::shelf/*",
            }""",
        ),
        bad(
            "no resource is left",
            """
            {
              Effect: "Deny",
              Action: "s3:DeleteObject",
              NotResource: [
                "arn:aws:s3:::shelf/*",
                "*", //!
              ],
            }""",
        ),
        bad(
            "no principal is left",
            """
            {
              Effect: "Deny",
              NotPrincipal: {AWS: "*"}, //!
              Action: "s3:DeleteBucket",
              Resource: "arn:aws:s3:::shelf",
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "every principal is exempt",
            """
            {
              Effect: "Deny",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {ArnNotLike: {
                "aws:PrincipalArn": "*", //!
              }},
            }""",
        ),
        bad(
            "every address is exempt",
            """
            {
              Effect: "Deny",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {NotIpAddress: {
                "aws:SourceIp": ["192.0.2.0/24", "0.0.0.0/0"], //!
              }},
            }""",
        ),
    ),
    good=(
        good(
            "one role is exempt",
            """
            {
              Effect: "Deny",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {ArnNotLike: {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}},
            }""",
        ),
        good(
            "a company's addresses",
            """
            {
              Effect: "Deny",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {NotIpAddress: {"aws:SourceIp": "192.0.2.0/24"}},
            }""",
        ),
        good(
            "the resource must be the caller's own",
            """
            {
              Effect: "Deny",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {StringNotEquals: {"aws:ResourceOrgID": "${aws:PrincipalOrgID}"}},
            }""",
        ),
        good(
            "an Allow",
            """
            {
              Effect: "Allow",
              NotAction: "iam:*",
              Resource: "*",
            }""",
        ),
    ),
)
