"""Flags roles that a foreign account can assume without any further condition.

A third party with many customers can be tricked into using another customer's role (the confused
deputy); an external id that the third party generates prevents this. Also, the administrators of
the foreign account alone decide who may use the role.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.grants import restricts
from iamlint.policy.arn import account_of, is_account_id, parse_arn
from iamlint.policy.grammar import Kind, PrincipalType
from iamlint.rule import (
    Confidence,
    Family,
    Hit,
    Note,
    OwnAccounts,
    Rule,
    RuleContext,
    Severity,
    bad,
    good,
)
from iamlint.rules._home import is_idle
from iamlint.rules.trust._federation import ASSUME_ROLE, allows_action
from iamlint.rules.trust._vendors import VENDORS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Condition, Principal, Statement

# Keys by which the foreign account is not held to anything it does not choose itself.
_IDLE = frozenset(
    {
        "aws:securetransport",
        "aws:useragent",
        "aws:referer",
        "aws:currenttime",
        "aws:epochtime",
        "aws:requestedregion",
        "sts:rolesessionname",
        "sts:sourceidentity",
    }
)


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not allows_action(statement, ASSUME_ROLE) or "Condition" in statement.opaque:
        return
    if any(_holds_back(condition) for condition in statement.conditions):
        return
    # Known vendors are `vendor-without-external-id`.
    found = [
        p
        for p in statement.principals
        if _is_foreign(p, context.home) and account_of(p.text) not in VENDORS
    ]
    if not found or is_idle(statement, context):
        return
    whole = [p for p in found if _is_whole_account(p)]
    if whole:
        first, *others = whole
        yield _whole_account(first, others, context.home)
    elif found and context.home.is_known:
        first, *others = found
        yield Hit(
            first.at,
            f"`{first.text}` of a foreign account can assume this role without a condition",
            related=_notes(others),
            severity=Severity.NOTE,
        )


def _whole_account(first: Principal, others: list[Principal], home: OwnAccounts) -> Hit:
    account = account_of(first.text)
    if home.is_known:
        message = f"the foreign account `{account}` alone decides who can assume this role"
        return Hit(first.at, message, related=_notes(others))
    return Hit(
        first.at,
        f"if the account `{account}` is foreign, it alone decides who can assume this role",
        help=(
            "list your accounts in the configuration, as `account` and `trusted-accounts`,"
            " so that iamlint can decide this"
        ),
        related=_notes(others),
        security_severity=4.0,
    )


def _notes(principals: list[Principal]) -> tuple[Note, ...]:
    return tuple(Note(p.at, f"the same applies to `{p.text}`") for p in principals)


def _is_foreign(principal: Principal, home: OwnAccounts) -> bool:
    account = account_of(principal.entry.known or "")
    return principal.type is PrincipalType.AWS and account is not None and not home.trusts(account)


def _is_whole_account(principal: Principal) -> bool:
    arn = parse_arn(principal.text)
    return is_account_id(principal.text) or (arn is not None and arn.resource == "root")


def _holds_back(condition: Condition) -> bool:
    if condition.name == "sts:externalid":
        return True  # A weak one is found by `weak-external-id`.
    return restricts(condition) and condition.name not in _IDLE


RULE = Rule(
    name="foreign-account-without-condition",
    family=Family.TRUST,
    module=__name__,
    summary="a foreign account can assume the role without a condition",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    security_severity=5.5,
    cwe=441,
    kinds=frozenset({Kind.TRUST}),
    advice=(
        "demand the third party's `sts:ExternalId` with `StringEquals`,"
        " or `aws:PrincipalOrgID` for an account of your own organization"
    ),
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html",
    ),
    when=("Allow", "principal AWS", "action sts:AssumeRole"),
    check=check,
    bad=(
        bad(
            "a whole foreign account",
            """
            {
              Effect: "Allow",
              Principal: {
                AWS: "arn:aws:iam::999988887777:root", //!
              },
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
            home=OwnAccounts(account="111122223333"),
        ),
        bad(
            "HTTPS does not restrict the caller",
            """
            {
              Effect: "Allow",
              Principal: {AWS: [
                "111122223333",
                "999988887777", //!
              ]},
              Action: ["sts:AssumeRole", "sts:TagSession"],
              Condition: {Bool: {"aws:SecureTransport": "true"}},
            }""",
            kind=Kind.TRUST,
            home=OwnAccounts(account="111122223333"),
        ),
        bad(
            "a single foreign role is a note",
            """
            {
              Effect: "Allow",
              Principal: {
                AWS: "arn:aws:iam::999988887777:role/reader", //!
              },
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
            home=OwnAccounts(account="111122223333"),
        ),
        bad(
            "without configuration nothing says whose account it is",
            """
            {
              Effect: "Allow",
              Principal: {
                AWS: "arn:aws:iam::999988887777:root", //!
              },
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "the third party's external id",
            """
            {Effect: "Allow", Principal: {AWS: "999988887777"}, Action: "sts:AssumeRole", Condition: {
              StringEquals: {"sts:ExternalId": "7f1c0b4e-55a2-4c8e-9d3f-1a2b3c4d5e6f"},
            }}""",
            kind=Kind.TRUST,
            home=OwnAccounts(account="111122223333"),
        ),
        good(
            "the own account",
            """
            {Effect: "Allow", Principal: {AWS: "arn:aws:iam::111122223333:root"}, Action: "sts:AssumeRole"}
            """,
            kind=Kind.TRUST,
            home=OwnAccounts(account="111122223333"),
        ),
        good(
            "a trusted account",
            """
            {Effect: "Allow", Principal: {AWS: "arn:aws:iam::444455556666:root"}, Action: "sts:AssumeRole"}
            """,
            kind=Kind.TRUST,
            home=OwnAccounts(account="111122223333", trusted_accounts=frozenset({"444455556666"})),
        ),
        good(
            "the own organization",
            """
            {Effect: "Allow", Principal: {AWS: "999988887777"}, Action: "sts:AssumeRole", Condition: {
              StringEquals: {"aws:PrincipalOrgID": "o-a1b2c3d4e5"},
            }}""",
            kind=Kind.TRUST,
            home=OwnAccounts(account="111122223333"),
        ),
        good(
            "some role, where no account is configured",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "arn:aws:iam::999988887777:role/reader"},
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "a service is not an account",
            """
            {Effect: "Allow", Principal: {Service: "ec2.amazonaws.com"}, Action: "sts:AssumeRole"}
            """,
            kind=Kind.TRUST,
            home=OwnAccounts(account="111122223333"),
        ),
    ),
)
