"""Flags trust in a vendor's account without the external id it issues.

A vendor uses the same account for all its customers. Without an external id another customer can
enter your role's ARN in the vendor's console and see your data: the confused deputy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.arn import account_of
from iamlint.policy.grammar import Kind
from iamlint.rule import (
    Confidence,
    Family,
    Hit,
    OwnAccounts,
    Rule,
    RuleContext,
    Severity,
    bad,
    good,
)
from iamlint.rules.trust._federation import ASSUME_ROLE, allows_action
from iamlint.rules.trust._vendors import VENDORS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not allows_action(statement, ASSUME_ROLE) or "Condition" in statement.opaque:
        return
    if any(condition.name == "sts:externalid" for condition in statement.conditions):
        return  # A weak one is found by `weak-external-id`.
    for principal in statement.principals:
        account = account_of(principal.entry.known or "") or ""
        if account in VENDORS and not context.home.trusts(account):
            yield Hit(
                principal.at,
                f"any customer of {VENDORS[account]} can make it use this role:"
                " no condition demands an external id",
            )


RULE = Rule(
    name="vendor-without-external-id",
    family=Family.TRUST,
    module=__name__,
    summary="any customer of a vendor can make it use the role",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=7.4,
    cwe=441,
    kinds=frozenset({Kind.TRUST}),
    advice='add `"StringEquals": {"sts:ExternalId": "…"}` with the id that the vendor issued for you',
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
    ),
    when=("Allow", "Principal", "action sts:AssumeRole"),
    check=check,
    bad=(
        bad(
            "a vendor's account",
            """
            {
              Effect: "Allow",
              Principal: {
                AWS: "arn:aws:iam::464622532012:root", //!
              },
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "HTTPS does not separate customers",
            """
            {
              Effect: "Allow",
              Principal: {
                AWS: "414351767826", //!
              },
              Action: "sts:AssumeRole",
              Condition: {Bool: {"aws:SecureTransport": "true"}},
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "the external id",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "464622532012"},
              Action: "sts:AssumeRole",
              Condition: {StringEquals: {"sts:ExternalId": "7f1c0b4e-55a2"}},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "an account that is not a known vendor's",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "999988887777"},
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "the vendor itself checks its policies",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "464622532012"},
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
            home=OwnAccounts(account="464622532012"),
        ),
    ),
)
