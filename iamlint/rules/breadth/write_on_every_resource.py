"""Flags writing actions on every resource that could be limited to some resources.

Most writing actions have a resource type. `*` is right for the few that do not, and authors often
mean only those. The rule leaves out actions that other rules report for their effect, and whole
services.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
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
from iamlint.rules.breadth._reach import every_resource, names_every_action
from iamlint.rules.breadth._sensitive import LISTED, granted_everywhere, in_words
from iamlint.rules.breadth._sorts import WRITES_TO_RESOURCES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    found = list(granted_everywhere(statement, context, WRITES_TO_RESOURCES, names_every_action))
    if not found:
        return
    resource = every_resource(statement, found[0][1].service) or statement.resources[0]
    names = list(dict.fromkeys(action.full_name for _, action in found))
    places = dict.fromkeys(entry.at for entry, _ in found)
    yield Hit(
        resource.at,
        f"this grants {in_words(names)} on every resource, but could be limited to some resources",
        related=tuple(Note(at, "this entry grants some of them") for at in list(places)[:LISTED]),
        properties={"actions": names[:LISTED], "count": len(names)},
    )


RULE = Rule(
    name="write-on-every-resource",
    family=Family.BREADTH,
    module=__name__,
    summary="the policy grants writing actions on every resource, though they could be limited to some",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    profile=Profile.STRICT,
    security_severity=3.0,
    cwe=732,
    kinds=frozenset({Kind.IDENTITY}),
    advice="name the resources; keep `*` in a separate statement for actions without resource types",
    sources=(
        "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
    ),
    when=("Allow", "Action", "wild resource"),
    check=check,
    bad=(
        bad(
            "writing to every table",
            """
            {
              Effect: "Allow",
              Action: ["dynamodb:GetItem", "dynamodb:PutItem"],
              Resource: "*", //!
            }""",
        ),
        bad(
            "a pattern of writing actions",
            """
            {
              Effect: "Allow",
              Action: "sqs:Send*",
              Resource: [
                "arn:aws:sqs:*:*:*", //!
              ],
            }""",
        ),
    ),
    good=(
        good(
            "these have no resource type",
            """
            {Effect: "Allow", Action: ["ec2:DescribeInstances", "ecr:GetAuthorizationToken"], Resource: "*"}""",
        ),
        good(
            "the table is named",
            """
            {Effect: "Allow", Action: "dynamodb:PutItem",
              Resource: "arn:aws:dynamodb:eu-west-1:111122223333:table/cart"}""",
        ),
        good(
            "a condition narrows it",
            """
            {Effect: "Allow", Action: "ec2:StartInstances", Resource: "*", Condition: {
              StringEquals: {"aws:ResourceTag/team": "shop"},
            }}""",
        ),
        good(
            "in a key policy `*` is the one key",
            """
            {Effect: "Allow", Principal: {AWS: "arn:aws:iam::111122223333:role/app"},
              Action: "kms:Encrypt", Resource: "*"}""",
            kind=Kind.RESOURCE,
        ),
    ),
)
