"""Flags roles that do not keep out guests of a Cognito identity pool.

A pool with guest access gives a token to anyone who asks, and its pool id is in every app that uses
it. The claim `amr` separates guests from signed-in users; a role without a condition on it trusts
both. The policy does not show whether the pool has guest access. If a parameter, an import or
another reference names the pool, the finding is a note.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.grants import restricts
from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.trust._federation import (
    WITH_WEB_IDENTITY,
    allows_action,
    claims,
    oidc_principals,
)
from iamlint.rules.trust._tenants import is_open

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iamlint.policy.model import Condition, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not allows_action(statement, WITH_WEB_IDENTITY):
        return
    for principal, host in oidc_principals(statement):
        said = claims(statement, host)
        # Without a pool it is `shared-oidc-without-tenant`.
        if host != COGNITO or is_open(statement, host):
            continue
        methods = [c for c in said if c.name == AMR]
        tests = [c for c in methods if restricts(c)]
        if not tests and not any(map(_excludes_guests, methods)):
            yield Hit(
                principal.at,
                "guests can assume this role if the identity pool allows guests: no condition keeps them out",
                severity=None if _names_pool(said) else Severity.NOTE,
            )
        for entry in (entry for condition in tests for entry in condition.values):
            if entry.known == GUEST:
                yield Hit(
                    entry.at,
                    "anyone on the internet can assume this role as a guest of the pool",
                    help="give this role only permissions that everyone may have",
                    severity=Severity.NOTE,
                )


def _excludes_guests(condition: Condition) -> bool:
    """Return whether the condition fails for guests, whose `amr` is one value."""
    return condition.negated and any(entry.known == GUEST for entry in condition.values)


def _names_pool(said: Iterable[Condition]) -> bool:
    """Return whether the pool is written out."""
    audiences = (c for c in said if c.name == AUDIENCE)
    return any(entry.known is not None for c in audiences for entry in c.values)


COGNITO = "cognito-identity.amazonaws.com"
AMR = f"{COGNITO}:amr"
AUDIENCE = f"{COGNITO}:aud"
GUEST = "unauthenticated"


RULE = Rule(
    name="cognito-guests",
    family=Family.TRUST,
    module=__name__,
    summary="guests of an identity pool can assume the role",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    security_severity=5.8,
    cwe=1390,
    kinds=frozenset({Kind.TRUST}),
    advice='add `"ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"}`',
    sources=(
        "https://docs.aws.amazon.com/cognito/latest/developerguide/role-trust-and-permissions.html",
    ),
    when=("Allow", "principal Federated", "action sts:AssumeRoleWithWebIdentity"),
    check=check,
    bad=(
        bad(
            "guests and users are not separated",
            """
            {
              Effect: "Allow",
              Principal: {
                Federated: "cognito-identity.amazonaws.com", //!
              },
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {"cognito-identity.amazonaws.com:aud": "eu-west-1:a1b2"}},
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "everyone has some way of signing in",
            """
            {
              Effect: "Allow",
              Principal: {
                Federated: "cognito-identity.amazonaws.com", //!
              },
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {
                StringEquals: {"cognito-identity.amazonaws.com:aud": "eu-west-1:a1b2"},
                "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "*"},
              },
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "the role of guests is a note",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "cognito-identity.amazonaws.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {
                StringEquals: {"cognito-identity.amazonaws.com:aud": "eu-west-1:a1b2"},
                "ForAnyValue:StringLike": {
                  "cognito-identity.amazonaws.com:amr": "unauthenticated", //!
                },
              },
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "who has signed in",
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
            "who is not a guest",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "cognito-identity.amazonaws.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {
                StringEquals: {"cognito-identity.amazonaws.com:aud": "eu-west-1:a1b2"},
                "ForAllValues:StringNotEquals": {"cognito-identity.amazonaws.com:amr": "unauthenticated"},
              },
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "one identity",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "cognito-identity.amazonaws.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {
                StringEquals: {"cognito-identity.amazonaws.com:aud": "eu-west-1:a1b2"},
                "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "*accounts.google.com*"},
              },
            }""",
            kind=Kind.TRUST,
        ),
    ),
)
