"""Flags trust in IAM Roles Anywhere that lacks one of its three actions.

Roles Anywhere tags each session and sets its source identity from the certificate, so it needs
`sts:TagSession` and `sts:SetSourceIdentity` beside `sts:AssumeRole`; without them every session
fails.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.grants import Truth, statement_grants
from iamlint.policy.grammar import Kind, PrincipalType
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Policy, Statement


def check(policy: Policy, context: RuleContext) -> Iterator[Hit]:
    # Whether AWS looks at each statement alone is not documented; actions spread over several
    # work, so they count together.
    trusting = [s for s in policy.statements if s.allows and _trusts_roles_anywhere(s)]
    missing = [a for a in NEEDED if all(statement_grants(s, a) is Truth.NO for s in trusting)]
    element = trusting[0].action_element if trusting else None
    if missing and element is not None:
        names = " or ".join(f"`{action}`" for action in missing)
        yield Hit(
            element.at,
            f"IAM Roles Anywhere cannot start a session, because this policy does not allow {names}",
        )


def _trusts_roles_anywhere(statement: Statement) -> bool:
    return any(
        p.type is PrincipalType.SERVICE and p.entry.known == "rolesanywhere.amazonaws.com"
        for p in statement.principals
    )


NEEDED = ("sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession")


RULE = Rule(
    name="incomplete-roles-anywhere-trust",
    family=Family.TRUST,
    module=__name__,
    summary="IAM Roles Anywhere cannot start a session, because the trust policy lacks an action",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    kinds=frozenset({Kind.TRUST}),
    access_analyzer=("MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY",),
    advice="allow `sts:AssumeRole`, `sts:TagSession` and `sts:SetSourceIdentity`",
    sources=(
        "https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-error-missing-action-for-roles-anywhere-trust-policy",
    ),
    when=("Allow", "principal rolesanywhere.amazonaws.com"),
    check_policy=check,
    bad=(
        bad(
            "only the first action",
            """
            {
              Effect: "Allow",
              Principal: {Service: "rolesanywhere.amazonaws.com"},
              Action: "sts:AssumeRole", //!
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "the source identity is missing",
            """
            {
              Effect: "Allow",
              Principal: {Service: "rolesanywhere.amazonaws.com"},
              Action: ["sts:AssumeRole", "sts:TagSession"], //!
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "as AWS documents it",
            """
            {
              Effect: "Allow",
              Principal: {Service: "rolesanywhere.amazonaws.com"},
              Action: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
              Condition: {
                StringEquals: {"aws:PrincipalTag/x509Subject/CN": "build"},
                ArnEquals: {"aws:SourceArn": "arn:aws:rolesanywhere:eu-west-1:111122223333:trust-anchor/a1"},
              },
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "spread over two statements",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Principal: {Service: "rolesanywhere.amazonaws.com"}, Action: "sts:AssumeRole"},
              {
                Effect: "Allow",
                Principal: {Service: "rolesanywhere.amazonaws.com"},
                Action: ["sts:TagSession", "sts:SetSourceIdentity"],
              },
            ]}""",
            kind=Kind.TRUST,
        ),
        good(
            "a wildcard names them all",
            """
            {Effect: "Allow", Principal: {Service: "rolesanywhere.amazonaws.com"}, Action: "sts:*"}""",
            kind=Kind.TRUST,
        ),
        good(
            "another service needs one action",
            """
            {Effect: "Allow", Principal: {Service: "ec2.amazonaws.com"}, Action: "sts:AssumeRole"}""",
            kind=Kind.TRUST,
        ),
    ),
)
