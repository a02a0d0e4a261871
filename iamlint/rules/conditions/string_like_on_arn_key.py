"""Flags `StringLike` on a key that holds an ARN.

`StringLike` compares an ARN as one text, and a `*` also matches its colons: a pattern for one
account can match a resource of another. `ArnLike` compares field by field. A wildcard in the last
field matches the same under both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.catalog import KeyType
from iamlint.grants.pinned import text_of
from iamlint.policy.wildcard import is_wild
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import CHECKS, OPERATORS, is_wild_string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Condition, Entry, Statement

_FIELDS: Final = 6
_SERVICE: Final = 2

# Services whose names have no colon: their ARNs have six fields, and a wildcard spans only one.
# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-trail-naming-requirements.html
# https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
# https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
_WITHOUT_COLONS: Final = frozenset({"cloudtrail", "events", "sns", "sqs"})


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for condition in statement.conditions:
        if not is_wild_string(condition):
            continue
        key = context.catalog.condition_key(condition.key)
        if key and key.type is KeyType.ARN:
            runs_on = any(_runs_across_fields(entry) for entry in condition.values)
            yield Hit(
                condition.at,
                _message(condition, runs_on=runs_on),
                help=_help(condition),
                severity=None if runs_on else Severity.NOTE,
            )


def _runs_across_fields(entry: Entry) -> bool:
    """Return whether a wildcard before the last field may match text with further colons.

    Only the ARN of a root user ends in `:root`: names and paths of others end in a name, which has
    no colon.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    """
    fields = text_of(entry).split(":", _FIELDS - 1)
    if len(fields) < _FIELDS:
        return is_wild(fields[-1])
    if fields[_SERVICE] in _WITHOUT_COLONS and not any(map(is_wild, fields[:_SERVICE])):
        return False
    return fields[-1] != "root" and any(is_wild(field) for field in fields[:-1])


def _message(condition: Condition, *, runs_on: bool) -> str:
    if runs_on:
        return (
            f"`{condition.key}` is an ARN, and under `{condition.operator_text}` a wildcard can match "
            "several of its fields"
        )
    return f"`{condition.key}` is an ARN, and `{condition.operator_text}` compares it as one text"


def _help(condition: Condition) -> str:
    operator = "ArnNotLike" if condition.negated else "ArnLike"
    if all(text_of(entry).count(":") >= _FIELDS - 1 for entry in condition.values):
        return f"use `{operator}`"
    return f"write all six fields of the ARN and use `{operator}`, which compares field by field"


RULE = Rule(
    name="string-like-on-arn-key",
    family=Family.CONDITIONS,
    module=__name__,
    summary="a wildcard of `StringLike` can match several fields of an ARN",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=4.0,
    cwe=625,
    access_analyzer=("STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS",),
    advice="use `ArnLike` or `ArnNotLike`",
    sources=(CHECKS, OPERATORS),
    when=("like",),
    check=check,
    bad=(
        bad(
            "a global key",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringLike: {"aws:SourceArn": "arn:aws:s3:::*"}, //!
            }}""",
        ),
        bad(
            "a wildcard in the last field alone: a note",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringLike: {"aws:SourceArn": "arn:aws:lambda:eu-west-1:111122223333:function:a*"}, //!
            }}""",
        ),
        bad(
            "a service whose names have no colon: a note",
            """
            {Effect: "Allow", Action: "s3:PutObject", Resource: "*", Condition: {
              StringLike: {"aws:SourceArn": "arn:aws:cloudtrail:*:111122223333:trail/*-logs"}, //!
            }}""",
        ),
        bad(
            "fewer than six fields, which `ArnLike` would never match",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringLike: {"aws:SourceArn": "arn:aws:ses:*"}, //!
            }}""",
        ),
        bad(
            "negated, with IfExists, in another letter case",
            """
            {Effect: "Deny", Action: "s3:GetObject", Resource: "*", Condition: {
              StringNotLikeIfExists: {
                "aws:principalarn": "arn:aws:iam::*:role/admin", //!
              },
            }}""",
        ),
    ),
    good=(
        good(
            "an ARN operator",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              ArnLike: {"aws:SourceArn": "arn:aws:s3:::*"},
            }}""",
        ),
        good(
            "an exact comparison",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {"aws:SourceArn": "arn:aws:s3:::b"},
            }}""",
        ),
        good(
            "a key that does not hold an ARN",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringLike: {"aws:PrincipalTag/team": "a*"},
            }}""",
        ),
    ),
)
