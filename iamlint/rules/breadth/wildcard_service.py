"""Flags grants of every action of a service on every resource.

New actions of the service are granted on the day AWS launches them. Of most services that is a
note: AWS's own policies for administrators of one service say the same. A few services are levers
on all others, since they hold identities, keys, code with roles, or what is stored and shared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.catalog import AccessLevel
from iamlint.grants.grants import is_denied
from iamlint.policy.grammar import Kind
from iamlint.rule import Ask, Confidence, Family, Hit, Note, Rule, Severity, bad, good
from iamlint.rules.breadth._reach import (
    every_resource,
    is_held_to_resources,
    is_whole_service,
    narrowing,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Entry, Statement


def check(statement: Statement, ask: Ask) -> Iterator[Hit]:
    if not statement.allows or narrowing(statement) or "Condition" in statement.opaque:
        return
    found = [entry for entry in statement.actions if _is_open(entry, statement, ask)]
    grave = [entry for entry in found if is_whole_service(entry) in _LEVERS]
    if not found:
        return
    first, *others = grave or found
    yield Hit(
        first.at,
        f"`{first.text}` grants all of the service on every resource"
        + (f", and {_LEVERS[is_whole_service(first)]}" if grave else ""),
        related=tuple(Note(entry.at, f"so does `{entry.text}`") for entry in others),
        properties={"actions": [entry.text for entry in found]},
        severity=None if grave else Severity.NOTE,
    )


def _is_open(entry: Entry, statement: Statement, ask: Ask) -> bool:
    service = is_whole_service(entry)
    return (
        bool(service)
        and every_resource(statement, service) is not None
        and _can_be_narrowed(service, ask)
        and not is_denied(ask.policy, f"{service}:*")
        and not is_held_to_resources(ask.policy, service)
    )


def _can_be_narrowed(prefix: str, ask: Ask) -> bool:
    """Tell whether the service changes anything, and takes resources for it."""
    service = ask.catalog.service(prefix)
    return service is not None and any(
        not action.wildcard_only and action.access_level in _CHANGES
        for action in service.actions.values()
    )


_LEVERS = {
    "account": "closes accounts with it",
    "iam": "makes its holder an administrator",
    "identitystore": "joins the groups that access is assigned to",
    "kms": "can open all that is encrypted, or lock it for good",
    "lambda": "acts with the role of any function",
    "organizations": "lifts the limits of all accounts",
    "ram": "shares resources with strangers",
    "s3": "reads, deletes and makes public all that is stored",
    "secretsmanager": "reads all secrets and can hand them on",
    "sso": "assigns itself access to accounts",
    "ssm": "runs commands on instances and reads parameters",
    "sts": "assumes whatever role trusts the account",
}
"""Services of which a full grant leads beyond the service, and where to."""

_CHANGES = frozenset({AccessLevel.WRITE, AccessLevel.PERMISSIONS})

RULE = Rule(
    name="wildcard-service",
    family=Family.BREADTH,
    module=__name__,
    summary="every action of a service on every resource is granted",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=6.5,
    cwe=250,
    kinds=frozenset({Kind.IDENTITY}),
    implies=frozenset({Family.BREADTH, Family.ESCALATION}),
    advice="list the actions that are needed, or the resources they are needed on",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
    ),
    check=check,
    bad=(
        bad(
            "all of S3",
            """
            {
              Effect: "Allow",
              Action: "s3:*", //!
              Resource: "*",
            }""",
        ),
        bad(
            "every secret and key of the account",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow",
                Action: "secretsmanager:*", //!
                Resource: "arn:aws:secretsmanager:*:111122223333:secret:*"},
              {Effect: "Allow",
                Action: "kms:*", //!
                Resource: "arn:aws:kms:*:*:key/*"},
            ]}""",
        ),
        bad(
            "the Deny spares all of it",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Resource: "*",
                Action: "s3:*", //!
              },
              {Effect: "Deny", Action: "s3:*", NotResource: "arn:aws:s3:::*"},
            ]}""",
        ),
        bad(
            "every bucket by an ARN",
            """
            {
              Effect: "Allow",
              Action: [
                "s3:*", //!
                "dynamodb:GetItem",
              ],
              Resource: "arn:aws:s3:::*",
            }""",
        ),
        bad(
            "a pattern that comes to the same",
            """
            {
              Effect: "Allow",
              Action: "kms:?*", //!
              Resource: "*",
            }""",
        ),
        bad(
            "two services are one finding",
            """
            {
              Effect: "Allow",
              Action: [
                "IAM:*", //!
                "kms:**",
              ],
              Resource: "*",
            }""",
        ),
        bad(
            "a condition that anyone meets holds nothing back",
            """
            {
              Effect: "Allow",
              Action: "sqs:*", //!
              Resource: "*",
              Condition: {StringLike: {"aws:PrincipalTag/team": "*"}},
            }""",
        ),
    ),
    good=(
        good(
            "all of S3 on one bucket",
            """
            {Effect: "Allow", Action: "s3:*", Resource: ["arn:aws:s3:::shelf", "arn:aws:s3:::shelf/*"]}
            """,
        ),
        good(
            "a Deny leaves one bucket",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "s3:*", Resource: "*"},
              {Effect: "Deny", Action: "s3:*",
                NotResource: ["arn:aws:s3:::shelf", "arn:aws:s3:::shelf/*"]},
            ]}""",
        ),
        good(
            "a condition restricts it",
            """
            {Effect: "Allow", Action: "cloudwatch:*", Resource: "*", Condition: {
              StringEquals: {"cloudwatch:namespace": "Shelf"},
            }}""",
        ),
        good(
            "reading is not everything",
            """{Effect: "Allow", Action: ["s3:Get*", "s3:List*"], Resource: "*"}""",
        ),
        good(
            "a Deny of the same policy takes it away",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "iam:*", Resource: "*"},
              {Effect: "Deny", Action: "iam:*", Resource: "*"},
            ]}""",
        ),
        good(
            "a Deny is no grant",
            """{Effect: "Deny", Action: "s3:*", Resource: "*"}""",
        ),
        good(
            "the default key policy means this key and this account",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "arn:aws:iam::111122223333:root"},
              Action: "kms:*",
              Resource: "*",
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "the service changes nothing that a resource could name",
            """{Effect: "Allow", Action: "compute-optimizer:*", Resource: "*"}""",
        ),
    ),
)
