"""Flags `Allow` with `NotResource`.

Such a statement grants its actions on all resources that it does not list, in every service that
has them, also future ones. It looks like a restriction, but it is a wildcard. For actions listed by
name it is a note: AWS itself writes such statements where one type of resource needs conditions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.catalog import AccessLevel
from iamlint.grants.grants import is_denied
from iamlint.policy.action import parse_action
from iamlint.policy.grammar import Kind
from iamlint.policy.wildcard import is_wild
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.breadth._reach import NOTHING, names_all, narrowing
from iamlint.rules.breadth._sensitive import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not statement.allows or statement.not_resource is None:
        return
    actions = [entry.known or "" for entry in statement.actions] or ["*"]
    if all(is_denied(context.policy, action) for action in actions):
        return
    if any(names_all(entry.known or "", 0) for entry in statement.not_resource.entries):
        yield Hit(statement.not_resource.at.of_key, NOTHING, severity=Severity.NOTE)
        return
    listed = in_words([entry.text for entry in statement.not_resource.entries])
    lower = (
        narrowing(statement)
        or "Condition" in statement.opaque
        or not any(is_wild(action) and _changes(action, context) for action in actions)
    )
    yield Hit(
        statement.not_resource.at.of_key,
        "this grants the actions on every resource"
        + (f" except {listed}, also future ones" if listed else ""),
        severity=Severity.NOTE if lower else None,
    )


def _changes(action: str, context: RuleContext) -> bool:
    """Return whether an action that the pattern names does more than read."""
    pattern = parse_action(action)
    if pattern is None or is_wild(pattern.service):
        return True
    return any(one.access_level not in _READS for one in context.catalog.expand(action))


_READS = frozenset({AccessLevel.READ, AccessLevel.LIST})


RULE = Rule(
    name="allow-not-resource",
    family=Family.BREADTH,
    module=__name__,
    summary="`Allow` with `NotResource` grants all resources that it does not list",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=6.5,
    cwe=732,
    kinds=frozenset({Kind.IDENTITY, Kind.RESOURCE}),
    advice="list the resources that you mean, and put forbidden resources into a Deny",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notresource.html",
    ),
    when=("Allow", "NotResource"),
    check=check,
    bad=(
        bad(
            "every bucket but one",
            """
            {
              Effect: "Allow",
              Action: "s3:*",
              NotResource: ["arn:aws:s3:::payroll", "arn:aws:s3:::payroll/*"], //!
            }""",
        ),
        bad(
            "for actions listed by name it is a note",
            """
            {
              Effect: "Allow",
              Action: ["s3:GetObject", "s3:List*"],
              NotResource: "arn:aws:s3:::payroll/*", //!
            }""",
        ),
        bad(
            "every folder but one of a bucket",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "arn:aws:iam::111122223333:role/app"},
              Action: "s3:PutObject",
              NotResource: "arn:aws:s3:::shelf/private/*", //!
            }""",
            kind=Kind.RESOURCE,
        ),
    ),
    good=(
        good(
            "a Deny with `NotResource` only limits",
            """
            {Effect: "Deny", Action: "s3:*",
              NotResource: ["arn:aws:s3:::shelf", "arn:aws:s3:::shelf/*"]}""",
        ),
        good(
            "the resources are listed",
            """
            {Effect: "Allow", Action: "s3:*", Resource: ["arn:aws:s3:::shelf", "arn:aws:s3:::shelf/*"]}""",
        ),
        good(
            "a Deny blocks the action",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "s3:PutObject", NotResource: "arn:aws:s3:::payroll/*"},
              {Effect: "Deny", Action: "s3:Put*", Resource: "*"},
            ]}""",
        ),
        good(
            "a boundary grants nothing",
            """
            {Effect: "Allow", Action: "s3:*", NotResource: "arn:aws:s3:::payroll/*"}""",
            kind=Kind.BOUNDARY,
        ),
    ),
)
