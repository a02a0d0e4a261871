"""Flags actions of a trust policy that none of its principals can use.

Each type of principal has its own action: `sts:AssumeRole` for accounts, roles and services,
`sts:AssumeRoleWithSAML` for SAML providers, `sts:AssumeRoleWithWebIdentity` for OIDC providers. An
action for another type of principal never matches a request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind, PrincipalType
from iamlint.rule import Confidence, Family, Hit, Note, Rule, RuleContext, Severity, bad, good
from iamlint.rules.trust._federation import (
    ASSUME_ROLE,
    WITH_SAML,
    WITH_WEB_IDENTITY,
    ProviderKind,
    provider,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Principal, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not statement.allows or not _is_clear(statement):
        return
    usable = {_action_of(principal) for principal in statement.principals}
    found = [e for e in statement.actions if _NAMES.get(e.text.lower(), ASSUME_ROLE) not in usable]
    found = [entry for entry in found if entry.text.lower() in _NAMES]
    if found:
        first, *others = found
        wanted = " or ".join(f"`{action}`" for action in sorted(usable))
        yield Hit(
            first.at,
            f"no principal of this statement can assume the role with `{first.text}`",
            help=f"for these principals write {wanted}",
            related=tuple(Note(entry.at, f"nor with `{entry.text}`") for entry in others),
        )


def _is_clear(statement: Statement) -> bool:
    """Return whether every principal is known and legal; the rest is found by other rules."""
    principal = statement.principal
    if principal is None or principal.bare or not principal.entries:
        return False
    if "Principal" in statement.opaque and any(_sort(p) is None for p in principal.entries):
        return False
    return all(_sort(p) is not ProviderKind.NONE for p in principal.entries)


def _sort(principal: Principal) -> ProviderKind | PrincipalType | None:
    if principal.type is PrincipalType.FEDERATED:
        return provider(principal)
    return principal.type


def _action_of(principal: Principal) -> str:
    return _WAYS.get(provider(principal), ASSUME_ROLE)


_NAMES = {action.lower(): action for action in (ASSUME_ROLE, WITH_SAML, WITH_WEB_IDENTITY)}
_WAYS: dict[ProviderKind | None, str] = {
    ProviderKind.SAML: WITH_SAML,
    ProviderKind.OIDC: WITH_WEB_IDENTITY,
}


RULE = Rule(
    name="mismatched-trust-action",
    family=Family.TRUST,
    module=__name__,
    summary="the principals of the statement cannot use the action, so it allows nothing",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    kinds=frozenset({Kind.TRUST}),
    access_analyzer=("MISMATCHED_ACTION_FOR_PRINCIPAL",),
    advice="use the action for this type of principal",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-error-mismatched-action-for-principal",
    ),
    when=("Allow", "Principal", "Action"),
    check=check,
    bad=(
        bad(
            "a SAML provider with the action for OIDC",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:saml-provider/adfs"},
              Action: "sts:AssumeRoleWithWebIdentity", //!
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "an account with the action for SAML",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "111122223333"},
              Action: "sts:AssumeRoleWithSAML", //!
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "a provider with the plain action",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "cognito-identity.amazonaws.com"},
              Action: [
                "sts:AssumeRole", //!
                "sts:TagSession",
              ],
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "every way to assume a role can set tags and a source identity",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:saml-provider/adfs"},
              Action: ["sts:AssumeRoleWithSAML", "sts:TagSession", "sts:SetSourceIdentity"],
              Condition: {StringEquals: {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "several principals, each with its action",
            """
            {
              Effect: "Allow",
              Principal: {
                AWS: "111122223333",
                Federated: "arn:aws:iam::111122223333:oidc-provider/example.com",
              },
              Action: ["sts:AssumeRole", "sts:AssumeRoleWithWebIdentity"],
              Condition: {StringEqualsIfExists: {"example.com:aud": "shelf"}},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "a wildcard includes the right action too",
            """
            {Effect: "Allow", Principal: {Service: "ec2.amazonaws.com"}, Action: "sts:*"}""",
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
