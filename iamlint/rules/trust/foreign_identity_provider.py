"""Flags identity providers of another account.

A role trusts only the SAML and OIDC providers of its own account. Tokens of a provider in another
account never get the role.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.arn import account_of
from iamlint.policy.grammar import Kind
from iamlint.rule import (
    Confidence,
    Family,
    Hit,
    OwnAccounts,
    Rule,
    RuleContext,
    Severity,
    bad,
    good,
)
from iamlint.rules.trust._federation import ProviderKind, provider

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if context.home.account is None or not statement.allows:
        return
    for principal in statement.principals:
        account = account_of(principal.entry.known or "")
        known = provider(principal) in (ProviderKind.OIDC, ProviderKind.SAML)
        # A trusted account may be the role's own.
        if known and account is not None and not context.home.trusts(account):
            yield Hit(
                principal.at,
                f"this provider is in the account `{account}`, so only roles of that account can trust it",
            )


RULE = Rule(
    name="foreign-identity-provider",
    family=Family.TRUST,
    module=__name__,
    summary="a role cannot trust the identity provider of another account",
    severity=Severity.ERROR,
    confidence=Confidence.MEDIUM,
    kinds=frozenset({Kind.TRUST}),
    advice="create the provider in the account of the role, and name that one",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_saml.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
    ),
    when=("Allow", "principal Federated", "own account"),
    check=check,
    bad=(
        bad(
            "a SAML provider elsewhere",
            """
            {
              Effect: "Allow",
              Principal: {
                Federated: "arn:aws:iam::999988887777:saml-provider/adfs", //!
              },
              Action: "sts:AssumeRoleWithSAML",
              Condition: {StringEquals: {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
            }""",
            kind=Kind.TRUST,
            home=OwnAccounts(account="111122223333"),
        ),
        bad(
            "an OIDC provider elsewhere",
            """
            {
              Effect: "Allow",
              Principal: {
                Federated: "arn:aws:iam::999988887777:oidc-provider/example.com", //!
              },
              Action: "sts:AssumeRoleWithWebIdentity",
            }""",
            kind=Kind.TRUST,
            home=OwnAccounts(account="111122223333"),
        ),
    ),
    good=(
        good(
            "the own account",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:saml-provider/adfs"},
              Action: ["sts:AssumeRoleWithSAML", "sts:TagSession"],
              Condition: {StringEquals: {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
            }""",
            kind=Kind.TRUST,
            home=OwnAccounts(account="111122223333"),
        ),
        good(
            "which account is the own is not known",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::999988887777:saml-provider/adfs"},
              Action: "sts:AssumeRoleWithSAML",
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "a provider without account",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "cognito-identity.amazonaws.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {"cognito-identity.amazonaws.com:aud": "eu-west-1:a1b2"}},
            }""",
            kind=Kind.TRUST,
            home=OwnAccounts(account="111122223333"),
        ),
    ),
)
