"""Flags `s3:ResourceAccount` in the policy of a bucket or an access point.

The policy is attached to the resource, so the owner of the resource is the same in every request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import CHECKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if context.resource_type not in _TYPES:
        return
    for condition in statement.conditions:
        if condition.name == "s3:resourceaccount":
            yield Hit(
                condition.at,
                f"`{condition.key}` is the same in every request to this resource, so the condition does not restrict",
            )


_TYPES = frozenset({"AWS::S3::Bucket", "AWS::S3::AccessPoint", "AWS::S3::MultiRegionAccessPoint"})


RULE = Rule(
    name="irrelevant-condition-key",
    family=Family.CONDITIONS,
    module=__name__,
    summary="the key is the same in every request to the resource that the policy is attached to",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    kinds=frozenset({Kind.RESOURCE}),
    access_analyzer=("IRRELEVANT_CONDITION_KEY_IN_POLICY",),
    advice="remove the condition",
    sources=(CHECKS,),
    when=("key s3:resourceaccount",),
    check=check,
    bad=(
        bad(
            "the policy of a bucket",
            """
            {Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {"s3:ResourceAccount": "123456789012"}, //!
            }}""",
            kind=Kind.RESOURCE,
            resource_type="AWS::S3::Bucket",
        ),
        bad(
            "the policy of an access point, in a Deny",
            """
            {Effect: "Deny", Principal: "*", Action: "s3:GetObject", Resource: "*", Condition: {
              StringNotEquals: {"s3:resourceAccount": "123456789012"}, //!
            }}""",
            kind=Kind.RESOURCE,
            resource_type="AWS::S3::AccessPoint",
        ),
    ),
    good=(
        good(
            "an identity policy reaches many buckets",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {"s3:ResourceAccount": "123456789012"},
            }}""",
        ),
        good(
            "the policy of a bucket, and another key",
            """
            {Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {"aws:PrincipalAccount": "123456789012"},
            }}""",
            kind=Kind.RESOURCE,
            resource_type="AWS::S3::Bucket",
        ),
    ),
)
