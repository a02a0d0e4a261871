"""Flags patterns of actions that also include actions that decide who has access.

The author of `s3:Put*` thinks of objects, but it grants `s3:PutBucketPolicy` too. Other rules
report whole services.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Profile, Rule, RuleContext, Severity, bad, good
from iamlint.rules.breadth._sorts import MANAGES_OTHERS, MANAGES_PERMISSIONS
from iamlint.rules.breadth._swept_in import swept_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    what = "the principal can change who has access"
    yield from swept_in(statement, context, MANAGES_PERMISSIONS, MANAGES_OTHERS, what)


RULE = Rule(
    name="permission-management-by-wildcard",
    family=Family.BREADTH,
    module=__name__,
    summary="a pattern of actions includes permissions management",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    profile=Profile.STRICT,
    security_severity=5.0,
    cwe=732,
    kinds=frozenset({Kind.IDENTITY}),
    advice="list the actions that you mean; `iamlint expand` shows the actions of a pattern",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
    ),
    when=("Allow", "wild action"),
    check=check,
    bad=(
        bad(
            "putting objects is meant",
            """
            {
              Effect: "Allow",
              Action: "s3:Put*", //!
              Resource: "arn:aws:s3:::*",
            }""",
        ),
        bad(
            "on one queue, too",
            """
            {
              Effect: "Allow",
              Action: [
                "sqs:*Message*",
                "sqs:*e*", //!
              ],
              Resource: "arn:aws:sqs:eu-west-1:111122223333:cart",
            }""",
        ),
        bad(
            "a whole service, and every action, on one bucket",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Resource: ["arn:aws:s3:::shelf", "arn:aws:s3:::shelf/*"],
                Action: "s3:*"}, //!
              {Effect: "Allow", Resource: ["arn:aws:s3:::shelf", "arn:aws:s3:::shelf/*"],
                Action: "*"}, //!
            ]}""",
        ),
    ),
    good=(
        good(
            "every action of the pattern is of one access level",
            """
            {Effect: "Allow", Action: ["s3:Get*", "s3:List*"], Resource: "*"}""",
        ),
        good(
            "the pattern names permissions management itself",
            """
            {Effect: "Allow", Action: "s3:PutBucketAcl*", Resource: "*"}""",
        ),
        good(
            "the included actions do not apply to objects",
            """
            {Effect: "Allow", Action: "sqs:Send*", Resource: "*"}""",
        ),
        good(
            "a Deny blocks it again",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "sns:Add*", Resource: "*"},
              {Effect: "Deny", Action: "sns:AddPermission", Resource: "*"},
            ]}""",
        ),
        good(
            "a Deny may be as wide as it likes",
            """
            {Effect: "Deny", Action: "s3:Put*", Resource: "*"}""",
        ),
    ),
)
