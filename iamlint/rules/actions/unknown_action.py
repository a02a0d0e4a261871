"""Flags actions that the service does not have.

AWS accepts the policy, but the entry matches nothing: an `Allow` does not grant the access, and a
`Deny` does not block it. API operations are not always actions: `ListObjectsV2` is authorized as
`s3:ListBucket`. An action that AWS retired is a note: it may still be accepted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.catalog.overlay import ACTION_HINTS
from iamlint.policy.spelling import slip_of
from iamlint.policy.wildcard import is_wild
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rule.fix import Applicability, Fix, Reword
from iamlint.rules.actions._named import (
    CHECKS,
    REFERENCE,
    named_actions,
    written_actions,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.catalog import Catalog
    from iamlint.policy.model import Entry, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    catalog = context.catalog
    listed = frozenset(text.lower() for _, text in written_actions(statement))
    for entry, pattern in named_actions(statement):
        known = catalog.action(str(pattern))
        if known is not None and known.retired is None:
            continue
        if not catalog.has_service(pattern.service) or catalog.retired(pattern.service):
            continue
        if is_wild(pattern.name):
            if not catalog.matches_any(str(pattern)):
                yield Hit(
                    entry.at,
                    f"`{entry.text}` matches no action that `{pattern.service}` had on {catalog.date}",
                )
        elif known is not None:
            yield Hit(
                entry.at,
                f"`{entry.text}` is retired: AWS's reference did not have it on {known.retired}",
                help="remove it unless something still calls it",
                severity=Severity.NOTE,
                access_analyzer="",
            )
        elif not catalog.accepts_action(str(pattern)):
            yield Hit(
                entry.at,
                f"`{entry.text}` matches no action that `{pattern.service}` had on {catalog.date}",
                help=_help(entry.text, catalog, listed),
                fix=_fix(entry, catalog, listed),
            )


def _fix(entry: Entry, catalog: Catalog, listed: frozenset[str]) -> Fix | None:
    """Return the fix for a misspelt action: AWS accepts it, and it matches nothing so far.

    One that is in the list already was not meant.
    """
    near = catalog.close_actions(entry.text)
    is_known = entry.text.lower() in ACTION_HINTS
    new = near[0] if is_known else slip_of(entry.text, near)
    if new is None or new.lower() in listed:
        return None
    return Fix(Applicability.CHANGES_ACCESS, f"write `{new}`", (Reword(entry.at, new),))


def _help(text: str, catalog: Catalog, listed: frozenset[str]) -> str | None:
    if text.lower() in ACTION_HINTS:
        action = catalog.close_actions(text)[0]
        also = ", which is in the list already" if action.lower() in listed else ""
        return f"this is the name of an API operation; its action is `{action}`{also}"
    near = [name for name in catalog.close_actions(text) if name.lower() not in listed]
    meant = f"did you mean {' or '.join(f'`{name}`' for name in near)}?" if near else None
    odd = next((char for char in text if not char.isascii()), None)
    if odd is None:
        return meant
    return f"U+{ord(odd):04X} in it cannot be part of an action" + (f"; {meant}" if meant else "")


RULE = Rule(
    name="unknown-action",
    family=Family.ACTIONS,
    module=__name__,
    summary="an action that the service does not have matches nothing",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("INVALID_ACTION",),
    advice="list the actions with `iamlint expand 'service:*'`; run `iamlint catalog update` if the action is newer",
    sources=(CHECKS, REFERENCE),
    when=("unlisted action",),
    check=check,
    bad=(
        bad(
            "an API operation that another action controls",
            """
            {Effect: "Allow", Resource: "arn:aws:s3:::reports", Action: [
              "s3:ListObjectsV2", //!
              "s3:GetBucketLocation",
            ]}""",
        ),
        bad(
            "a misspelling in a Deny blocks nothing",
            """
            {Effect: "Deny", Resource: "*",
              Action: "s3:DeleteBukcet", //!
            }""",
        ),
        bad(
            "an action that AWS retired",
            """
            {Effect: "Allow", Resource: "*", Action: [
              "securityagent:BatchDeleteThreats", //!
              "securityagent:ListThreats",
            ]}""",
            access_analyzer="",
        ),
        bad(
            "a pattern that matches nothing",
            """
            {Effect: "Allow", Resource: "*",
              Action: "ec2:Fetch*", //!
            }""",
        ),
        bad(
            "NotAction is checked as well",
            """
            {Effect: "Deny", Resource: "*", NotAction: [
              "iam:ListRole", //!
              "sts:*",
            ]}""",
        ),
    ),
    good=(
        good(
            "operations that are newer than AWS's reference",
            """
            {Effect: "Allow", Action: ["sts:GetScopedCredentials", "kinesis:*Queue"], Resource: "*"}""",
        ),
        good(
            "letter case does not matter",
            """
            {Effect: "Allow", Action: ["S3:getobject", "s3:get*ACL"], Resource: "*"}""",
        ),
        good(
            "a retired service that AWS still accepts",
            """
            {Effect: "Allow", Action: "deeplens:GetDevice", Resource: "*"}""",
        ),
        good(
            "actions that AWS's own policies and denials name, and its reference does not",
            """
            {
              Effect: "Allow",
              Action: ["mediaconnect:ManagedDescribeFlow", "apigateway:TagResource", "builderid:ListInvitations"],
              Resource: "*",
            }""",
        ),
        good(
            "an action that left the reference and is still accepted",
            """
            {Effect: "Allow", Action: "securityagent:ListTasks", Resource: "*"}""",
        ),
    ),
)
