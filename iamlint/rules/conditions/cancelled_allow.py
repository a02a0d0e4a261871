"""Flags Allows that a Deny of the same policy cancels completely.

A Deny always wins. If a Deny without conditions covers all that the Allow covers, the Allow grants
nothing, so one of the two is a mistake.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.cancelled import cancelled, is_unconditional
from iamlint.grants.grants import denials
from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Note, Rule, RuleContext, Severity, bad, good

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iamlint.policy.model import Policy, Statement


def check(policy: Policy, context: RuleContext) -> Iterator[Hit]:
    for allow in cancelled(policy):
        actions = [entry.known or "" for entry in allow.actions]
        yield Hit(
            (allow.action or allow).at,
            "this Allow grants nothing: a Deny of this policy blocks all of it",
            related=tuple(Note(deny.at, "denied here") for deny in _naming(policy, actions)),
        )


def _naming(policy: Policy, actions: Iterable[str]) -> list[Statement]:
    """Return the Denies without conditions that name one of the actions, in their order."""
    found = (deny for action in actions for deny in denials(policy).naming(action))
    return sorted({d.index: d for d in found if is_unconditional(d)}.values(), key=_index)


def _index(statement: Statement) -> int:
    return statement.index


RULE = Rule(
    name="cancelled-allow",
    family=Family.CONDITIONS,
    module=__name__,
    summary="a Deny of the same policy blocks all that the statement allows",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    kinds=frozenset({Kind.IDENTITY, Kind.RESOURCE, Kind.TRUST, Kind.BOUNDARY, Kind.SESSION}),
    advice="remove the Allow, or narrow the Deny",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html",
    ),
    when=("Allow", "Deny", "Action"),
    check_policy=check,
    bad=(
        bad(
            "the same action",
            """
            {Version: "2012-10-17", Statement: [
              {
                Effect: "Allow",
                Action: "iam:PassRole", //!
                Resource: "arn:aws:iam::111122223333:role/shop",
              },
              {Effect: "Deny", Action: "iam:*", Resource: "*"},
            ]}""",
            kind=Kind.IDENTITY,
        ),
        bad(
            "each action by another Deny",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Deny", Action: "s3:Delete*", Resource: "*"},
              {Effect: "Deny", Action: "s3:Put*", Resource: "arn:aws:s3:::shelf/*"},
              {
                Effect: "Allow",
                Action: ["s3:DeleteObject", "s3:PutObject"], //!
                Resource: "arn:aws:s3:::shelf/*",
              },
            ]}""",
            kind=Kind.IDENTITY,
        ),
    ),
    good=(
        good(
            "the Deny leaves a part",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "s3:*", Resource: "*"},
              {Effect: "Deny", Action: "s3:Delete*", Resource: "*"},
            ]}""",
            kind=Kind.IDENTITY,
        ),
        good(
            "a Deny under a condition",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "s3:GetObject", Resource: "*"},
              {Effect: "Deny", Action: "s3:*", Resource: "*", Condition: {Bool: {"aws:SecureTransport": "false"}}},
            ]}""",
            kind=Kind.IDENTITY,
        ),
        good(
            "everything but a list is denied",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "s3:GetObject", Resource: "*"},
              {Effect: "Deny", NotAction: "s3:*", Resource: "*"},
            ]}""",
            kind=Kind.IDENTITY,
        ),
    ),
)
