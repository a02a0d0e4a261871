"""Notes principals that are one session of a role.

Such a principal matches only while a caller uses exactly this session name, and callers choose the
name. Name the role itself instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.arn import parse_arn
from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Profile, Rule, RuleContext, Severity, bad, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for principal in statement.principals if statement.allows else ():
        arn = parse_arn(principal.entry.known or "")
        if arn and arn.service == "sts" and arn.resource_type in SESSIONS:
            yield Hit(
                principal.at,
                f"`{principal.text}` matches only one session, and callers choose its name",
            )


SESSIONS = frozenset({"assumed-role", "federated-user"})


RULE = Rule(
    name="session-principal",
    family=Family.PRINCIPALS,
    module=__name__,
    summary="a principal matches only one session, so other sessions of the role do not get the access",
    severity=Severity.NOTE,
    profile=Profile.STRICT,
    confidence=Confidence.MEDIUM,
    kinds=frozenset({Kind.TRUST, Kind.RESOURCE}),
    advice="name the role",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-role-session",
    ),
    when=("Allow", "Principal"),
    check=check,
    bad=(
        bad(
            "a session of a role",
            """
            {
              Effect: "Allow",
              Principal: {
                AWS: "arn:aws:sts::111122223333:assumed-role/ci/build", //!
              },
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "a federated user",
            """
            {
              Effect: "Allow",
              Principal: {
                AWS: "arn:aws:sts::111122223333:federated-user/ann", //!
              },
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "the role",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "arn:aws:iam::111122223333:role/ci"},
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "a Deny of a session",
            """
            {
              Effect: "Deny",
              Principal: {AWS: "arn:aws:sts::111122223333:assumed-role/ci/build"},
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
    ),
)
