"""Flags calls that need a further permission which the policy does not allow.

A request that creates something with a role also passes this role, for which AWS checks
`iam:PassRole`. A request that tags what it creates also needs the action that tags it, such as
`ec2:CreateTags`. Without the further permission the call fails. A policy that is attached elsewhere
may allow it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.catalog.dependent import PASSING, WITH_ROLE, tagging_action
from iamlint.grants.grants import grants
from iamlint.grants.targets import carries, targets_of
from iamlint.policy.grammar import Kind
from iamlint.policy.wildcard import is_wild
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
from iamlint.rules.actions._named import written_actions
from iamlint.rules.actions._traits import NEEDS_OTHERS, has_trait

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.catalog import Action, Catalog
    from iamlint.policy.model import Condition, Entry, Statement

_OF_NEW_TAGS: Final = frozenset({"aws:requesttag/${tagkey}", "aws:tagkeys"})


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not statement.allows or not statement.actions or context.is_beside_others:
        return
    if not has_trait(statement, context.catalog, NEEDS_OTHERS):
        return
    found: dict[str, list[Entry]] = {}
    for entry, text in written_actions(statement):
        action = None if is_wild(text) else context.catalog.action(text)
        for needed in _needed(action, statement, context.catalog) if action else ():
            found.setdefault(needed, []).append(entry)
    for needed, entries in found.items():
        if not grants(context.policy, needed):
            yield _hit(needed, entries)


def _needed(action: Action, statement: Statement, catalog: Catalog) -> Iterator[str]:
    """Yield the further actions that requests for an action need, as the statement allows it."""
    if action.full_name.lower() in WITH_ROLE:
        yield PASSING
    tagging = tagging_action(action)
    if tagging and any(_tags(action, c, statement, catalog) for c in statement.conditions):
        yield tagging


def _tags(action: Action, condition: Condition, statement: Statement, catalog: Catalog) -> bool:
    """Return whether a condition demands tags of what an action creates."""
    key = catalog.condition_key(condition.key)
    if key is None or key.name.lower() not in _OF_NEW_TAGS or not condition.needs_key:
        return False
    targets = targets_of(action, statement, catalog)
    is_listed = key.name.lower() in catalog.keys_of(action)
    return is_listed and any(carries(target, condition.key, catalog) for target in targets)


def _hit(needed: str, entries: list[Entry]) -> Hit:
    first, *others = entries
    passes = needed == PASSING
    why = "name a role" if passes else "must set tags here"
    on = "on this role" if passes else "too"
    return Hit(
        first.at,
        f"requests for `{first.text}` {why}, and this policy does not allow `{needed}`",
        help=f"allow `{needed}` {on}",
        related=tuple(Note(one.at, "the same applies to this action") for one in others),
    )


RULE = Rule(
    name="missing-dependent-action",
    family=Family.ACTIONS,
    module=__name__,
    summary="the call needs a further permission, which the policy does not allow",
    severity=Severity.NOTE,
    confidence=Confidence.MEDIUM,
    profile=Profile.STRICT,
    kinds=frozenset({Kind.IDENTITY}),
    advice="allow the further action too",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html",
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html",
    ),
    when=("Allow", "Action"),
    check=check,
    bad=(
        bad(
            "a function has a role",
            """
            {Effect: "Allow", Resource: "*", Action: [
              "lambda:CreateFunction", //!
              "lambda:GetFunction",
            ]}""",
        ),
        bad(
            "a volume with a tag",
            """
            {Effect: "Allow", Resource: "*",
              Action: "ec2:CreateVolume", //!
              Condition: {StringEquals: {"aws:RequestTag/team": "shop"}},
            }""",
        ),
        bad(
            "a role may be passed, but not tagged queues be created",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "iam:PassRole", Resource: "*"},
              {Effect: "Allow", Action: "lambda:CreateFunction", Resource: "*"},
              {Effect: "Allow", Resource: "*",
                Action: "sqs:CreateQueue", //!
                Condition: {"ForAnyValue:StringEquals": {"aws:TagKeys": "team"}},
              },
            ]}""",
        ),
    ),
    good=(
        good(
            "the role may be passed",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "lambda:CreateFunction", Resource: "*"},
              {Effect: "Allow", Action: "iam:Pass*", Resource: "arn:aws:iam::123456789012:role/f"},
            ]}""",
        ),
        good(
            "a pattern names more than the call",
            """
            {Effect: "Allow", Action: "lambda:Create*", Resource: "*"}""",
        ),
        good(
            "an instance may have no role and no tags",
            """
            {Effect: "Allow", Action: "ec2:RunInstances", Resource: "*"}""",
        ),
        good(
            "tags are optional",
            """
            {Effect: "Allow", Action: "ec2:CreateVolume", Resource: "*", Condition: {
              StringEqualsIfExists: {"aws:RequestTag/team": "shop"},
            }}""",
        ),
        good(
            "what is created may be tagged",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "ec2:CreateVolume", Resource: "*", Condition: {
                StringEquals: {"aws:RequestTag/team": "shop"},
              }},
              {Effect: "Allow", Action: "ec2:CreateTags", Resource: "*", Condition: {
                StringEquals: {"ec2:CreateAction": "CreateVolume"},
              }},
            ]}""",
        ),
    ),
)
