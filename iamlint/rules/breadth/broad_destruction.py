"""Flags grants, on every resource, of actions that destroy what is hard to restore.

One wrong call, or one stolen session, can destroy data stores, backups, keys or whole accounts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.catalog.sensitive import Sensitive
from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Profile, Rule, RuleContext, Severity, bad, good
from iamlint.rules.breadth._sensitive import sensitive_hits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    yield from sensitive_hits(
        statement,
        context,
        Sensitive.DESTRUCTION,
        "destroy data, backups or keys that are hard to restore",
    )


RULE = Rule(
    name="broad-destruction",
    family=Family.BREADTH,
    module=__name__,
    summary="the principal can destroy data, backups or keys of every resource",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    profile=Profile.STRICT,
    security_severity=5.5,
    cwe=732,
    kinds=frozenset({Kind.IDENTITY}),
    advice="name the resources in `Resource`, and protect backups and keys with a Deny",
    sources=(
        "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
        "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_backing_up_data_secured_backups_data.html",
    ),
    when=("Allow", "Action", "wild resource"),
    check=check,
    bad=(
        bad(
            "keys and tables",
            """
            {
              Effect: "Allow",
              Action: [
                "dynamodb:DeleteTable",
                "kms:ScheduleKeyDeletion", //!
              ],
              Resource: "*",
            }""",
        ),
        bad(
            "any instance",
            """
            {
              Effect: "Allow",
              Action: "ec2:Terminate*", //!
              Resource: "arn:aws:ec2:*:*:instance/*",
            }""",
        ),
    ),
    good=(
        good(
            "the resource is named",
            """
            {Effect: "Allow", Action: "dynamodb:DeleteTable",
              Resource: "arn:aws:dynamodb:eu-west-1:111122223333:table/test-*"}""",
        ),
        good(
            "a condition narrows it",
            """
            {Effect: "Allow", Action: "dynamodb:DeleteTable", Resource: "*", Condition: {
              StringEquals: {"aws:ResourceTag/team": "shop"},
            }}""",
        ),
        good(
            "a Deny blocks it",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "dynamodb:DeleteTable", Resource: "*"},
              {Effect: "Deny", Action: "dynamodb:DeleteTable", Resource: "*"},
            ]}""",
        ),
        good(
            "a boundary grants nothing",
            """
            {Effect: "Allow", Action: "dynamodb:DeleteTable", Resource: "*"}""",
            kind=Kind.BOUNDARY,
        ),
    ),
)
