"""Flags `Allow` with `NotPrincipal`.

It allows everyone except the principals it lists, including anonymous callers. The author nearly
always meant a Deny, or an Allow of the principals that need the access.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if statement.allows and statement.not_principal is not None:
        listed = ", ".join(f"`{p.text}`" for p in statement.not_principal.entries)
        yield Hit(
            statement.not_principal.at.of_key,
            f"this allows everyone{f' except {listed}' if listed else ''}, including anonymous callers",
        )


RULE = Rule(
    name="allow-not-principal",
    family=Family.PRINCIPALS,
    module=__name__,
    summary="`Allow` with `NotPrincipal` allows everyone else, including anonymous callers",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=9.0,
    cwe=284,
    kinds=frozenset({Kind.RESOURCE, Kind.ENDPOINT}),
    access_analyzer=("ALLOW_WITH_NOT_PRINCIPAL",),
    advice="list the principals to allow with `Principal`",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-security-warning-allow-with-not-principal",
    ),
    when=("Allow", "NotPrincipal"),
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
            "a Deny blocks everyone else",
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
