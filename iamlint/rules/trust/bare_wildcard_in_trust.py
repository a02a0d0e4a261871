"""Flags `"Principal": "*"` in trust policies.

AWS rejects the bare `*` there. It accepts `{"AWS": "*"}`, which `public-trust` checks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    # With a Deny too: the grammar of the element does not look at the effect.
    if statement.principal is not None and statement.principal.bare:
        yield Hit(
            statement.principal.at, "AWS rejects the bare `*` as the principal of a trust policy"
        )


RULE = Rule(
    name="bare-wildcard-in-trust",
    family=Family.TRUST,
    module=__name__,
    summary="AWS rejects the bare `*` as the principal of a trust policy",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    kinds=frozenset({Kind.TRUST}),
    access_analyzer=("ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL",),
    advice="list the accounts, roles or services that may assume the role",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-error-role-trust-policy-unsupported-wildcard-in-principal",
    ),
    when=("bare principal",),
    check=check,
    bad=(
        bad(
            "everyone",
            """
            {
              Effect: "Allow",
              Principal: "*", //!
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "a condition does not make it valid",
            """
            {
              Effect: "Allow",
              Principal: "*", //!
              Action: "sts:AssumeRole",
              Condition: {StringEquals: {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "the form that AWS accepts",
            """
            {Effect: "Allow", Principal: {AWS: "*"}, Action: "sts:AssumeRole", Condition: {
              StringEquals: {"aws:PrincipalOrgID": "o-a1b2c3d4e5"},
            }}""",
            kind=Kind.TRUST,
        ),
        good(
            "a bucket policy accepts the bare form",
            """
            {
              Effect: "Deny",
              Principal: "*",
              Action: "s3:*",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {Bool: {"aws:SecureTransport": "false"}},
            }""",
            kind=Kind.RESOURCE,
        ),
    ),
)
