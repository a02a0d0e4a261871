"""Flags principals with a wildcard in a part of them.

A principal is a complete name: AWS rejects `role/*` and `*.amazonaws.com`. Only `*` alone is valid,
for everyone. A condition on `aws:PrincipalArn` restricts it to a group.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind, PrincipalType
from iamlint.policy.wildcard import is_wild
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Principal, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for principals in (statement.principal, statement.not_principal):
        for principal in principals.entries if principals else ():
            if _is_wild(principal, context):
                yield Hit(
                    principal.at,
                    f"`{principal.text}` is not a valid principal, so AWS rejects the policy: only `*` alone can be a wildcard",
                    help=_HELP.get(principal.type),
                )


def _is_wild(principal: Principal, context: RuleContext) -> bool:
    text = principal.entry.known
    if text is None or not is_wild(text) or principal.is_everyone:
        return False
    # In a trust policy such a provider is found by `invalid-federated-principal`, as AWS does it.
    is_provider = principal.type is PrincipalType.FEDERATED and text == "*"
    return not (is_provider and context.policy.kind is Kind.TRUST)


_HELP = {
    PrincipalType.AWS: (
        'name the account as principal and add `"ArnLike": {"aws:PrincipalArn": "…"}`'
    ),
    PrincipalType.SERVICE: "name each service, such as `ec2.amazonaws.com`",
}


RULE = Rule(
    name="wildcard-in-principal",
    family=Family.PRINCIPALS,
    module=__name__,
    summary="AWS rejects a principal with a wildcard in a part of it",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    kinds=frozenset({Kind.RESOURCE, Kind.TRUST, Kind.ENDPOINT}),
    access_analyzer=("UNSUPPORTED_WILDCARD_IN_PRINCIPAL",),
    advice="name each principal, or the account together with a condition",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-error-unsupported-wildcard-in-principal",
    ),
    when=("wild principal",),
    check=check,
    bad=(
        bad(
            "roles by the beginning of their name",
            """
            {
              Effect: "Allow",
              Principal: {AWS: [
                "arn:aws:iam::111122223333:role/app",
                "arn:aws:iam::111122223333:role/ci-*", //!
              ]},
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "every service",
            """
            {
              Effect: "Allow",
              Principal: {
                Service: "*", //!
              },
              Action: "sns:Publish",
              Resource: "arn:aws:sns:eu-west-1:111122223333:shelf",
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "AWS also rejects a Deny with it",
            """
            {
              Effect: "Deny",
              NotPrincipal: {
                AWS: "arn:aws:iam::*:root", //!
              },
              Action: "s3:*",
              Resource: "arn:aws:s3:::shelf/*",
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "identity providers by a pattern",
            """
            {
              Effect: "Allow",
              Principal: {
                Federated: "arn:aws:iam::111122223333:oidc-provider/*", //!
              },
              Action: "sts:AssumeRoleWithWebIdentity",
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "everyone of an organization",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "*"},
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {StringEquals: {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "an account, its roles by a condition",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "111122223333"},
              Action: "sts:AssumeRole",
              Condition: {ArnLike: {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/ci-*"}},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "everyone, written bare",
            """
            {Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::shelf/*"}""",
            kind=Kind.RESOURCE,
        ),
    ),
)
