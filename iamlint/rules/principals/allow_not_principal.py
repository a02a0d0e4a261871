"""Flags `Allow` with `NotPrincipal`.

It lets in everyone but the principals it lists, anonymous callers included. What is meant is
nearly always a Deny, or an Allow of those who need the access.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import Ask, Confidence, Family, Hit, Rule, Severity, bad, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, ask: Ask) -> Iterator[Hit]:
    if statement.allows and statement.not_principal is not None:
        listed = ", ".join(f"`{p.text}`" for p in statement.not_principal.entries)
        yield Hit(
            statement.not_principal.at.of_key,
            f"this lets in everyone but {listed or 'none'}, strangers included",
        )


RULE = Rule(
    name="allow-not-principal",
    family=Family.PRINCIPALS,
    module=__name__,
    summary="`Allow` with `NotPrincipal` lets in everyone else",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=9.0,
    cwe=284,
    kinds=frozenset({Kind.RESOURCE, Kind.ENDPOINT}),
    access_analyzer=("ALLOW_WITH_NOT_PRINCIPAL",),
    advice="name whom to let in with `Principal`",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-security-warning-allow-with-not-principal",
    ),
    check=check,
    bad=(
        bad(
            "everyone but one account reads the bucket",
            """
            {
              Effect: "Allow",
              NotPrincipal: {AWS: "111122223333"}, //!
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "everyone but two users sends messages",
            """
            {
              Effect: "Allow",
              NotPrincipal: { //!
                AWS: ["arn:aws:iam::111122223333:user/ann", "arn:aws:iam::111122223333:user/bob"],
              },
              Action: "sqs:SendMessage",
              Resource: "*",
            }""",
            kind=Kind.RESOURCE,
        ),
    ),
    good=(
        good(
            "a Deny keeps out everyone else",
            """
            {
              Effect: "Deny",
              NotPrincipal: {AWS: "arn:aws:iam::111122223333:root"},
              Action: "s3:*",
              Resource: "arn:aws:s3:::shelf/*",
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "those who need it",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "111122223333"},
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
            }""",
            kind=Kind.RESOURCE,
        ),
    ),
)
