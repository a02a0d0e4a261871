"""Flags roles that any workload of a private issuer can assume.

The issuer of an EKS cluster, a CI organization or a tenant signs the tokens of all workloads there.
All of them have the same audience; only the subject separates them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.grants import restricts
from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.trust._federation import (
    GITHUB,
    WITH_WEB_IDENTITY,
    allows_action,
    claims,
    host_and_claim,
    issuer_text,
    knows_claims,
    oidc_principals,
)
from iamlint.rules.trust._private_issuers import private_issuer
from iamlint.rules.trust._shared_issuers import ISSUERS
from iamlint.rules.trust._subjects import is_wild_subject
from iamlint.rules.trust._tenants import is_optional

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not allows_action(statement, WITH_WEB_IDENTITY) or not knows_claims(statement):
        return
    for principal, host in oidc_principals(statement):
        issuer = None if host == GITHUB or host in ISSUERS else private_issuer(host)
        said = [c for c in claims(statement, host) if host_and_claim(c)[1] != "aud"]
        if issuer is None or not claims(statement, host):
            continue  # Without any claim it is `oidc-without-condition`.
        if any(restricts(condition) or is_optional(condition) for condition in said):
            continue  # Optional ones are `optional-token-claim`.
        if any(is_wild_subject(c) for c in said):
            continue  # `broad-oidc-subject`
        yield Hit(
            said[0].at if said else principal.at,
            f"any {issuer.holder} can assume this role: no condition tests the subject",
            help=f"test `{issuer_text(principal, host)}:sub` with `StringEquals`",
            severity=None if issuer.runs_code else Severity.NOTE,
            security_severity=issuer.gravity,
        )


RULE = Rule(
    name="private-oidc-without-subject",
    family=Family.TRUST,
    module=__name__,
    summary="any workload of a private issuer can assume the role",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=6.0,
    cwe=1390,
    kinds=frozenset({Kind.TRUST}),
    advice="test the subject of the token with `StringEquals`",
    sources=(
        "https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
    ),
    when=("Allow", "principal Federated", "action sts:AssumeRoleWithWebIdentity", "Condition"),
    check=check,
    bad=(
        bad(
            "any pod of the cluster",
            """
            {
              Effect: "Allow",
              Principal: {
                Federated: "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A1B2", //!
              },
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {"oidc.eks.eu-west-1.amazonaws.com/id/A1B2:aud": "sts.amazonaws.com"}},
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "every pod but one",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A1B2"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {
                StringEquals: {"oidc.eks.eu-west-1.amazonaws.com/id/A1B2:aud": "sts.amazonaws.com"},
                StringNotEquals: {
                  "oidc.eks.eu-west-1.amazonaws.com/id/A1B2:sub": "system:serviceaccount:shop:cart", //!
                },
              },
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "any job of the organization",
            """
            {
              Effect: "Allow",
              Principal: {
                Federated: "arn:aws:iam::111122223333:oidc-provider/oidc.circleci.com/org/a1b2", //!
              },
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {"oidc.circleci.com/org/a1b2:aud": "a1b2"}},
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "users of a tenant are a note: the audience names the application",
            """
            {
              Effect: "Allow",
              Principal: {
                Federated: "arn:aws:iam::111122223333:oidc-provider/sts.windows.net/a1b2/", //!
              },
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {"sts.windows.net/a1b2/:aud": "api://shelf"}},
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "one service account",
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
            "another claim that separates jobs",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/oidc.circleci.com/org/a1b2"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {"oidc.circleci.com/org/a1b2:oidc.circleci.com/project-id": "c3d4"}},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "an unknown issuer",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/id.example.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {"id.example.com:aud": "shelf"}},
            }""",
            kind=Kind.TRUST,
        ),
    ),
)
