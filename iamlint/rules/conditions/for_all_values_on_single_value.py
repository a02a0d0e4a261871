"""Flags `ForAllValues:` on a key that holds one value.

`ForAllValues:` also holds if the request does not have the key. On a key of one value it has no
other effect, so the condition is weaker with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import OperatorFamily, Quantifier
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules._fixes import members_of, with_operator
from iamlint.rules.conditions._keys import CHECKS, is_single_valued

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Condition, Statement
    from iamlint.rule.fix import Fix


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not statement.allows:
        return  # Whether AWS reports a Deny is not known; there the condition only denies more.
    for condition in statement.conditions:
        if condition.quantifier is not Quantifier.ALL or condition.family is OperatorFamily.NULL:
            continue
        if is_single_valued(condition.key, context.catalog):
            yield Hit(
                condition.at,
                f"`{condition.key}` holds one value, and a request without it passes "
                f"`{condition.operator_text}`",
                help=f"write `{condition.operator_text.partition(':')[2]}`",
                fix=_fix(condition, context),
            )


def _fix(condition: Condition, context: RuleContext) -> Fix | None:
    """Return the fix that removes the quantifier, unless other keys are under it as well."""
    if len(members_of(context, condition.operator_at.pointer)) > 1:
        return None
    return with_operator(context, condition, condition.operator_text.partition(":")[2])


RULE = Rule(
    name="for-all-values-on-single-value",
    family=Family.CONDITIONS,
    module=__name__,
    summary="a request without the key passes `ForAllValues:`",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=5.0,
    cwe=863,
    access_analyzer=("FORALLVALUES_WITH_SINGLE_VALUED_KEY",),
    advice="remove `ForAllValues:`",
    sources=(
        CHECKS,
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html",
    ),
    when=("Allow", "ForAllValues"),
    check=check,
    bad=(
        bad(
            "a global key",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              "ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}, //!
            }}""",
        ),
        bad(
            "a key of a service",
            """
            {Effect: "Allow", Action: "organizations:EnableAWSServiceAccess", Resource: "*", Condition: {
              "ForAllValues:StringLike": {
                "organizations:ServicePrincipal": "a*", //!
              },
            }}""",
        ),
    ),
    good=(
        good(
            "a key that is a list",
            """
            {Effect: "Allow", Action: "ec2:CreateTags", Resource: "*", Condition: {
              "ForAllValues:StringEquals": {"aws:TagKeys": ["team"]},
            }}""",
        ),
        good(
            "`ForAnyValue:` demands the key",
            """
            {Effect: "Allow", Action: "ec2:StopInstances", Resource: "*", Condition: {
              "ForAnyValue:StringEquals": {"ec2:ResourceTag/team": "a"},
            }}""",
        ),
        good(
            "a key that AWS treats as a list",
            """
            {Effect: "Allow", Action: "codestar-connections:PassConnection", Resource: "*", Condition: {
              "ForAllValues:StringEquals": {"codestar-connections:ProviderAction": "ListRepositories"},
            }}""",
        ),
        good(
            "a Deny",
            """
            {Effect: "Deny", Action: "s3:GetObject", Resource: "*", Condition: {
              "ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"},
            }}""",
        ),
    ),
)
