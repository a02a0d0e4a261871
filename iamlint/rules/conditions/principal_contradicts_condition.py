"""Flags conditions that no request of the named principals meets.

Every request of a role carries the ARN of that role, and every request of an account the id of that
account. A condition on another role, account, organization or kind of principal never holds for
them: an `Allow` grants nothing, and a `Deny` blocks nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.audience import is_closed_to_services
from iamlint.grants.never import has_more, unmet_principals
from iamlint.grants.requests import KEYS_OF_PRINCIPALS
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
from iamlint.rules._home import memberships
from iamlint.rules.conditions._never import consequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Condition, Principal, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    unmet = unmet_principals(statement, memberships(context.home))
    if unmet and len(unmet) == len(statement.principals) and not has_more(statement):
        yield from _of_all(unmet, statement)
        return
    for principal, condition in unmet:
        yield Hit(
            principal.at,
            f"no request of `{principal.text}` meets the condition on `{condition.key}`,"
            " so this statement never applies to it",
            severity=Severity.NOTE,
            related=(Note(condition.at, "the condition"),),
        )


def _of_all(unmet: list[tuple[Principal, Condition]], statement: Statement) -> Iterator[Hit]:
    """Yield that a statement never applies, unless another rule reports it of services."""
    (first, condition), *others = unmet
    of_services = all(p.type is PrincipalType.SERVICE for p, _ in unmet)
    if of_services and is_closed_to_services(condition):
        return
    yield Hit(
        condition.at,
        f"no request of `{first.text}` meets this condition, so the statement"
        f" {consequence(statement)}",
        related=(
            Note(first.at, "the principal"),
            *(Note(p.at, f"no request of `{p.text}` meets `{c.key}` either") for p, c in others),
        ),
    )


RULE = Rule(
    name="principal-contradicts-condition",
    family=Family.CONDITIONS,
    module=__name__,
    summary="no request of the named principals meets the condition, so the statement never applies",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    kinds=frozenset({Kind.RESOURCE, Kind.TRUST, Kind.ENDPOINT}),
    advice="name the same principal in both, or remove the condition",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principal-properties",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable",
    ),
    when=("Principal", " | ".join(f"key {one}" for one in sorted(KEYS_OF_PRINCIPALS))),
    check=check,
    bad=(
        bad(
            "another role",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "arn:aws:iam::111122223333:role/reader"},
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {ArnEquals: {
                "aws:PrincipalArn": "arn:aws:iam::111122223333:role/writer", //!
              }},
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "another account, for both of two principals",
            """
            {
              Effect: "Allow",
              Principal: {AWS: ["444455556666", "arn:aws:iam::777788889999:user/ann"]},
              Action: "sts:AssumeRole",
              Condition: {StringEquals: {
                "aws:PrincipalAccount": "111122223333", //!
              }},
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "roles of another account",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "arn:aws:iam::444455556666:root"},
              Action: "sqs:SendMessage",
              Resource: "*",
              Condition: {ArnLike: {
                "aws:PrincipalArn": ["arn:aws:iam::111122223333:role/*", "arn:aws:iam::1111*:user/*"], //!
              }},
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "a Deny that excludes the only principal that it names",
            """
            {
              Effect: "Deny",
              Principal: {AWS: "arn:aws:sts::111122223333:assumed-role/reader/ann"},
              Action: "s3:DeleteObject",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {StringNotEqualsIfExists: {
                "aws:PrincipalType": "AssumedRole", //!
              }},
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "a name of a user, which roles do not have",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "arn:aws:iam::111122223333:role/reader"},
              Action: "sts:AssumeRole",
              Condition: {StringLike: {
                "aws:username": "ann*", //!
              }},
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "a foreign organization, for an account of the own one",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "111122223333"},
              Action: "kms:Decrypt",
              Resource: "*",
              Condition: {"ForAnyValue:StringLike": {
                "aws:PrincipalOrgPaths": "o-zzzzzzzzzz/r-ab12/*", //!
              }},
            }""",
            kind=Kind.RESOURCE,
            home=OwnAccounts(account="111122223333", organization="o-a1b2c3d4e5"),
        ),
        bad(
            "one of two principals: a note",
            """
            {
              Effect: "Allow",
              Principal: {
                AWS: "111122223333",
                Service: "cloudfront.amazonaws.com", //!
              },
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {StringEquals: {"aws:PrincipalAccount": "111122223333"}},
            }""",
            kind=Kind.RESOURCE,
        ),
    ),
    good=(
        good(
            "roles of the account that is named",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "arn:aws:iam::111122223333:root"},
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {
                ArnLike: {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/team/*"},
                StringEquals: {"aws:PrincipalType": ["AssumedRole", "User"]},
              },
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "the role of a session, whose path the session does not show",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "arn:aws:sts::111122223333:assumed-role/reader/ann"},
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {ArnEquals: {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/team/reader"}},
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "everyone, limited to one role",
            """
            {
              Effect: "Allow",
              Principal: "*",
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {ArnEquals: {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/writer"}},
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "a session of a user who federated",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "arn:aws:iam::111122223333:user/ann"},
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {
                StringEquals: {"aws:PrincipalType": "FederatedUser"},
                StringNotEquals: {"aws:username": "ann"},
              },
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "an account of another organization, and whether it has joined is not known",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "444455556666"},
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {StringEquals: {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
            }""",
            kind=Kind.RESOURCE,
            home=OwnAccounts(account="111122223333", organization="o-a1b2c3d4e5"),
        ),
        good(
            "events of one rule of another account, as AWS documents it",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "arn:aws:iam::111122223333:root"},
              Action: "events:PutEvents",
              Resource: "arn:aws:events:us-east-1:444455556666:event-bus/shelf",
              Condition: {ArnEquals: {
                "aws:SourceArn": "arn:aws:events:us-west-2:111122223333:rule/shelf/send",
              }},
            }""",
            kind=Kind.RESOURCE,
        ),
    ),
)
