"""Flags `Resource` in trust policies.

A trust policy applies to the role it belongs to. AWS rejects one with a resource.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    element = statement.resource_element
    if element is not None:
        yield Hit(
            element.at.of_key,
            f"AWS rejects `{element.name}` in a trust policy: it always applies to its role",
        )


RULE = Rule(
    name="resource-in-trust",
    family=Family.TRUST,
    module=__name__,
    summary="AWS rejects a trust policy with `Resource`",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    kinds=frozenset({Kind.TRUST}),
    access_analyzer=("ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE",),
    advice="remove the element",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-error-role-trust-policy-syntax-error-resource",
    ),
    when=("Resource | NotResource",),
    check=check,
    bad=(
        bad(
            "copied from an identity policy",
            """
            {
              Effect: "Allow",
              Principal: {Service: "ec2.amazonaws.com"},
              Action: "sts:AssumeRole",
              Resource: "*", //!
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "AWS also rejects `NotResource`",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "111122223333"},
              Action: "sts:AssumeRole",
              NotResource: ["arn:aws:iam::111122223333:role/other"], //!
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "without `Resource`",
            """
            {Effect: "Allow", Principal: {Service: "ec2.amazonaws.com"}, Action: "sts:AssumeRole"}""",
            kind=Kind.TRUST,
        ),
        good(
            "an identity policy that allows to assume a role",
            """
            {Effect: "Allow", Action: "sts:AssumeRole", Resource: "arn:aws:iam::111122223333:role/app"}""",
            kind=Kind.IDENTITY,
        ),
    ),
)
