"""Notes IAM users of foreign accounts as principals.

A user signs requests with access keys that do not expire. Anyone who steals a key gets the access
granted here. A role of the other account gives sessions that expire.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.arn import is_account_id, parse_arn
from iamlint.policy.grammar import Kind
from iamlint.rule import (
    Confidence,
    Family,
    Hit,
    OwnAccounts,
    Profile,
    Rule,
    RuleContext,
    Severity,
    bad,
    good,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not context.home.is_known or not statement.allows:
        return
    for principal in statement.principals:
        arn = parse_arn(principal.entry.known or "")
        if arn is None or arn.service != "iam" or arn.resource_type != "user":
            continue
        if is_account_id(arn.account) and not context.home.trusts(arn.account):
            yield Hit(
                principal.at,
                f"`{principal.text}` is a user of another account, whose keys never expire: anyone who steals one gets this access",
            )


RULE = Rule(
    name="foreign-user-principal",
    family=Family.PRINCIPALS,
    module=__name__,
    summary="a user of a foreign account gets access, with keys that never expire",
    severity=Severity.NOTE,
    profile=Profile.STRICT,
    confidence=Confidence.MEDIUM,
    security_severity=3.6,
    cwe=262,
    kinds=frozenset({Kind.TRUST, Kind.RESOURCE}),
    advice="ask the owner of the other account for a role, and name it here",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-users",
    ),
    when=("Allow", "Principal", "own accounts"),
    check=check,
    bad=(
        bad(
            "in a trust policy",
            """
            {
              Effect: "Allow",
              Principal: {
                AWS: "arn:aws:iam::999988887777:user/ann", //!
              },
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
            home=OwnAccounts(account="111122223333"),
        ),
        bad(
            "in a resource policy",
            """
            {
              Effect: "Allow",
              Principal: {AWS: [
                "arn:aws:iam::999988887777:user/ann", //!
              ]},
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
            }""",
            home=OwnAccounts(account="111122223333"),
            kind=Kind.RESOURCE,
        ),
    ),
    good=(
        good(
            "a user of the own account",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "arn:aws:iam::111122223333:user/ann"},
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
            home=OwnAccounts(account="111122223333"),
        ),
        good(
            "a foreign role",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "arn:aws:iam::999988887777:role/ci"},
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
            home=OwnAccounts(account="111122223333"),
        ),
    ),
)
