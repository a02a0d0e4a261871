"""Flags Allows that a Deny of the same policy cancels completely.

A Deny always wins. If a Deny without conditions covers all that the Allow covers, the Allow grants
nothing, so one of the two is a mistake.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import replace
from iamlint.grants.grants import denials
from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Note, Rule, RuleContext, Severity, bad, good

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iamlint.policy.model import Policy, Statement


def check(policy: Policy, context: RuleContext) -> Iterator[Hit]:
    denies = [s for s in policy.statements if _is_unconditional(s)]
    if any(s.denies and s.has_more_conditions for s in policy.statements):
        sure = (s for s in policy.statements if not (s.denies and s.has_more_conditions))
        policy = replace(policy, statements=tuple(sure))
    for allow in policy.statements if denies else ():
        if not allow.allows or allow.action is None or not allow.action.known:
            continue
        resources = [e.pattern for e in allow.resources] or ["*"]
        actions = [entry.known or "" for entry in allow.actions]
        if allow.not_resource or not actions:
            continue
        if denials(policy).cover_all(actions, resources):
            yield Hit(
                allow.action.at,
                "this Allow grants nothing: a Deny of this policy blocks all of it",
                related=tuple(Note(deny.at, "denied here") for deny in _naming(policy, actions)),
            )


def _naming(policy: Policy, actions: Iterable[str]) -> list[Statement]:
    """Return the Denies without conditions that name one of the actions, in their order."""
    found = (deny for action in actions for deny in denials(policy).naming(action))
    return sorted({d.index: d for d in found if _is_unconditional(d)}.values(), key=_index)


def _index(statement: Statement) -> int:
    return statement.index


def _is_unconditional(statement: Statement) -> bool:
    return statement.denies and not statement.conditions and not statement.has_more_conditions


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
