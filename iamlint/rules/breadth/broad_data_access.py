"""Flags grants, on every resource, of actions that read or copy stored data.

Objects, rows, messages and snapshots of the whole account are more than one job needs. Reading
logs, code and descriptions is a note.
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
    yield from sensitive_hits(statement, context, Sensitive.DATA, "read or copy data")


RULE = Rule(
    name="broad-data-access",
    family=Family.BREADTH,
    module=__name__,
    summary="the principal can read the data of every resource",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    profile=Profile.STRICT,
    security_severity=5.5,
    cwe=732,
    kinds=frozenset({Kind.IDENTITY}),
    advice="name the buckets, tables, keys or queues in `Resource`",
    sources=(
        "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
        "https://github.com/primeharbor/sensitive_iam_actions",
    ),
    when=("Allow", "Action", "wild resource"),
    check=check,
    bad=(
        bad(
            "every object of every bucket",
            """
            {
              Effect: "Allow",
              Action: "s3:GetObject", //!
              Resource: "arn:aws:s3:::*",
            }""",
        ),
        bad(
            "the message names the more serious action first",
            """
            {
              Effect: "Allow",
              Action: [
                "sqs:ReceiveMessage",
                "kms:Decrypt", //!
              ],
              Resource: "*",
            }""",
        ),
        bad(
            "a whole service, and every action on all buckets",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Resource: "*",
                Action: "dynamodb:*", //!
              },
              {Effect: "Allow", Resource: "arn:aws:s3:::*",
                Action: "*", //!
              },
            ]}""",
        ),
    ),
    good=(
        good(
            "AWS rejects both elements together, which another rule reports",
            """
            {
              Effect: "Allow",
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::reports/*",
              NotResource: [],
            }""",
        ),
        good(
            "the resource is named",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::shelf/*"}""",
        ),
        good(
            "a condition narrows it",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {"aws:ResourceTag/team": "shop"},
            }}""",
        ),
        good(
            "a Deny blocks it",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "s3:GetObject", Resource: "*"},
              {Effect: "Deny", Action: "s3:GetObject", Resource: "*"},
            ]}""",
        ),
        good(
            "a boundary grants nothing",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*"}""",
            kind=Kind.BOUNDARY,
        ),
    ),
)
