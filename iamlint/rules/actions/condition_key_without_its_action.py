"""Flags `sts:SourceIdentity` and `sts:TransitiveTagKeys` without the action that sets them.

Setting a source identity needs `sts:SetSourceIdentity` beside `sts:AssumeRole`, and tagging a
session needs `sts:TagSession`. If the statement does not allow that action, no request that it
allows carries the key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.grants import grants
from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Profile, Rule, RuleContext, Severity, bad, good
from iamlint.rules.actions._named import CHECKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement

# Which keys AWS looks at is not published; another policy may allow the action, so only
# the strict profile asks.
_NEEDED = {
    "sts:sourceidentity": "sts:SetSourceIdentity",
    "sts:transitivetagkeys": "sts:TagSession",
}


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not statement.allows:
        return
    for condition in statement.conditions:
        needed = _NEEDED.get(condition.name)
        if needed and condition.needs_key and not grants(context.policy, needed):
            yield Hit(
                condition.at,
                f"this policy does not allow `{needed}`, without which no request carries `{condition.key}`",
                help=f"allow `{needed}` as well",
            )


RULE = Rule(
    name="condition-key-without-its-action",
    family=Family.ACTIONS,
    module=__name__,
    summary="the policy does not allow the action that sets the key, so no request carries the key",
    severity=Severity.ERROR,
    confidence=Confidence.LOW,
    profile=Profile.STRICT,
    access_analyzer=("MISSING_ACTION_FOR_CONDITION_KEY",),
    kinds=frozenset({Kind.IDENTITY, Kind.TRUST}),
    advice="allow the action that sets the key",
    sources=(
        CHECKS,
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html",
    ),
    when=("Allow", " | ".join(f"key {one}" for one in _NEEDED)),
    check=check,
    bad=(
        bad(
            "a role that demands a source identity, but does not allow to set one",
            """
            {Effect: "Allow", Principal: {AWS: "123456789012"}, Action: "sts:AssumeRole",
              Condition: {
                StringLike: {"sts:SourceIdentity": "*"}, //!
            }}""",
            kind=Kind.TRUST,
        ),
        bad(
            "tags of a session",
            """
            {Effect: "Allow", Action: "sts:AssumeRole", Resource: "*", Condition: {
              "ForAnyValue:StringEquals": {"sts:TransitiveTagKeys": "team"}, //!
            }}""",
        ),
    ),
    good=(
        good(
            "the action is allowed too",
            """
            {Effect: "Allow", Principal: {AWS: "123456789012"},
              Action: ["sts:AssumeRole", "sts:SetSourceIdentity"],
              Condition: {StringLike: {"sts:SourceIdentity": "*"}}}""",
            kind=Kind.TRUST,
        ),
        good(
            "a Deny of those who set it",
            """
            {Effect: "Deny", Action: "sts:AssumeRole", Resource: "*", Condition: {
              StringLike: {"sts:SourceIdentity": "admin*"},
            }}""",
        ),
    ),
)
