"""Flags trust policies that allow every action of STS.

A trust policy allows the ways to assume a role: one action for each type of principal, and tags or
a source identity for the session. `sts:*` also lets callers tag their sessions, which may give
access that depends on tags, and it includes ways that AWS adds later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for entry in statement.actions if statement.allows else ():
        if (entry.known or "").lower() in ("*", "sts:*"):
            yield Hit(
                entry.at,
                f"`{entry.text}` also lets callers set any session tags, and includes future ways to assume the role",
            )


RULE = Rule(
    name="broad-trust-action",
    family=Family.TRUST,
    module=__name__,
    summary="the trust policy allows every action of STS, also to set session tags",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    security_severity=4.4,
    cwe=250,
    kinds=frozenset({Kind.TRUST}),
    advice="list the actions: `sts:AssumeRole`, and `sts:TagSession` only if it is needed",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html",
    ),
    when=("Allow", "every action"),
    check=check,
    bad=(
        bad(
            "all of STS",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "111122223333"},
              Action: "sts:*", //!
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "everything",
            """
            {
              Effect: "Allow",
              Principal: {Service: "ec2.amazonaws.com"},
              Action: [
                "sts:AssumeRole",
                "*", //!
              ],
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "what a role needs",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "111122223333"},
              Action: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "a Deny",
            """
            {Effect: "Deny", Principal: {AWS: "111122223333"}, Action: "sts:*"}""",
            kind=Kind.TRUST,
        ),
    ),
)
