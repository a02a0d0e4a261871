"""Flags claims of a token that AWS does not pass on as condition keys.

AWS STS turns `sub`, `aud` and a few other claims into condition keys, and more only for some
issuers. A key for any other claim is never in a request: a condition that demands it never holds,
and any other condition on it always holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.trust._federation import (
    WITH_WEB_IDENTITY,
    allows_action,
    claims,
    host_and_claim,
    knows_claims,
    oidc_principals,
    published_claims,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not allows_action(statement, WITH_WEB_IDENTITY) or not knows_claims(statement):
        return
    for _, host in oidc_principals(statement):
        known = COMMON | published_claims(host, context.catalog)
        for condition in claims(statement, host):
            claim = host_and_claim(condition)[1]
            if claim in known or "$" in claim:
                continue
            effect = "never passes" if condition.needs_key else "always passes"
            names = ", ".join(f"`{name}`" for name in sorted(known - RARE))
            yield Hit(
                condition.at,
                f"AWS does not pass on the claim `{claim}` of `{host}` (as of {context.catalog.date}), so this condition {effect}",
                help=f"test one of {names}",
            )


COMMON = frozenset({"sub", "aud", "oaud", "azp", "amr", "email"})
RARE = frozenset({"oaud", "azp", "amr", "email"})


RULE = Rule(
    name="unknown-token-claim",
    family=Family.TRUST,
    module=__name__,
    summary="AWS does not pass on this claim, so the condition always or never holds",
    severity=Severity.ERROR,
    confidence=Confidence.MEDIUM,
    kinds=frozenset({Kind.TRUST}),
    advice="test `sub`, which the provider may let you build from other claims",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif",
        "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html",
    ),
    when=("Allow", "principal Federated", "action sts:AssumeRoleWithWebIdentity", "Condition"),
    check=check,
    bad=(
        bad(
            "a claim that GitHub sends and AWS does not pass on",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {
                StringEquals: {
                  "token.actions.githubusercontent.com:sub": "repo:o/r:ref:refs/heads/main",
                  "token.actions.githubusercontent.com:runner_environment": "github-hosted", //!
                },
              },
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "groups of a user",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/tenant.eu.auth0.com/"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {
                StringEquals: {"tenant.eu.auth0.com/:aud": "shelf"},
                "ForAnyValue:StringEquals": {
                  "tenant.eu.auth0.com/:groups": "ops", //!
                },
              },
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "claims that AWS lists for the issuer",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/gitlab.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {
                "gitlab.com:project_id": "42",
                "gitlab.com:ref_protected": "true",
              }},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "an issuer without claims in AWS's list",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A1B2"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {
                "oidc.eks.eu-west-1.amazonaws.com/id/A1B2:sub": "system:serviceaccount:shop:cart",
                "oidc.eks.eu-west-1.amazonaws.com/id/A1B2:aud": "sts.amazonaws.com",
              }},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "the claim of a customer's own path",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com/octo"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {"token.actions.githubusercontent.com/octo:repository": "o/r"}},
            }""",
            kind=Kind.TRUST,
        ),
    ),
)
