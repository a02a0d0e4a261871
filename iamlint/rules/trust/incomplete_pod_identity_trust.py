"""Flags trust in EKS Pod Identity that lacks one of its two actions.

Pod Identity tags each session with cluster, namespace and service account, so it needs
`sts:TagSession` beside `sts:AssumeRole`. Without it no pod gets credentials.
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
    trusting = [s for s in policy.statements if s.allows and _trusts_pods(s)]
    missing = [a for a in NEEDED if all(statement_grants(s, a) is Truth.NO for s in trusting)]
    element = trusting[0].action_element if trusting else None
    if missing and element is not None:
        names = " or ".join(f"`{action}`" for action in missing)
        yield Hit(
            element.at,
            f"EKS Pod Identity cannot start a session, because this policy does not allow {names}",
        )


def _trusts_pods(statement: Statement) -> bool:
    return any(
        p.type is PrincipalType.SERVICE and p.entry.known == "pods.eks.amazonaws.com"
        for p in statement.principals
    )


NEEDED = ("sts:AssumeRole", "sts:TagSession")


RULE = Rule(
    name="incomplete-pod-identity-trust",
    family=Family.TRUST,
    module=__name__,
    summary="EKS Pod Identity cannot start a session, because the trust policy lacks an action",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    kinds=frozenset({Kind.TRUST}),
    advice="allow `sts:AssumeRole` and `sts:TagSession`",
    sources=("https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html",),
    when=("Allow", "principal pods.eks.amazonaws.com"),
    check_policy=check,
    bad=(
        bad(
            "the session cannot be tagged",
            """
            {
              Effect: "Allow",
              Principal: {Service: "pods.eks.amazonaws.com"},
              Action: "sts:AssumeRole", //!
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "there is no session to tag",
            """
            {
              Effect: "Allow",
              Principal: {Service: "pods.eks.amazonaws.com"},
              Action: ["sts:TagSession"], //!
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
              Principal: {Service: "pods.eks.amazonaws.com"},
              Action: ["sts:AssumeRole", "sts:TagSession"],
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "a service role",
            """
            {Effect: "Allow", Principal: {Service: "eks.amazonaws.com"}, Action: "sts:AssumeRole"}""",
            kind=Kind.TRUST,
        ),
    ),
)
