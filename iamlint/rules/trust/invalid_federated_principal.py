"""Flags `Federated` principals that are not an identity provider.

A trust policy names an OIDC or SAML provider of the account by its ARN, or one of the few providers
that AWS knows by their domain name. AWS rejects any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.trust._federation import ProviderKind, provider

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for principal in statement.principals:
        if provider(principal) is ProviderKind.NONE:
            yield Hit(
                principal.at,
                f"`{principal.text}` is not an identity provider, so no token or assertion gets the role",
            )


RULE = Rule(
    name="invalid-federated-principal",
    family=Family.TRUST,
    module=__name__,
    summary="the federated principal is not an identity provider",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    kinds=frozenset({Kind.TRUST}),
    access_analyzer=("INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY",),
    advice="write the ARN of the provider, such as `arn:aws:iam::111122223333:oidc-provider/example.com`",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-federated-web-identity",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-error-invalid-federated-principal-syntax-in-role-trust-policy",
    ),
    check=check,
    bad=(
        bad(
            "a name without a domain",
            """
            {
              Effect: "Allow",
              Principal: {
                Federated: "myidp", //!
              },
              Action: "sts:AssumeRoleWithWebIdentity",
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "every provider",
            """
            {
              Effect: "Allow",
              Principal: {
                Federated: "*", //!
              },
              Action: "sts:AssumeRoleWithSAML",
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "a role is not a provider",
            """
            {
              Effect: "Allow",
              Principal: {Federated: [
                "arn:aws:iam::111122223333:saml-provider/adfs",
                "arn:aws:iam::111122223333:role/adfs", //!
              ]},
              Action: "sts:AssumeRoleWithSAML",
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "the two sorts of ARN",
            """
            {
              Effect: "Allow",
              Principal: {Federated: [
                "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A1B2C3",
                "arn:aws:iam::111122223333:saml-provider/ADFS",
              ]},
              Action: ["sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML"],
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "providers that AWS knows by name",
            """
            {
              Effect: "Allow",
              Principal: {Federated: ["cognito-identity.amazonaws.com", "accounts.google.com"]},
              Action: "sts:AssumeRoleWithWebIdentity",
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "a provider that a template fills in",
            """
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Principal: {Federated: !Ref Provider}
                Action: [sts:AssumeRole, sts:AssumeRoleWithWebIdentity]""",
            kind=Kind.TRUST,
            file="trust.yaml",
        ),
    ),
)
