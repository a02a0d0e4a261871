"""Flags resource policies longer than their service accepts.

Each service has its own quota, so the rule needs to know what the policy is attached to. All
characters count, also white space, unless a tool removes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.quotas._limits import RESOURCE
from iamlint.rules.quotas._sizes import Maximum, maximum, sent_size, too_long

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Policy
    from iamlint.rule import Hit, RuleContext


def check_policy(policy: Policy, context: RuleContext) -> Iterator[Hit]:
    limit = RESOURCE.get(context.resource_type or "")
    if limit is not None:
        yield from too_long(sent_size(context), maximum(context, limit.characters), blanks=True)


RULE = Rule(
    name="oversized-resource-policy",
    family=Family.QUOTAS,
    module=__name__,
    summary="the service rejects a resource policy of this length",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    access_analyzer=("POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA",),
    kinds=frozenset({Kind.RESOURCE}),
    options=Maximum,
    advice="remove white space, or use fewer statements and patterns",
    sources=tuple(dict.fromkeys(limit.source for limit in RESOURCE.values())),
    check_policy=check_policy,
    bad=(
        bad(
            "a bucket policy",
            """
            { //!
              Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::b/*",
            }""",
            kind=Kind.RESOURCE,
            resource_type="AWS::S3::Bucket",
            options={"maximum": 100},
        ),
        bad(
            "a queue policy",
            """
            { //!
              Effect: "Deny", Principal: "*", Action: "sqs:*", Resource: "arn:aws:sqs:us-east-1:111122223333:q",
            }""",
            kind=Kind.RESOURCE,
            resource_type="AWS::SQS::Queue",
            options={"maximum": 100},
        ),
    ),
    good=(
        good(
            "a bucket policy within the quota",
            """
            {
              Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::b/*",
            }""",
            kind=Kind.RESOURCE,
            resource_type="AWS::S3::Bucket",
        ),
        good(
            "a resource without a known quota",
            """
            {
              Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::b/*",
            }""",
            kind=Kind.RESOURCE,
            resource_type="AWS::Glacier::Vault",
            options={"maximum": 100},
        ),
    ),
)
