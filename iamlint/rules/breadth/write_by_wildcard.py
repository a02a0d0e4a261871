"""Flags patterns of actions that include writing beside reading.

The author of `dynamodb:*Item` thinks of reading items, but it deletes them too. Other rules report
whole services.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Profile, Rule, RuleContext, Severity, bad, good
from iamlint.rules.breadth._sorts import READS, WRITES
from iamlint.rules.breadth._swept_in import swept_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    yield from swept_in(statement, context, WRITES, READS, "the principal can change resources")


RULE = Rule(
    name="write-by-wildcard",
    family=Family.BREADTH,
    module=__name__,
    summary="a pattern of actions includes writing beside reading",
    severity=Severity.NOTE,
    confidence=Confidence.MEDIUM,
    profile=Profile.STRICT,
    security_severity=3.0,
    cwe=732,
    kinds=frozenset({Kind.IDENTITY}),
    advice="list the actions that you mean; `iamlint expand` shows the actions of a pattern",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html",
    ),
    when=("Allow", "wild action"),
    check=check,
    bad=(
        bad(
            "items are read, written and deleted",
            """
            {
              Effect: "Allow",
              Action: "dynamodb:*Item", //!
              Resource: "arn:aws:dynamodb:eu-west-1:111122223333:table/cart",
            }""",
        ),
        bad(
            "one pattern of two",
            """
            {
              Effect: "Allow",
              Action: [
                "ec2:Describe*",
                "ec2:*Snapshot*", //!
              ],
              Resource: "*",
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
            "the pattern names one verb",
            """
            {Effect: "Allow", Action: ["dynamodb:Put*", "dynamodb:Get*"], Resource: "*"}""",
        ),
        good(
            "reading alone",
            """
            {Effect: "Allow", Action: "ec2:Describe*", Resource: "*"}""",
        ),
        good(
            "a named action is meant",
            """
            {Effect: "Allow", Action: ["dynamodb:GetItem", "dynamodb:DeleteItem"], Resource: "*"}""",
        ),
        good(
            "a Deny may be as wide as it likes",
            """
            {Effect: "Deny", Action: "ec2:*Snapshot*", Resource: "*"}""",
        ),
    ),
)
