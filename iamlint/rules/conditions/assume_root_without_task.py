"""Flags sessions of root users that are not limited to one task.

`sts:AssumeRoot` gives a session as the root user of a member account, for a task that a policy of
AWS describes. Without a condition on `sts:TaskPolicyArn` the caller chooses the task, such as
unlocking a bucket or a queue.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._guards import GUARDS, find_unguarded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if statement.allows:
        yield from find_unguarded(statement, context.policy, GUARDS)


RULE = Rule(
    name="assume-root-without-task",
    family=Family.CONDITIONS,
    module=__name__,
    summary="the caller can do every task as the root user of a member account",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=6.4,
    cwe=862,
    kinds=frozenset({Kind.IDENTITY}),
    advice="add a condition on the key that the message names",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-enable-root-access.html",
        "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoot.html",
    ),
    when=("Allow", " | ".join(f"service {one.service}" for one in GUARDS)),
    check=check,
    bad=(
        bad(
            "every task of the root user",
            """
            {
              Effect: "Allow",
              Action: "sts:AssumeRoot", //!
              Resource: "arn:aws:iam::111122223333:root",
            }""",
            kind=Kind.IDENTITY,
        ),
        bad(
            "by a pattern, for another reason",
            """
            {
              Effect: "Allow",
              Action: [
                "sts:AssumeRoot*", //!
                "sts:GetCallerIdentity",
              ],
              Resource: "*",
              Condition: {StringEquals: {"aws:PrincipalTag/team": "shop"}},
            }""",
            kind=Kind.IDENTITY,
        ),
    ),
    good=(
        good(
            "one task",
            """
            {
              Effect: "Allow",
              Action: "sts:AssumeRoot",
              Resource: "*",
              Condition: {ArnEquals: {"sts:TaskPolicyArn": "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"}},
            }""",
            kind=Kind.IDENTITY,
        ),
        good(
            "a Deny leaves one task",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "sts:AssumeRoot", Resource: "*"},
              {Effect: "Deny", Action: "sts:*", Resource: "*", Condition: {ArnNotEquals: {
                "sts:TaskPolicyArn": "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials",
              }}},
            ]}""",
            kind=Kind.IDENTITY,
        ),
        good(
            "another rule reports all of a service",
            """
            {
              Effect: "Allow",
              Action: "sts:*",
              Resource: "*",
            }""",
            kind=Kind.IDENTITY,
        ),
    ),
)
