"""Flags actions that another entry of the same list covers.

They make the list longer and hide what it grants. The rule compares entries of one `Action`, as
patterns; it does not notice several entries that cover another together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.action import parse_action
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.redundancy._covering import redundant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement
    from iamlint.rule import Hit, RuleContext


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    # Whether AWS looks at `NotAction` is not known, so it is left alone.
    entries = [entry for entry in statement.actions if entry.known]
    if len(entries) > 1:
        yield from redundant(entries, [entry.text.lower() for entry in entries], _covers)


def _covers(wide: str, narrow: str) -> bool:
    one, other = parse_action(wide), parse_action(narrow)
    return bool(one and other and one.covers(other))


RULE = Rule(
    name="redundant-action",
    family=Family.REDUNDANCY,
    module=__name__,
    summary="another entry of the list covers this action, so it has no effect",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    access_analyzer=("REDUNDANT_ACTION",),
    advice="keep the wider entry, or the narrower ones if they are all that is needed",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html",
    ),
    when=("several actions", "wild action | repeated action"),
    check=check,
    bad=(
        bad(
            "a wildcard beside what it covers",
            """
            {Effect: "Allow", Resource: "*", Action: [
              "s3:GetObject",
              "ec2:Describe*", //!
              "ec2:DescribeTags",
            ]}""",
        ),
        bad(
            "the same action in another letter case",
            """
            {Effect: "Allow", Resource: "*", Action: [
              "s3:GetObject", //!
              "S3:getobject",
            ]}""",
        ),
        bad(
            "two groups are two findings",
            """
            {Effect: "Allow", Resource: "*", Action: [
              "ec2:DescribeTags", //!
              "iam:Get*", //!
              "ec2:Describe*",
              "iam:GetRole",
              "ec2:*Tags",
            ]}""",
        ),
    ),
    good=(
        good(
            "patterns that only overlap",
            """
            {Effect: "Allow", Resource: "*", Action: ["iam:Get*", "iam:*CredentialReport"]}""",
        ),
        good(
            "the same action in two statements",
            """
            {
              Version: "2012-10-17",
              Statement: [
                {Effect: "Allow", Action: "s3:Get*", Resource: "arn:aws:s3:::a"},
                {Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*"},
              ],
            }""",
        ),
        good(
            "names that begin alike",
            """
            {Effect: "Allow", Resource: "*", Action: ["s3:GetObject", "s3:GetObjectAcl"]}""",
        ),
    ),
)
