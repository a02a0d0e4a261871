"""Flags actions that have no resource type in a statement that names resources.

`s3:ListAllMyBuckets` applies to the whole account. Only `Resource: "*"` grants it; beside the ARN
of a bucket the entry does nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rule import Confidence, Family, Hit, Profile, Rule, RuleContext, Severity, bad, good
from iamlint.rules.actions._named import REFERENCE, named_actions
from iamlint.rules.actions._traits import WITHOUT_RESOURCE, has_trait
from iamlint.rules.resources._judgement import arns_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not has_trait(statement, context.catalog, WITHOUT_RESOURCE):
        return
    if statement.action is None or not arns_of(statement, context.catalog):
        return
    for entry, pattern in named_actions(statement):
        actions = context.catalog.expand(str(pattern))
        if actions and all(action.wildcard_only for action in actions):
            yield Hit(
                entry.at,
                f"`{entry.text}` has no resource type, so it applies only with `Resource` `*`, not with these ARNs",
            )


RULE = Rule(
    name="action-without-resources",
    family=Family.ACTIONS,
    module=__name__,
    summary='an action without a resource type applies only with `Resource: "*"`',
    # AWS's own policies hold hundreds of these, and the reference lacks some resource types.
    severity=Severity.NOTE,
    confidence=Confidence.MEDIUM,
    profile=Profile.STRICT,
    advice='move the action to a statement with `Resource: "*"`',
    sources=(REFERENCE,),
    when=("Action", "listed resources"),
    check=check,
    bad=(
        bad(
            "a list of all buckets, on one bucket",
            """
            {Effect: "Allow", Resource: "arn:aws:s3:::reports", Action: [
              "s3:ListBucket",
              "s3:ListAllMyBuckets", //!
            ]}""",
        ),
        bad(
            "a pattern that names nothing else",
            """
            {Effect: "Allow", Resource: "arn:aws:ec2:us-east-1:123456789012:instance/i-1",
              Action: "ec2:DescribeInstances*", //!
            }""",
        ),
    ),
    good=(
        good(
            "on everything",
            """
            {Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "*"}""",
        ),
        good(
            "on all buckets, as AWS has documented it",
            """
            {Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "arn:aws:s3:::*"}""",
        ),
        good(
            "a pattern with actions on resources in it",
            """
            {Effect: "Allow", Action: "s3:List*", Resource: "arn:aws:s3:::reports"}""",
        ),
    ),
)
