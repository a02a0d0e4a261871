"""Flags tests of a key beside a `Null` that demands the absence of the key.

Conditions of a statement are joined with *and*. Where `Null` lets only requests without the key
through, a negated test, `IfExists` or `ForAllValues` holds for all of them, so it has no effect. A
`Deny` that was meant for a missing header *or* a wrong value blocks only the missing header: every
request with a wrong value passes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.carried import holds_without_key
from iamlint.grants.contradiction import demands_absence
from iamlint.policy.grammar import Kind
from iamlint.policy.steps import spend
from iamlint.rule import Confidence, Family, Hit, Note, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import OPERATORS
from iamlint.rules.conditions._mfa import PRESENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Condition, Policy, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    absent = {c.name: c for c in statement.conditions if demands_absence(c)}
    for condition in statement.conditions if absent else ():
        null = absent.get(condition.name)
        if null is None or demands_absence(condition) or not holds_without_key(condition):
            continue
        if statement.denies and condition.name == PRESENT:
            continue  # `leaky-mfa-deny` reports the requests that it misses.
        leaks = statement.denies and not _is_completed(condition, statement, context.policy)
        yield Hit(
            condition.at,
            f"beside `Null`, which demands a request without `{condition.key}`, this always holds"
            + ("; requests that carry it are not denied, whatever the value" if leaks else ""),
            help=None if statement.denies else "remove this condition",
            severity=None if leaks else Severity.NOTE,
            related=(Note(null.at, "the `Null`"),),
        )


def _is_completed(condition: Condition, statement: Statement, policy: Policy) -> bool:
    """Return whether another Deny tests the value of the key where it is there."""
    spend(len(policy.statements))
    return any(
        deny.denies
        and deny is not statement
        and any(c.name == condition.name and not demands_absence(c) for c in deny.conditions)
        and not any(c.name == condition.name and demands_absence(c) for c in deny.conditions)
        for deny in policy.statements
    )


RULE = Rule(
    name="redundant-key-due-to-null",
    family=Family.CONDITIONS,
    module=__name__,
    summary="a test has no effect, because `Null` lets only requests without the key through",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=4.6,
    cwe=863,
    advice="write two statements: one for the missing key, one for its values",
    sources=(
        OPERATORS,
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html",
    ),
    when=("several conditions", "operator Null"),
    check=check,
    bad=(
        bad(
            "every header passes, whatever it says",
            """
            {
              Effect: "Deny",
              Action: "s3:PutObject",
              Resource: "*",
              Condition: {
                Null: {"s3:x-amz-server-side-encryption": "true"},
                StringNotEquals: {
                  "s3:x-amz-server-side-encryption": ["aws:kms"], //!
                },
              },
            }""",
            kind=Kind.SCP,
        ),
        bad(
            "every request with the tag passes, in a bucket policy",
            """
            {
              Effect: "Deny",
              Principal: "*",
              Action: "s3:PutObject",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {
                StringNotLikeIfExists: {
                  "s3:RequestObjectTag/class": "public-*", //!
                },
                Null: {"s3:requestobjecttag/class": true},
              },
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "an Allow for requests without tags: a note",
            """
            {
              Effect: "Allow",
              Action: "ec2:CreateVolume",
              Resource: "*",
              Condition: {
                Null: {"aws:TagKeys": "true"},
                "ForAllValues:StringEquals": {
                  "aws:TagKeys": ["team"], //!
                },
              },
            }""",
        ),
    ),
    good=(
        good(
            "two statements",
            """
            {Version: "2012-10-17", Statement: [
              {
                Effect: "Deny",
                Action: "s3:PutObject",
                Resource: "*",
                Condition: {Null: {"s3:x-amz-server-side-encryption": "true"}},
              },
              {
                Effect: "Deny",
                Action: "s3:PutObject",
                Resource: "*",
                Condition: {StringNotEquals: {"s3:x-amz-server-side-encryption": "aws:kms"}},
              },
            ]}""",
        ),
        good(
            "a wrong value, where there is one",
            """
            {
              Effect: "Deny",
              Action: "s3:PutObject",
              Resource: "*",
              Condition: {
                Null: {"s3:x-amz-server-side-encryption": "false"},
                StringNotEquals: {"s3:x-amz-server-side-encryption": "aws:kms"},
              },
            }""",
        ),
        good(
            "two keys",
            """
            {
              Effect: "Deny",
              Action: "s3:PutObject",
              Resource: "*",
              Condition: {
                Null: {"s3:x-amz-server-side-encryption": "true"},
                StringNotEquals: {"s3:x-amz-server-side-encryption-aws-kms-key-id": "arn:aws:kms:eu-west-1:111122223333:key/k"},
              },
            }""",
        ),
    ),
)
