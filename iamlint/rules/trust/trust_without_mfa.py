"""Notes roles that people of an account can assume without multi-factor authentication.

If the principal is a user or a whole account, anyone with an access key can assume the role.
Services, roles and vendors have no device, and an assumed session does not carry
`aws:MultiFactorAuthPresent`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.arn import account_of, parse_arn
from iamlint.policy.grammar import Kind, PrincipalType
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
from iamlint.rules.trust._federation import ASSUME_ROLE, allows_action

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Principal, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not allows_action(statement, ASSUME_ROLE) or "Condition" in statement.opaque:
        return
    if any(c.name in MFA_KEYS or c.name == "sts:externalid" for c in statement.conditions):
        return
    person = next((p for p in statement.principals if _is_people(p, context.home)), None)
    if person is not None:
        yield Hit(
            person.at,
            f"anyone with an access key of `{person.text}` can assume this role, without an MFA device",
        )


def _is_people(principal: Principal, home: OwnAccounts) -> bool:
    text = principal.entry.known or ""
    account = account_of(text)
    if principal.type is not PrincipalType.AWS or account is None:
        return False
    if home.is_known and not home.trusts(account):
        return False
    arn = parse_arn(text)
    return arn is None or arn.resource == "root" or arn.resource_type == "user"


MFA_KEYS = frozenset({"aws:multifactorauthpresent", "aws:multifactorauthage"})


RULE = Rule(
    name="trust-without-mfa",
    family=Family.TRUST,
    module=__name__,
    summary="people can assume the role without multi-factor authentication",
    severity=Severity.NOTE,
    profile=Profile.STRICT,
    confidence=Confidence.LOW,
    security_severity=3.2,
    cwe=308,
    kinds=frozenset({Kind.TRUST}),
    advice='add `"Bool": {"aws:MultiFactorAuthPresent": "true"}` if only people use the role',
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html",
    ),
    when=("Allow", "principal AWS", "action sts:AssumeRole"),
    check=check,
    bad=(
        bad(
            "a user",
            """
            {
              Effect: "Allow",
              Principal: {
                AWS: "arn:aws:iam::111122223333:user/ann", //!
              },
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "a whole account",
            """
            {
              Effect: "Allow",
              Principal: {
                AWS: "111122223333", //!
              },
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "with a device",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "111122223333"},
              Action: "sts:AssumeRole",
              Condition: {Bool: {"aws:MultiFactorAuthPresent": "true"}},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "a role is not a person",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "arn:aws:iam::111122223333:role/ci"},
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "another rule reports a foreign account",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "999988887777"},
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
            home=OwnAccounts(account="111122223333"),
        ),
    ),
)
