"""Flags `Allow` with `NotAction` on every resource.

Such a statement grants all actions that it does not list, in every service, also future ones. It
looks like a restriction, but it is the widest of grants.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.grants import Truth, is_denied, statement_grants
from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.breadth._contained import are_contained
from iamlint.rules.breadth._reach import (
    NOTHING,
    every_resource,
    exceptions_of_denies,
    names_all,
    narrowing,
)
from iamlint.rules.breadth._sensitive import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if (
        not statement.allows
        or statement.not_action is None
        or not _is_everywhere(statement, context)
    ):
        return
    if is_denied(context.policy, "*") or any(exceptions_of_denies(context.policy)):
        return
    if any(names_all(entry.known or "", 0) for entry in statement.not_action.entries):
        yield Hit(statement.not_action.at.of_key, NOTHING, severity=Severity.NOTE)
        return
    listed = in_words([entry.text for entry in statement.not_action.entries])
    held = narrowing(statement)
    lower = held or "Condition" in statement.opaque or _spares_iam(statement, context)
    lower = lower or are_contained(context.holders)
    yield Hit(
        statement.not_action.at.of_key,
        "this grants every action"
        + (f" except {listed}, also future ones" if listed else "")
        + (f", restricted only by `{held.key}`" if held else ""),
        severity=Severity.NOTE if lower else None,
    )


def _is_everywhere(statement: Statement, context: RuleContext) -> bool:
    """Return whether it is about all there is; a resource or trust policy is about its own."""
    return context.policy.kind is not Kind.IDENTITY or every_resource(statement) is not None


def _spares_iam(statement: Statement, context: RuleContext) -> bool:
    """Return whether an identity policy excepts IAM: no holder can become an administrator."""
    if context.policy.kind is not Kind.IDENTITY:
        return False
    return statement_grants(statement, "iam:*") is Truth.NO or is_denied(context.policy, "iam:*")


RULE = Rule(
    name="allow-not-action",
    family=Family.BREADTH,
    module=__name__,
    summary="`Allow` with `NotAction` grants all actions that it does not list",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=7.5,
    cwe=732,
    kinds=frozenset({Kind.IDENTITY, Kind.RESOURCE, Kind.TRUST}),
    advice="allow the actions that you mean, and put forbidden actions into a Deny",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html",
    ),
    when=("Allow", "NotAction"),
    check=check,
    bad=(
        bad(
            "all actions except a few",
            """
            {
              Effect: "Allow",
              NotAction: ["s3:DeleteBucket", "organizations:*"], //!
              Resource: "*",
            }""",
        ),
        bad(
            "in a bucket policy it grants the right to change that policy",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "111122223333"},
              NotAction: "s3:DeleteObject", //!
              Resource: ["arn:aws:s3:::shelf", "arn:aws:s3:::shelf/*"],
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "all actions except IAM are a note: the principal cannot give itself more rights",
            """
            {
              Effect: "Allow",
              NotAction: ["iam:*", "organizations:*", "account:*"], //!
              Resource: "*",
            }""",
        ),
    ),
    good=(
        good(
            "all but deleting buckets, in S3 alone, as AWS documents it",
            """{Effect: "Allow", NotAction: "s3:DeleteBucket", Resource: "arn:aws:s3:::*"}""",
        ),
        good(
            "a Deny with `NotAction` only limits",
            """
            {Effect: "Deny", NotAction: ["iam:*", "sts:*"], Resource: "*", Condition: {
              BoolIfExists: {"aws:MultiFactorAuthPresent": "false"},
            }}""",
        ),
        good(
            "an SCP grants nothing",
            """{Effect: "Allow", NotAction: "iam:*", Resource: "*"}""",
            kind=Kind.SCP,
        ),
        good(
            "a Deny leaves only what it lists",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", NotAction: "iam:*", Resource: "*"},
              {Effect: "Deny", NotAction: "s3:Get*", Resource: "*"},
            ]}""",
        ),
    ),
)
