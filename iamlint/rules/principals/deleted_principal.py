"""Flags principals that are unique ids of users or roles.

AWS stores the id behind an ARN. It shows it as `AROA…` or `AIDA…` once the role or user is deleted:
the statement no longer applies to anyone, and a new role with the same name does not get the access
back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.late_pattern import late_pattern
from iamlint.policy.grammar import Kind, PrincipalType
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for principals in (statement.principal, statement.not_principal):
        for principal in principals.of(PrincipalType.AWS) if principals else ():
            found = _ID.fullmatch(principal.entry.known or "")
            if found:
                what, code = _CODES[found[1]]
                yield Hit(
                    principal.at,
                    f"`{principal.text}` is the id of a deleted {what}, so it matches no caller",
                    help=f"remove it, or write the ARN of the {what} that is meant now",
                    access_analyzer=code,
                )


_ID = late_pattern("(AROA|AIDA)[A-Z0-9]{12,28}")
_CODES = {"AROA": ("role", "INVALID_ROLE_REFERENCE"), "AIDA": ("user", "INVALID_USER_REFERENCE")}


RULE = Rule(
    name="deleted-principal",
    family=Family.PRINCIPALS,
    module=__name__,
    summary="a principal is the id of a deleted role or user, so it matches no caller",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    kinds=frozenset({Kind.RESOURCE, Kind.TRUST}),
    access_analyzer=(
        "INVALID_ROLE_REFERENCE",
        "INVALID_USER_REFERENCE",
    ),
    advice="remove it, or write the ARN of the role or user that is meant now",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-general-warning-invalid-role-reference",
    ),
    when=("principal AWS",),
    check=check,
    bad=(
        bad(
            "a role that is gone",
            """
            {
              Effect: "Allow",
              Principal: {
                AWS: "AROAEXAMPLEID1234567", //!
              },
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "a user that is gone, beside an account",
            """
            {
              Effect: "Allow",
              Principal: {AWS: [
                "111122223333",
                "AIDAEXAMPLEID1234567", //!
              ]},
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
            }""",
            kind=Kind.RESOURCE,
            access_analyzer="INVALID_USER_REFERENCE",
        ),
    ),
    good=(
        good(
            "`aws:userid` contains ids",
            """
            {
              Effect: "Deny",
              Principal: "*",
              Action: "s3:*",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {StringNotLike: {"aws:userid": ["AROAEXAMPLEID1234567:*", "111122223333"]}},
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "a role by its ARN",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "arn:aws:iam::111122223333:role/AROAEXAMPLEID1234567"},
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
    ),
)
