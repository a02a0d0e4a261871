"""Flags `NotPrincipal` in trust policies.

AWS rejects it: a trust policy must list the principals that the role trusts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if statement.not_principal is not None:
        yield Hit(statement.not_principal.at.of_key, "AWS rejects `NotPrincipal` in a trust policy")


RULE = Rule(
    name="not-principal-in-trust",
    family=Family.TRUST,
    module=__name__,
    summary="AWS rejects `NotPrincipal` in a trust policy",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    kinds=frozenset({Kind.TRUST}),
    access_analyzer=("ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL",),
    advice="list the trusted principals in `Principal`, and exclude others with a condition on `aws:PrincipalArn`",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-error-role-trust-policy-syntax-error-notprincipal",
    ),
    when=("NotPrincipal",),
    check=check,
    bad=(
        bad(
            "all but one account may assume the role",
            """
            {
              Effect: "Allow",
              NotPrincipal: {AWS: "111122223333"}, //!
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "AWS also rejects a Deny with it",
            """
            {
              Effect: "Deny",
              NotPrincipal: {AWS: "arn:aws:iam::111122223333:role/owner"}, //!
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "a role that is named",
            """
            {Effect: "Allow", Principal: {AWS: "arn:aws:iam::111122223333:role/owner"}, Action: "sts:AssumeRole"}""",
            kind=Kind.TRUST,
        ),
        good(
            "a bucket policy accepts it in a Deny",
            """
            {
              Effect: "Deny",
              NotPrincipal: {AWS: "arn:aws:iam::111122223333:root"},
              Action: "s3:*",
              Resource: "arn:aws:s3:::shelf/*",
            }""",
            kind=Kind.RESOURCE,
        ),
    ),
)
