"""Flags grants, on every resource, of actions that decide who else has access.

With actions that write policies, grants, lists and shares, a principal can make resources public or
give them to another account. The rule covers AWS's access level "Permissions management", and
similar actions that AWS counts as "Write".
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
        statement, context, Sensitive.SHARING, "give others access to resources"
    )


RULE = Rule(
    name="broad-resource-sharing",
    family=Family.BREADTH,
    module=__name__,
    summary="the principal can give others access to every resource",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    profile=Profile.STRICT,
    security_severity=7.5,
    cwe=732,
    kinds=frozenset({Kind.IDENTITY}),
    advice="name the resources in `Resource`, and let only reviewers change policies",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html",
        "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
    ),
    when=("Allow", "Action", "wild resource"),
    check=check,
    bad=(
        bad(
            "the policy of every bucket",
            """
            {
              Effect: "Allow",
              Action: [
                "s3:PutObject",
                "s3:PutBucketPolicy", //!
              ],
              Resource: "*",
            }""",
        ),
        bad(
            "snapshots, which AWS counts as writing",
            """
            {
              Effect: "Allow",
              Action: "rds:ModifyDBSnapshotAttribute", //!
              Resource: "*",
            }""",
        ),
    ),
    good=(
        good(
            "the resource is named",
            """
            {Effect: "Allow", Action: "s3:PutBucketPolicy", Resource: "arn:aws:s3:::shelf"}""",
        ),
        good(
            "a condition narrows it",
            """
            {Effect: "Allow", Action: "kms:PutKeyPolicy", Resource: "*", Condition: {
              StringEquals: {"aws:ResourceTag/team": "shop"},
            }}""",
        ),
        good(
            "a Deny blocks it",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "s3:PutBucketPolicy", Resource: "*"},
              {Effect: "Deny", Action: "s3:PutBucketPolicy", Resource: "*"},
            ]}""",
        ),
        good(
            "a boundary grants nothing",
            """
            {Effect: "Allow", Action: "kms:PutKeyPolicy", Resource: "*"}""",
            kind=Kind.BOUNDARY,
        ),
    ),
)
