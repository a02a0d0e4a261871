"""Flags subjects that no token of the issuer carries.

A Google subject is a number, not a mail address; the subject of a pod is
`system:serviceaccount:NAMESPACE:NAME`. With a value of another form, no token passes.
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
    oidc_principals,
)
from iamlint.rules.trust._subjects import form_of, lacks_form

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Condition, Entry, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not allows_action(statement, WITH_WEB_IDENTITY):
        return
    for _, host in oidc_principals(statement):
        for condition in claims(statement, host):
            if host_and_claim(condition)[1] != "sub" or not condition.needs_key:
                continue
            for entry in condition.values:
                reason = _reason(entry, condition, host)
                if reason:
                    yield Hit(entry.at, f"no token carries the subject `{entry.text}`: {reason}")


def _reason(entry: Entry, condition: Condition, host: str) -> str | None:
    if host == "accounts.google.com" and "@" in (entry.known or ""):
        return "subjects of Google are numbers"
    form = form_of(host)
    if form is not None and lacks_form(entry, condition, form):
        return "the issuer's subjects have the form " + "…".join(
            [*(p.before for p in form.parts), ""]
        )
    return None


RULE = Rule(
    name="impossible-token-subject",
    family=Family.TRUST,
    module=__name__,
    summary="no token of the issuer carries this subject, so it matches no caller",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    kinds=frozenset({Kind.TRUST}),
    advice="copy the subject from a token of the workload",
    sources=(
        "https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html",
        "https://developers.google.com/identity/openid-connect/openid-connect#an-id-tokens-payload",
    ),
    when=("Allow", "principal Federated", "action sts:AssumeRoleWithWebIdentity", "Condition"),
    check=check,
    bad=(
        bad(
            "a mail address at Google",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/accounts.google.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {
                "accounts.google.com:sub": "ci@shelf.iam.gserviceaccount.com", //!
              }},
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "a pod without its prefix",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A1B2"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {
                "oidc.eks.eu-west-1.amazonaws.com/id/A1B2:sub": "shop:cart", //!
              }},
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "a namespace alone",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A1B2"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {
                "oidc.eks.eu-west-1.amazonaws.com/id/A1B2:sub": "system:serviceaccount:shop", //!
              }},
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "the number of a Google account",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/accounts.google.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {"accounts.google.com:sub": "112233445566778899001"}},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "a pod",
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
            "a pattern is not checked here",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A1B2"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringLike: {"oidc.eks.eu-west-1.amazonaws.com/id/A1B2:sub": "*:cart"}},
            }""",
            kind=Kind.TRUST,
        ),
    ),
)
