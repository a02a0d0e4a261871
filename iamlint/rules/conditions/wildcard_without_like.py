"""Flags `*` and `?` under operators that compare them as plain characters.

`StringEquals` matches only the exact text, and hardly any key holds a `*`. So the value never
matches: an `Allow` grants nothing, and a negated condition always holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.late_pattern import late_pattern
from iamlint.policy.grammar import Kind
from iamlint.policy.wildcard import is_wild
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules._fixes import with_operator
from iamlint.rules.conditions._keys import CHECKS, OPERATORS, compares_text, plain_text
from iamlint.text.source import Partial

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.grammar import Operator
    from iamlint.policy.model import Condition, Entry, Statement
    from iamlint.rule.fix import Fix

# AWS puts it under `StringEquals` into the policy of each bucket that gets reports of costs.
# https://docs.aws.amazon.com/cur/latest/userguide/cur-s3.html
_REPORTS = late_pattern(r"arn:.+:cur:.+:definition/\*")


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for condition in statement.conditions:
        operator = condition.operator
        if operator is None or not compares_text(condition) or operator.wildcards:
            continue
        for entry in condition.values:
            if _has_wildcard(entry) and not _REPORTS.fullmatch(entry.text):
                yield Hit(
                    entry.at,
                    f"`{condition.operator_text}` compares the wildcard in `{entry.text}` as a "
                    "plain character, so it never matches",
                    help=f"use `String{'Not' * condition.negated}Like`; for the character itself "
                    "write `${*}` or `${?}`",
                    fix=_fix(condition, operator, context),
                )


def _has_wildcard(entry: Entry) -> bool:
    """Return whether the known parts of a value contain a wildcard."""
    parts = entry.value.parts if isinstance(entry.value, Partial) else (entry.value,)
    return any(isinstance(part, str) and is_wild(plain_text(part)) for part in parts)


def _fix(condition: Condition, operator: Operator, context: RuleContext) -> Fix | None:
    if operator.name not in ("StringEquals", "StringNotEquals"):
        return None
    start, _, rest = condition.operator_text.rpartition(":")
    new = "StringNotLike" if operator.negated else "StringLike"
    new = new + rest[len(operator.name) :]
    return with_operator(context, condition, f"{start}:{new}" if start else new)


RULE = Rule(
    name="wildcard-without-like",
    family=Family.CONDITIONS,
    module=__name__,
    summary="`StringEquals` compares wildcards as plain characters, so the value never matches",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    access_analyzer=("WILDCARD_WITHOUT_LIKE_OPERATOR",),
    advice="use `StringLike` or `StringNotLike`",
    sources=(CHECKS, OPERATORS),
    when=("operator String", "wild value"),
    check=check,
    bad=(
        bad(
            "any value of a tag",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {"aws:ResourceTag/team": "*"}, //!
            }}""",
        ),
        bad(
            "one value of a list, negated",
            """
            {Effect: "Deny", Action: "s3:GetObject", Resource: "*", Condition: {
              StringNotEqualsIfExists: {"aws:PrincipalTag/team": [
                "ops",
                "dev-?", //!
              ]},
            }}""",
        ),
        bad(
            "a value that a tool fills in partly",
            """
            {Effect: "Allow", Action: "ec2:StartInstances", Resource: "*", Condition: {
              StringEquals: {"ec2:Vpc": "arn:aws:ec2:eu-west-1:*:vpc/${VPC_ID}"}, //!
            }}""",
        ),
        bad(
            "without regard to case",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEqualsIgnoreCase: {"aws:PrincipalTag/team": "dev*"}, //!
            }}""",
        ),
    ),
    good=(
        good(
            "an operator that supports wildcards",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringLike: {"aws:PrincipalTag/team": "dev*"},
            }}""",
        ),
        good(
            "`ArnEquals` supports them too",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              ArnEquals: {"aws:SourceArn": "arn:aws:sns:*:123456789012:x"},
            }}""",
        ),
        good(
            "the character itself",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {"aws:PrincipalTag/team": "a${*}"},
            }}""",
        ),
        good(
            "AWS's own policy for reports of costs",
            """
            {
              Effect: "Allow",
              Principal: {Service: "billingreports.amazonaws.com"},
              Action: "s3:PutObject",
              Resource: "arn:aws:s3:::reports/*",
              Condition: {StringEquals: {
                "aws:SourceAccount": "111122223333",
                "aws:SourceArn": "arn:aws:cur:us-east-1:111122223333:definition/*",
              }},
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "no wildcard under Like",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringLike: {"aws:PrincipalTag/team": "dev"},
            }}""",
        ),
    ),
)
