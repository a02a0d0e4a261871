"""Flags resource policies that allow principals of a foreign account.

The administrators of the other account can pass on the access that a resource policy gives to it.
The severity depends on the access: to list, to read, to change, or to give access to others in
turn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.audience import Audience, limits_of
from iamlint.grants.everyone import names_everyone
from iamlint.policy.arn import account_of
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
from iamlint.rules.exposure._owners import is_foreign
from iamlint.rules.exposure._reached import WORDS, ReachedAccess, find_reached, gives_control

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.at import At
    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not statement.allows or "Condition" in statement.opaque:
        return
    limits = limits_of(statement)
    if any(audience is Audience.ORGANIZATION for _, audience in limits):
        return  # Which organization, is asked by `foreign-organization`.
    found = [(at, account) for at, account in _let_in(statement) if is_foreign(account, context)]
    if not found or is_idle(statement, context):
        return
    (at, account), *others = found
    known = context.home.is_known
    grave = find_reached(statement, context.catalog)
    gravity = 7.6 if gives_control(statement, context.catalog) else _GRAVITY[grave]
    words = (
        WORDS[grave]
        if gravity <= _GRAVITY[ReachedAccess.CHANGE]
        else "give others access to this resource"
    )
    yield Hit(
        at,
        f"the foreign account `{account}` can {words}"
        if known
        else f"if the account `{account}` is foreign, it can {words}",
        help=None if known else _TELL,
        related=tuple(Note(other, f"the same applies to `{name}`") for other, name in others),
        properties={"reached": grave.name.lower()},
        severity=Severity.NOTE if grave is ReachedAccess.METADATA else None,
        security_severity=gravity if known else gravity / 2,
    )


def _let_in(statement: Statement) -> Iterator[tuple[At, str]]:
    """Yield the accounts that are let in by name: as principals, or by conditions on everyone."""
    for principal in statement.principals:
        account = account_of(principal.entry.known or "")
        if principal.type is PrincipalType.AWS and account is not None:
            yield principal.at, account
    services = statement.principal is not None and statement.principal.of(PrincipalType.SERVICE)
    keys = _CALLERS if names_everyone(statement) else _SOURCES if services else frozenset()
    for condition, _ in limits_of(statement):
        for entry in condition.values if condition.name in keys else ():
            account = account_of(entry.known or "")
            if account is not None:
                yield entry.at, account


# The source that a service acts for: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
_SOURCES = frozenset({"aws:sourceaccount", "aws:sourcearn", "aws:sourceowner"})
_CALLERS = _SOURCES | {"aws:principalaccount", "aws:principalarn", "kms:calleraccount"}
_GRAVITY = {ReachedAccess.CHANGE: 6.4, ReachedAccess.DATA: 5.4, ReachedAccess.METADATA: 3.2}
_TELL = (
    "list your accounts in the configuration, as `account` and `trusted-accounts`,"
    " so that iamlint can decide this"
)


RULE = Rule(
    name="cross-account-resource-policy",
    family=Family.EXPOSURE,
    module=__name__,
    summary="a foreign account gets access to a resource",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    security_severity=6.0,
    cwe=732,
    kinds=frozenset({Kind.RESOURCE}),
    advice="remove the account, or list it under `trusted-accounts` in the configuration if it is yours",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-resources.html",
    ),
    when=("Allow", "Principal | NotPrincipal"),
    check=check,
    bad=(
        bad(
            "a foreign account can write",
            """
            {
              Effect: "Allow",
              Principal: {
                AWS: "arn:aws:iam::999988887777:root", //!
              },
              Action: "s3:PutObject",
              Resource: "arn:aws:s3:::shelf/*",
            }""",
            kind=Kind.RESOURCE,
            home=OwnAccounts(account="111122223333"),
        ),
        bad(
            "a foreign role may grant the use of a key to others",
            """
            {
              Effect: "Allow",
              Principal: {
                AWS: "arn:aws:iam::999988887777:role/app", //!
              },
              Action: ["kms:Decrypt", "kms:CreateGrant"],
              Resource: "*",
            }""",
            kind=Kind.RESOURCE,
            home=OwnAccounts(account="111122223333"),
        ),
        bad(
            "everyone of a foreign account",
            """
            {
              Effect: "Allow",
              Principal: "*",
              Action: "sqs:SendMessage",
              Resource: "arn:aws:sqs:eu-west-1:111122223333:q",
              Condition: {StringEquals: {"aws:PrincipalAccount": [
                "111122223333",
                "999988887777", //!
              ]}},
            }""",
            kind=Kind.RESOURCE,
            home=OwnAccounts(account="111122223333"),
        ),
        bad(
            "a service that calls for a foreign account",
            """
            {
              Effect: "Allow",
              Principal: {Service: "sns.amazonaws.com"},
              Action: "sqs:SendMessage",
              Resource: "arn:aws:sqs:eu-west-1:111122223333:q",
              Condition: {StringEquals: {
                "aws:SourceAccount": "999988887777", //!
              }},
            }""",
            kind=Kind.RESOURCE,
            home=OwnAccounts(account="111122223333"),
        ),
        bad(
            "to list is a note",
            """
            {
              Effect: "Allow",
              Principal: {
                AWS: "999988887777", //!
              },
              Action: "s3:ListBucket",
              Resource: "arn:aws:s3:::shelf",
            }""",
            kind=Kind.RESOURCE,
            home=OwnAccounts(account="111122223333"),
        ),
        bad(
            "without configuration: another account than the resource's",
            """
            {
              Effect: "Allow",
              Principal: {
                AWS: "999988887777", //!
              },
              Action: "sns:Publish",
              Resource: "arn:aws:sns:eu-west-1:111122223333:t",
            }""",
            kind=Kind.RESOURCE,
        ),
    ),
    good=(
        good(
            "an account that the condition rules out",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "444455556666"},
              Action: "sqs:SendMessage",
              Resource: "arn:aws:sqs:eu-west-1:111122223333:shelf",
              Condition: {StringEquals: {"aws:PrincipalAccount": "111122223333"}},
            }""",
            kind=Kind.RESOURCE,
            home=OwnAccounts(account="111122223333"),
        ),
        good(
            "from addresses that no request has",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "444455556666"},
              Action: "sqs:SendMessage",
              Resource: "arn:aws:sqs:eu-west-1:111122223333:shelf",
              Condition: {IpAddress: {"aws:SourceIp": ["10.0.0.0/8", "fd00::/8"]}},
            }""",
            kind=Kind.RESOURCE,
            home=OwnAccounts(account="111122223333"),
        ),
        good(
            "the own account",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "arn:aws:iam::111122223333:root"},
              Action: "s3:*",
              Resource: "arn:aws:s3:::shelf/*",
            }""",
            kind=Kind.RESOURCE,
            home=OwnAccounts(account="111122223333"),
        ),
        good(
            "a trusted account",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "999988887777"},
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
            }""",
            kind=Kind.RESOURCE,
            home=OwnAccounts(account="111122223333", trusted_accounts=frozenset({"999988887777"})),
        ),
        good(
            "every principal of the organization",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "999988887777"},
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {StringEquals: {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
            }""",
            kind=Kind.RESOURCE,
            home=OwnAccounts(account="111122223333"),
        ),
        good(
            "load balancers write their logs by an account of AWS",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "arn:aws:iam::156460612806:root"},
              Action: "s3:PutObject",
              Resource: "arn:aws:s3:::shelf/*",
            }""",
            kind=Kind.RESOURCE,
            home=OwnAccounts(account="111122223333"),
        ),
        good(
            "the default key policy, where no account is configured",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "arn:aws:iam::999988887777:root"},
              Action: "kms:*",
              Resource: "*",
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "a Deny",
            """
            {Effect: "Deny", Principal: {AWS: "999988887777"}, Action: "s3:*", Resource: "*"}""",
            kind=Kind.RESOURCE,
            home=OwnAccounts(account="111122223333"),
        ),
    ),
)
