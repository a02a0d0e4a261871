"""Flags tag keys such as `aws:ResourceTag` without the name of a tag.

The key is `aws:ResourceTag/team`. Without the part after the slash no request carries it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import CHECKS, GLOBAL_KEYS, lacks_tag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for condition in statement.conditions:
        if "tag" in condition.name and lacks_tag(condition.key, context.catalog):
            bare = condition.key.removesuffix("/")
            yield Hit(
                condition.at,
                f"`{condition.key}` does not name a tag, so no request carries it",
                help=f"write `{bare}/<name of the tag>`",
            )


RULE = Rule(
    name="condition-key-without-tag",
    family=Family.CONDITIONS,
    module=__name__,
    summary="no request carries a tag key without the name of a tag",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("MISSING_TAG_KEY_IN_CONDITION",),
    advice="write the name of the tag after a slash",
    sources=(CHECKS, GLOBAL_KEYS),
    when=("key *tag*",),
    check=check,
    bad=(
        bad(
            "the name and the slash are missing",
            """
            {Effect: "Allow", Action: "ec2:StartInstances", Resource: "*", Condition: {
              StringEquals: {"aws:ResourceTag": "web"}, //!
            }}""",
        ),
        bad(
            "only the name is missing, in a key of a service",
            """
            {Effect: "Allow", Action: "ec2:StartInstances", Resource: "*", Condition: {
              StringEquals: {"ec2:ResourceTag/": "web"}, //!
            }}""",
        ),
    ),
    good=(
        good(
            "the tag is named",
            """
            {Effect: "Allow", Action: "ec2:StartInstances", Resource: "*", Condition: {
              StringEquals: {"aws:ResourceTag/team": "web"},
            }}""",
        ),
        good(
            "the key of all tag names has no slash",
            """
            {Effect: "Allow", Action: "ec2:CreateTags", Resource: "*", Condition: {
              "ForAnyValue:StringEquals": {"aws:TagKeys": "team"},
            }}""",
        ),
    ),
)
