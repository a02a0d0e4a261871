"""Notes Denies that exempt a list of principals by `NotPrincipal`.

AWS exempts exactly the names in the list: for a role these are its account, the role and each
session of it. If one is missing, the Deny also applies to the role, even that of the owner. A
condition on `aws:PrincipalArn` means the same and matches sessions by their role.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.audience import spared_by_star
from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if any(spared_by_star(statement)):
        return  # `deny-of-nothing` reports it
    if statement.denies and statement.not_principal is not None:
        yield Hit(
            statement.not_principal.at,
            "`NotPrincipal` exempts only the exact names in its list, so this Deny also applies to "
            "other sessions of a listed role",
        )


RULE = Rule(
    name="deny-not-principal",
    family=Family.PRINCIPALS,
    module=__name__,
    summary="a Deny with `NotPrincipal` also applies to sessions that it does not list",
    severity=Severity.NOTE,
    confidence=Confidence.MEDIUM,
    kinds=frozenset({Kind.RESOURCE}),
    advice='deny `"Principal": "*"` with `"ArnNotEquals": {"aws:PrincipalArn": …}`',
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html",
    ),
    when=("Deny", "NotPrincipal"),
    check=check,
    bad=(
        bad(
            "everyone but a role",
            """
            {
              Effect: "Deny",
              NotPrincipal: {AWS: "arn:aws:iam::111122223333:role/admin"}, //!
              Action: "s3:*",
              Resource: "arn:aws:s3:::shelf/*",
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "everyone but a service",
            """
            {
              Effect: "Deny",
              NotPrincipal: {Service: "cloudfront.amazonaws.com"}, //!
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
            }""",
            kind=Kind.RESOURCE,
        ),
    ),
    good=(
        good(
            "a condition on the role",
            """
            {
              Effect: "Deny",
              Principal: "*",
              Action: "s3:*",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {ArnNotEquals: {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/admin"}},
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "another rule reports an Allow",
            """
            {
              Effect: "Allow",
              NotPrincipal: {AWS: "arn:aws:iam::111122223333:role/admin"},
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
            }""",
            kind=Kind.RESOURCE,
        ),
    ),
)
