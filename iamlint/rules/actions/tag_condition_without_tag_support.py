"""Flags `aws:ResourceTag` conditions on actions that do not support tags.

No request for such an action carries the key, so the condition fails: an `Allow` never allows the
action, and a `Deny` never denies it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import OperatorFamily
from iamlint.policy.wildcard import is_wild
from iamlint.rule import Confidence, Family, Hit, Note, Rule, RuleContext, Severity, bad, good
from iamlint.rules.actions._named import CHECKS, named_actions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.catalog import Catalog
    from iamlint.policy.at import At
    from iamlint.policy.model import Condition, Entry, Statement

_KEY = "aws:resourcetag/"
_TAG_KEYS = ("aws:resourcetag", "aws:requesttag", "aws:tagkeys")
_SUFFIX = "_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE"


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if statement.effect is None:
        return
    asking = [c for c in statement.conditions if c.name.startswith(_KEY) and _demands_tag(c)]
    if not asking:
        return
    if statement.not_action is not None:
        places = [statement.not_action.at]
    else:
        places = [entry.at for entry in _tagless(statement, context.catalog)]
    for condition in asking if places else ():
        yield _on(condition, statement, places)


def _demands_tag(condition: Condition) -> bool:
    # With `IfExists` and sets a request without the tag may pass; AWS's verdict is not known.
    return (
        condition.family is OperatorFamily.STRING and not condition.negated and condition.needs_key
    )


def _on(condition: Condition, statement: Statement, places: list[At]) -> Hit:
    never = "allows" if statement.allows else "denies"
    effect = "ALLOW" if statement.allows else "DENY"
    form = "_WITH" if statement.not_action is None else "_NOTACTION_WITH"
    whose, them = ("many actions", "them") if statement.not_action else ("this action", "it")
    first, *others = places
    return Hit(
        first,
        f"requests for {whose} carry no resource tags, so the statement never {never} {them}",
        related=(
            *(Note(at, "the same applies to this action") for at in others),
            Note(condition.at, "the condition on a tag"),
        ),
        access_analyzer=f"{effect}{form}{_SUFFIX}",
        severity=Severity.NOTE if statement.allows else Severity.WARNING,
    )


def _tagless(statement: Statement, catalog: Catalog) -> Iterator[Entry]:
    """Yield the actions that know no tags; a pattern when all that it names are such."""
    for entry, pattern in named_actions(statement):
        if not is_wild(pattern.service):
            actions = catalog.expand(str(pattern))
            if actions and all(_is_tagless(catalog.keys_of(action)) for action in actions):
                yield entry


def _is_tagless(keys: frozenset[str]) -> bool:
    """Return whether no tag key is known; AWS also exempts actions that only take tags along."""
    return not any(key.startswith(_TAG_KEYS) for key in keys)


RULE = Rule(
    name="tag-condition-without-tag-support",
    family=Family.ACTIONS,
    module=__name__,
    summary="the action does not support tags, so a condition on tags always fails",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    access_analyzer=tuple(
        f"{effect}{form}{_SUFFIX}"
        for effect in ("ALLOW", "DENY")
        for form in ("_WITH", "_NOTACTION_WITH")
    ),
    advice="move the action to a statement without the condition on tags",
    sources=(
        CHECKS,
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html",
    ),
    when=("Allow | Deny", f"key {_KEY}*"),
    check=check,
    bad=(
        bad(
            "a listing in an Allow",
            """
            {Effect: "Allow", Resource: "*",
              Action: ["logs:DescribeLogGroups", "ec2:StartInstances"], //!
              Condition: {StringEquals: {"aws:ResourceTag/team": "a"}},
            }""",
        ),
        bad(
            "a Deny that denies nothing",
            """
            {Effect: "Deny", Resource: "*",
              Action: "s3:ListAllMyBuckets", //!
              Condition: {StringLike: {"aws:resourceTag/team": "a*"}},
            }""",
            access_analyzer="DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
        ),
        bad(
            "NotAction includes such actions",
            """
            {Effect: "Allow", Resource: "*",
              NotAction: "iam:*", //!
              Condition: {StringEquals: {"aws:ResourceTag/team": "a"}},
            }""",
            access_analyzer="ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
        ),
        bad(
            "NotAction in a Deny",
            """
            {Effect: "Deny", Resource: "*",
              NotAction: ["iam:*", "sts:*"], //!
              Condition: {StringEquals: {"aws:ResourceTag/team": "a"}},
            }""",
            access_analyzer="DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
        ),
    ),
    good=(
        good(
            "the resource has tags",
            """
            {Effect: "Allow", Action: "ec2:StartInstances", Resource: "*", Condition: {
              StringEquals: {"aws:ResourceTag/team": "a"},
            }}""",
        ),
        good(
            "creating takes tags along",
            """
            {Effect: "Allow", Action: "ec2:CreateVpc", Resource: "*", Condition: {
              StringEquals: {"aws:ResourceTag/team": "a"},
            }}""",
        ),
        good(
            "`Null` holds for them",
            """
            {Effect: "Allow", Action: "logs:DescribeLogGroups", Resource: "*", Condition: {
              Null: {"aws:ResourceTag/team": "true"},
            }}""",
        ),
        good(
            "a pattern that also names actions on tagged resources",
            """
            {Effect: "Allow", Action: "ec2:*", Resource: "*", Condition: {
              StringEquals: {"aws:ResourceTag/team": "a"},
            }}""",
        ),
    ),
)
