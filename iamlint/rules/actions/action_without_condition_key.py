"""Flags actions beside `iam:PassRole` under a condition that only `iam:PassRole` supports.

Only requests for `iam:PassRole` carry `iam:PassedToService`. Requests for the other actions of the
statement lack the key, fail the condition and are never allowed. The same holds for
`sts:ExternalId` and some other keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rule import (
    Confidence,
    Family,
    Hit,
    Note,
    Profile,
    Rule,
    RuleContext,
    Severity,
    bad,
    good,
)
from iamlint.rules.actions._named import CHECKS, named_actions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement

# Which keys AWS looks at is not published, and in practice it passes most; these few are plain.
_OWNER = {
    "ec2:createaction": "ec2:createtags",
    "iam:awsservicename": "iam:createservicelinkedrole",
    "iam:passedtoservice": "iam:passrole",
    "sts:externalid": "sts:assumerole",
}


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not statement.allows or statement.action is None:
        return
    for condition in statement.conditions:
        owner = _OWNER.get(condition.name)
        if owner is None or not condition.needs_key:
            continue
        # Patterns are not reported; without the key's own action `condition-key-of-no-action` reports.
        actions = list(named_actions(statement))
        if not any(pattern.matches(owner) for _, pattern in actions):
            continue
        for entry, pattern in actions:
            if context.catalog.action(str(pattern)) and str(pattern) != owner:
                yield Hit(
                    entry.at,
                    f"requests for `{entry.text}` never carry `{condition.key}`, so this statement never allows them",
                    related=(Note(condition.at, "this condition demands the key"),),
                )


RULE = Rule(
    name="action-without-condition-key",
    family=Family.ACTIONS,
    module=__name__,
    summary="requests for the action never carry the key of the condition, so it is never allowed",
    severity=Severity.ERROR,
    confidence=Confidence.LOW,
    profile=Profile.STRICT,
    access_analyzer=("UNSUPPORTED_ACTION_FOR_CONDITION_KEY",),
    advice="move the action to a statement without the condition",
    sources=(
        CHECKS,
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html",
    ),
    check=check,
    bad=(
        bad(
            "starting an instance carries no passed service",
            """
            {Effect: "Allow", Resource: "*", Action: [
              "iam:PassRole",
              "ec2:RunInstances", //!
            ], Condition: {StringEquals: {"iam:PassedToService": "ec2.amazonaws.com"}}}""",
        ),
        bad(
            "tagging a session carries no external id",
            """
            {Effect: "Allow", Resource: "*", Action: [
              "sts:AssumeRole",
              "sts:GetCallerIdentity", //!
            ], Condition: {StringEquals: {"sts:ExternalId": "x"}}}""",
        ),
    ),
    good=(
        good(
            "only the action that carries the key",
            """
            {Effect: "Allow", Action: "iam:PassRole", Resource: "*", Condition: {
              StringEquals: {"iam:PassedToService": "ec2.amazonaws.com"},
            }}""",
        ),
        good(
            "IfExists lets the others pass",
            """
            {Effect: "Allow", Action: ["iam:PassRole", "ec2:RunInstances"], Resource: "*",
              Condition: {StringEqualsIfExists: {"iam:PassedToService": "ec2.amazonaws.com"}}}""",
        ),
        good(
            "patterns are not checked",
            """
            {Effect: "Allow", Action: ["iam:PassRole", "ec2:Run*"], Resource: "*", Condition: {
              StringEquals: {"iam:PassedToService": "ec2.amazonaws.com"},
            }}""",
        ),
    ),
)
