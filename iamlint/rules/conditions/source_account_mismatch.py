"""Flags sources whose account differs from the account that the statement demands.

`aws:SourceArn` and `aws:SourceAccount` describe the same source. If the ARN names an account that
the other key does not allow, no request has both, so the statement never applies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.arn import account_of, is_account_id
from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Note, Rule, RuleContext, Severity, bad, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Condition, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    arns = next((c for c in statement.conditions if _names(c, "aws:sourcearn")), None)
    accounts = next((c for c in statement.conditions if _names(c, "aws:sourceaccount")), None)
    if arns is None or accounts is None:
        return
    wanted = {entry.known for entry in accounts.values}
    named = {account_of(entry.known or "") for entry in arns.values}
    if None in named or not all(account and is_account_id(account) for account in wanted):
        return
    if wanted.isdisjoint(named):
        yield Hit(
            accounts.at,
            "`aws:SourceArn` demands a source in another account, so the statement never applies",
            related=(Note(arns.at, "the ARN of the source"),),
        )


def _names(condition: Condition, key: str) -> bool:
    return condition.name == key and condition.needs_key and not condition.negated


RULE = Rule(
    name="source-account-mismatch",
    family=Family.CONDITIONS,
    module=__name__,
    summary="`aws:SourceAccount` and `aws:SourceArn` demand different accounts, so no request has both",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    kinds=frozenset({Kind.TRUST, Kind.RESOURCE}),
    advice="write the account of the ARN, or remove `aws:SourceAccount`",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
        "https://docs.aws.amazon.com/iot/latest/developerguide/cross-service-confused-deputy-prevention.html",
    ),
    when=("key aws:sourcearn", "key aws:sourceaccount"),
    check=check,
    bad=(
        bad(
            "another account",
            """
            {
              Effect: "Allow",
              Principal: {Service: "iot.amazonaws.com"},
              Action: "sts:AssumeRole",
              Condition: {
                ArnLike: {"aws:SourceArn": "arn:aws:iot:eu-west-1:111122223333:*"},
                StringEquals: {
                  "aws:SourceAccount": "444455556666", //!
                },
              },
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "another account in another letter case",
            """
            {
              Effect: "Allow",
              Principal: {Service: "sns.amazonaws.com"},
              Action: "sqs:SendMessage",
              Resource: "*",
              Condition: {StringEquals: {
                "AWS:SourceArn": "arn:aws:sns:eu-west-1:111122223333:t",
                "AWS:SourceAccount": ["444455556666", "777788889999"], //!
              }},
            }""",
            kind=Kind.RESOURCE,
        ),
    ),
    good=(
        good(
            "the same account",
            """
            {
              Effect: "Allow",
              Principal: {Service: "iot.amazonaws.com"},
              Action: "sts:AssumeRole",
              Condition: {
                ArnLike: {"aws:SourceArn": "arn:aws:iot:eu-west-1:111122223333:*"},
                StringEquals: {"aws:SourceAccount": "111122223333"},
              },
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "a bucket has no account in its ARN",
            """
            {
              Effect: "Allow",
              Principal: {Service: "s3.amazonaws.com"},
              Action: "sns:Publish",
              Resource: "*",
              Condition: {
                ArnLike: {"aws:SourceArn": "arn:aws:s3:::shelf"},
                StringEquals: {"aws:SourceAccount": "111122223333"},
              },
            }""",
            kind=Kind.RESOURCE,
        ),
    ),
)
