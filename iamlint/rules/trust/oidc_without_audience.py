"""Notes trust in an OIDC provider without a condition on the audience.

AWS accepts a token only if its audience is among the client ids of the provider. A condition on
`aud` in the role is a second check, in case the provider gets more than one client id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Profile, Rule, RuleContext, Severity, bad, good
from iamlint.rules.trust._federation import (
    WITH_WEB_IDENTITY,
    allows_action,
    claims,
    issuer_text,
    knows_claims,
    oidc_principals,
)
from iamlint.rules.trust._tenants import is_open

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not allows_action(statement, WITH_WEB_IDENTITY) or not knows_claims(statement):
        return
    for principal, host in oidc_principals(statement):
        said = claims(statement, host)
        names = {condition.name.rpartition(":")[2] for condition in said}
        if said and not names & {"aud", "oaud", "app_id"} and not is_open(statement, host):
            yield Hit(
                principal.at,
                f"tokens of `{issuer_text(principal, host)}` for any of its audiences can assume this role",
            )


RULE = Rule(
    name="oidc-without-audience",
    family=Family.TRUST,
    module=__name__,
    summary="tokens for any audience of the provider can assume the role",
    severity=Severity.NOTE,
    profile=Profile.STRICT,
    confidence=Confidence.MEDIUM,
    security_severity=2.0,
    cwe=1390,
    kinds=frozenset({Kind.TRUST}),
    advice="add a condition on `aud` with `StringEquals`",
    sources=("https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",),
    when=("Allow", "principal Federated", "action sts:AssumeRoleWithWebIdentity", "Condition"),
    check=check,
    bad=(
        bad(
            "the subject alone",
            """
            {
              Effect: "Allow",
              Principal: {
                Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com", //!
              },
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {
                "token.actions.githubusercontent.com:sub": "repo:o/r:ref:refs/heads/main",
              }},
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "a pod",
            """
            {
              Effect: "Allow",
              Principal: {
                Federated: "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A1B2", //!
              },
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {"oidc.eks.eu-west-1.amazonaws.com/id/A1B2:sub": "system:serviceaccount:shop:cart"}},
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "both",
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
            "another rule reports an open role",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/app.terraform.io"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringLike: {"app.terraform.io:sub": "*"}},
            }""",
            kind=Kind.TRUST,
        ),
    ),
)
