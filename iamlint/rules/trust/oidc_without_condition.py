"""Flags trust in an OIDC provider without a condition on the claims of its token.

Anyone who can get a token from the provider, for any purpose, can then assume the role.
`github-oidc-without-subject` checks GitHub's shared issuer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.trust._federation import (
    GITHUB,
    WITH_WEB_IDENTITY,
    allows_action,
    claims,
    claims_of_others,
    issuer_text,
    knows_claims,
    oidc_principals,
)
from iamlint.rules.trust._shared_issuers import ISSUERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not allows_action(statement, WITH_WEB_IDENTITY) or not knows_claims(statement):
        return
    for principal, host in oidc_principals(statement):
        if host == GITHUB or claims(statement, host) or claims_of_others(statement, host):
            continue  # Then no token passes: `claim-of-other-issuer`.
        name = issuer_text(principal, host)
        if host in ISSUERS:
            yield Hit(
                principal.at,
                f"any customer of `{host}` can assume this role: no condition tests a claim",
                help=f"test {ISSUERS[host].example}",
                security_severity=9.2,
            )
        else:
            yield Hit(
                principal.at,
                f"anyone who gets a token from `{name}` can assume this role: no condition tests a claim",
                help=f'add `"StringEquals": {{"{name}:sub": "…", "{name}:aud": "…"}}`',
            )


RULE = Rule(
    name="oidc-without-condition",
    family=Family.TRUST,
    module=__name__,
    summary="anyone with a token of the OIDC provider can assume the role",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=7.4,
    cwe=1390,
    kinds=frozenset({Kind.TRUST}),
    access_analyzer=("MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL",),
    advice="test `sub` and `aud` of the provider with `StringEquals`",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-security-warning-missing-condition-key-for-oidc-principal",
    ),
    when=("Allow", "principal Federated", "action sts:AssumeRoleWithWebIdentity"),
    check=check,
    bad=(
        bad(
            "no condition at all",
            """
            {
              Effect: "Allow",
              Principal: {
                Federated: "arn:aws:iam::111122223333:oidc-provider/example.com", //!
              },
              Action: "sts:AssumeRoleWithWebIdentity",
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "a shared issuer, whose customers are strangers",
            """
            {
              Effect: "Allow",
              Principal: {
                Federated: "cognito-identity.amazonaws.com", //!
              },
              Action: "sts:AssumeRoleWithWebIdentity",
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "the claim of another provider, which a token may lack",
            """
            {
              Effect: "Allow",
              Principal: {
                Federated: "arn:aws:iam::111122223333:oidc-provider/example.com", //!
              },
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEqualsIfExists: {"example.org:aud": "shelf"}},
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "a service account of an EKS cluster",
            """
            {
              Effect: "Allow",
              Principal: {
                Federated: "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A1B2",
              },
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {
                "oidc.eks.eu-west-1.amazonaws.com/id/A1B2:sub": "system:serviceaccount:shop:cart",
                "oidc.eks.eu-west-1.amazonaws.com/id/A1B2:aud": "sts.amazonaws.com",
              }},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "guests of an identity pool, as Cognito writes it",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "cognito-identity.amazonaws.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {
                StringEquals: {"cognito-identity.amazonaws.com:aud": "eu-west-1:a1b2"},
                "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"},
              },
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "the slash at the end of the issuer",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/tenant.eu.auth0.com/"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {"tenant.eu.auth0.com/:aud": "client"}},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "keys that a template fills in",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/example.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {"${issuer}:sub": "shelf"}},
            }""",
            kind=Kind.TRUST,
        ),
    ),
)
