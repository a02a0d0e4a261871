"""Flags grants of every action of a service on every resource.

Such a grant includes new actions of the service as soon as AWS adds them. For most services that is
a note: AWS's own policies for administrators of one service do the same. A few services give access
to all others, since they contain identities, keys, code with roles, or stored and shared data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.catalog import AccessLevel
from iamlint.grants.grants import is_denied
from iamlint.policy.grammar import Kind
from iamlint.rule import (
    Confidence,
    Controls,
    Family,
    Hit,
    Note,
    Rule,
    RuleContext,
    Severity,
    bad,
    good,
)
from iamlint.rules.breadth._reach import (
    LEVERS,
    administrator,
    every_resource,
    is_held_to_resources,
    is_left_whole,
    is_whole_service,
    narrowing,
    whole_services,
)
from iamlint.rules.breadth._sensitive import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Entry, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not statement.allows or narrowing(statement) or "Condition" in statement.opaque:
        return
    if administrator(statement, context.policy):
        return  # `wildcard-admin` reports it.
    found = [(e, names) for e in statement.actions if (names := _open(e, statement, context))]
    if not found:
        return
    grave = [(entry, names) for entry, names in found if not LEVERS.keys().isdisjoint(names)]
    (first, services), *others = grave or found
    lever = next((LEVERS[name] for name in services if name in LEVERS), None)
    yield Hit(
        first.at,
        f"`{first.text}` grants every action of {_in_words(first, services)} on every resource"
        + (f", so the principal {lever}" if lever else ""),
        related=tuple(
            Note(entry.at, f"`{entry.text}` grants whole services too") for entry, _ in others
        ),
        properties={"actions": [entry.text for entry, _ in found]},
        severity=None if lever else Severity.NOTE,
    )


def _in_words(entry: Entry, services: tuple[str, ...]) -> str:
    return "the service" if is_whole_service(entry) else in_words(list(services))


def _open(entry: Entry, statement: Statement, context: RuleContext) -> tuple[str, ...]:
    """Return the services that an entry grants in whole, on every resource."""
    services = whole_services(entry, statement, LEVERS)
    return tuple(service for service in services if _is_open(service, statement, context))


def _is_open(service: str, statement: Statement, context: RuleContext) -> bool:
    return (
        every_resource(statement, service) is not None
        and _can_be_narrowed(service, context)
        and not is_denied(context.policy, f"{service}:*")
        and is_left_whole(context.policy, service)
        and not is_held_to_resources(context.policy, service)
        and not context.holders.all_lack(f"{service}:*")
    )


def _can_be_narrowed(prefix: str, context: RuleContext) -> bool:
    """Return whether the service changes anything, and takes resources for it."""
    service = context.catalog.service(prefix)
    return service is not None and any(
        not action.wildcard_only and action.access_level in _CHANGES
        for action in service.actions.values()
    )


_CHANGES = frozenset({AccessLevel.WRITE, AccessLevel.PERMISSIONS})

RULE = Rule(
    name="wildcard-service",
    family=Family.BREADTH,
    module=__name__,
    summary="the policy grants every action of a service on every resource",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=6.5,
    cwe=250,
    kinds=frozenset({Kind.IDENTITY}),
    controls=Controls(fsbp=("IAM.21",)),
    implies=frozenset({Family.BREADTH, Family.ESCALATION}),
    advice="list the actions that are needed, or the resources they are needed on",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
    ),
    when=("Allow", "every action", "wild resource"),
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
            "the Deny exempts all of it",
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
            "every action, on all there is of two services",
            """
            {
              Effect: "Allow",
              Action: "*", //!
              Resource: ["arn:aws:s3:::*", "arn:aws:secretsmanager:*:*:secret:*"],
            }""",
        ),
        bad(
            "a pattern of services",
            """
            {
              Effect: "Allow",
              Action: "s*:*", //!
              Resource: "*",
            }""",
        ),
        bad(
            "a Deny of all other services leaves all of it",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Resource: "*",
                Action: "*", //!
              },
              {Effect: "Deny", NotAction: ["s3:*", "sqs:SendMessage"], Resource: "*"},
            ]}""",
        ),
        bad(
            "a pattern with the same result",
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
            "a condition that anyone meets does not restrict",
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
            "every action on one bucket",
            """
            {Effect: "Allow", Action: "*", Resource: ["arn:aws:s3:::shelf", "arn:aws:s3:::shelf/*"]}
            """,
        ),
        good(
            "a Deny leaves only what it lists",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "s3:*", Resource: "*"},
              {Effect: "Deny", NotAction: ["s3:GetObject", "s3:ListBucket"], Resource: "*"},
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
            "a Deny of the same policy blocks it",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "iam:*", Resource: "*"},
              {Effect: "Deny", Action: "iam:*", Resource: "*"},
            ]}""",
        ),
        good(
            "a Deny does not grant anything",
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
