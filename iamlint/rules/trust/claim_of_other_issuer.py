"""Flags OIDC providers whose tokens must have a claim of another issuer.

A condition key of a token begins with exactly the host and path of its issuer. Tokens of one
provider never carry the keys of another, so a statement that demands such a key never allows a
token of the provider. Causes are a mistyped host, a missing path, or two providers in one
statement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Note, Rule, RuleContext, Severity, bad, good
from iamlint.rules.trust._federation import (
    WITH_WEB_IDENTITY,
    allows_action,
    claims,
    claims_of_others,
    host_and_claim,
    issuer_text,
    knows_claims,
    oidc_principals,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Condition, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not allows_action(statement, WITH_WEB_IDENTITY) or not knows_claims(statement):
        return
    for principal, host in oidc_principals(statement):
        others, name = claims_of_others(statement, host), issuer_text(principal, host)
        if others:
            yield Hit(
                principal.at,
                f"no token of `{name}` carries `{others[0].key}`, which this statement demands,"
                " so it never applies",
                help=_help(statement, name, others[0]),
                related=(Note(others[0].at, f"the keys of this provider begin with `{name}:`"),),
                access_analyzer=None if claims(statement, host) else MISSING,
            )


def _help(statement: Statement, name: str, other: Condition) -> str:
    """Return what was likely meant: a statement for each provider, or the right prefix."""
    theirs, claim = host_and_claim(other)
    if any(issuer == theirs for _, issuer in oidc_principals(statement)):
        return f"write a separate statement for `{name}`"
    return f"write `{name}:{claim}`"


MISSING = "MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL"


RULE = Rule(
    name="claim-of-other-issuer",
    family=Family.TRUST,
    module=__name__,
    summary="the statement demands a claim of another issuer, so no token of the provider passes",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    kinds=frozenset({Kind.TRUST}),
    access_analyzer=("MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL",),
    advice="begin the condition key with host and path of the provider, and give each provider its own statement",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif",
    ),
    when=("Allow", "principal Federated", "action sts:AssumeRoleWithWebIdentity", "Condition"),
    check=check,
    bad=(
        bad(
            "the keys of another provider",
            """
            {
              Effect: "Allow",
              Principal: {
                Federated: "cognito-identity.amazonaws.com", //!
              },
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {"accounts.google.com:aud": "shelf"}},
            }""",
            kind=Kind.TRUST,
            access_analyzer=MISSING,
        ),
        bad(
            "the path of another cluster",
            """
            {
              Effect: "Allow",
              Principal: {
                Federated: "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A1B2", //!
              },
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {"oidc.eks.eu-west-1.amazonaws.com/id/B2:aud": "sts.amazonaws.com"}},
            }""",
            kind=Kind.TRUST,
            access_analyzer=MISSING,
        ),
        bad(
            "two providers, each with its own test: neither has both claims",
            """
            {
              Effect: "Allow",
              Principal: {Federated: [
                "arn:aws:iam::111122223333:oidc-provider/gitlab.example.com", //!
                "arn:aws:iam::111122223333:oidc-provider/ci.example.com", //!
              ]},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {"gitlab.example.com:sub": "a", "ci.example.com:sub": "b"}},
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "the provider's own claims",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A1B2"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {"oidc.eks.eu-west-1.amazonaws.com/id/A1B2:sub": "system:serviceaccount:shop:cart"}},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "letter case and a slash at the end do not make another issuer",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/tenant.eu.auth0.com/"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {"Tenant.eu.auth0.com/:aud": "client"}},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "a claim that a token may lack",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/example.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {"example.com:sub": "a"}, StringEqualsIfExists: {"example.org:aud": "b"}},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "a host that a template fills in",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/example.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {"${issuer}:sub": "a"}},
            }""",
            kind=Kind.TRUST,
        ),
    ),
)
