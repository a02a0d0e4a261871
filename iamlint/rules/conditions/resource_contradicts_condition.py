"""Flags conditions on the owner of a resource that the named resources do not meet.

The ARN of most resources names the account that owns it, and a resource policy of yours is about a
resource of yours. A condition on another account or organization as the owner never holds: an
`Allow` grants nothing, and a `Deny` blocks nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.never import unmet_resources
from iamlint.grants.requests import KEYS_OF_OWNERS
from iamlint.policy.grammar import Kind
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
from iamlint.rules._home import memberships, owners
from iamlint.rules.conditions._never import consequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Condition, Entry, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    unmet = unmet_resources(statement, memberships(context.home), owners(context))
    if not unmet or len(unmet) < len(statement.resources):
        yield from _of_some(unmet)
        return
    (first, condition), *others = unmet
    yield Hit(
        condition.at,
        f"the owner of `{first.text}` does not meet this condition, so the statement"
        f" {consequence(statement)}",
        related=(
            Note(first.at, "the resource"),
            *(Note(e.at, f"neither does the owner of `{e.text}`") for e, _ in others),
        ),
    )


def _of_some(unmet: list[tuple[Entry, Condition]]) -> Iterator[Hit]:
    for entry, condition in unmet:
        yield Hit(
            entry.at,
            f"the owner of `{entry.text}` does not meet the condition on `{condition.key}`,"
            " so this statement never applies to it",
            severity=Severity.NOTE,
            related=(Note(condition.at, "the condition"),),
        )


RULE = Rule(
    name="resource-contradicts-condition",
    family=Family.CONDITIONS,
    module=__name__,
    summary="the owner of the named resources does not meet the condition, so the statement never applies",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    advice="write the account or the organization that owns the resource, or remove the condition",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resource-properties",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html",
    ),
    when=("Resource", " | ".join(f"key {one}" for one in sorted(KEYS_OF_OWNERS))),
    check=check,
    bad=(
        bad(
            "the account of the ARN is another one",
            """
            {
              Effect: "Allow",
              Action: "sqs:SendMessage",
              Resource: "arn:aws:sqs:eu-west-1:111122223333:shelf",
              Condition: {StringEquals: {
                "aws:ResourceAccount": "444455556666", //!
              }},
            }""",
        ),
        bad(
            "a Deny that excludes the account of its only resource",
            """
            {
              Effect: "Deny",
              Action: "kms:Decrypt",
              Resource: "arn:aws:kms:*:111122223333:key/*",
              Condition: {StringNotEquals: {
                "aws:ResourceAccount": ["111122223333", "444455556666"], //!
              }},
            }""",
        ),
        bad(
            "an own bucket, and a foreign organization",
            """
            {
              Effect: "Allow",
              Principal: "*",
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {StringEquals: {
                "aws:ResourceOrgID": "o-zzzzzzzzzz", //!
              }},
            }""",
            kind=Kind.RESOURCE,
            home=OwnAccounts(account="111122223333", organization="o-a1b2c3d4e5"),
        ),
        bad(
            "one of two resources: a note",
            """
            {
              Effect: "Allow",
              Action: "sqs:SendMessage",
              Resource: [
                "arn:aws:sqs:eu-west-1:111122223333:shelf",
                "arn:aws:sqs:eu-west-1:444455556666:shelf", //!
              ],
              Condition: {StringEquals: {"aws:ResourceAccount": "111122223333"}},
            }""",
        ),
    ),
    good=(
        good(
            "the account of the ARN",
            """
            {
              Effect: "Allow",
              Action: "sqs:SendMessage",
              Resource: "arn:aws:sqs:eu-west-1:111122223333:shelf",
              Condition: {StringEquals: {"aws:ResourceAccount": "${aws:PrincipalAccount}"}},
            }""",
        ),
        good(
            "a foreign bucket, whose ARN does not name its owner",
            """
            {
              Effect: "Allow",
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::vendor/*",
              Condition: {StringEquals: {"aws:ResourceAccount": "444455556666"}},
            }""",
            home=OwnAccounts(account="111122223333", organization="o-a1b2c3d4e5"),
        ),
        good(
            "a bucket of a trusted account",
            """
            {
              Effect: "Allow",
              Principal: "*",
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {StringEquals: {"aws:ResourceAccount": "444455556666"}},
            }""",
            kind=Kind.RESOURCE,
            home=OwnAccounts(account="111122223333", trusted_accounts=frozenset({"444455556666"})),
        ),
        good(
            "whatever the organization does not own",
            """
            {
              Effect: "Deny",
              Action: "s3:PutObject",
              Resource: "*",
              Condition: {StringNotEquals: {"aws:ResourceOrgID": "o-a1b2c3d4e5"}},
            }""",
            home=OwnAccounts(account="111122223333", organization="o-a1b2c3d4e5"),
        ),
        good(
            "an access point, whose bucket may have another owner",
            """
            {
              Effect: "Allow",
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:eu-west-1:111122223333:accesspoint/shelf/object/*",
              Condition: {StringEquals: {"aws:ResourceAccount": "444455556666"}},
            }""",
        ),
    ),
)
