"""Flags ARNs in a resource policy that cannot be the resource it is attached to.

The policy of a bucket applies to the bucket and its objects. Any other ARN in it matches nothing,
and most services reject the policy.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from iamlint.policy.arn import split_arn
from iamlint.policy.grammar import Kind
from iamlint.policy.pattern import has_unknown
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.resources._attached import ATTACHED
from iamlint.rules.resources._judgement import ARNS, CHECKS, judge
from iamlint.rules.resources._templates import FIELDS, ArnTemplate, fits, prepare_arn, template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.catalog import Catalog
    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if context.resource_type not in ATTACHED:
        return
    wanted = _templates(context.catalog, context.resource_type)
    for entry in statement.resources:
        pattern = entry.pattern
        fields = split_arn(pattern)
        if len(fields) != FIELDS or has_unknown("".join(fields[:5])):
            continue
        if any(fits(one, prepare_arn(pattern)) for one in wanted):
            continue
        if judge(pattern, context.catalog) is None:
            yield Hit(
                entry.at,
                f"`{entry.text}` matches nothing here: it is not the ARN of an `{context.resource_type}`",
                help=f"the format is `{wanted[0].text}`",
            )


@lru_cache(maxsize=16)
def _templates(catalog: Catalog, resource_type: str) -> tuple[ArnTemplate, ...]:
    attached = ATTACHED[resource_type]
    service = catalog.service(attached.service)
    types = service.resource_types if service else {}
    arns = [arn for name in sorted(attached.arns) if name in types for arn in types[name].arns]
    return tuple(one for arn in arns if (one := template(arn)))


RULE = Rule(
    name="resource-outside-resource-type",
    family=Family.RESOURCES,
    module=__name__,
    summary="the ARN cannot be the resource that the policy is attached to",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("UNSUPPORTED_RESOURCE_ARN_IN_POLICY",),
    kinds=frozenset({Kind.RESOURCE}),
    advice="name the resource that the policy is attached to, or something in it",
    sources=(CHECKS, ARNS),
    check=check,
    of_use=True,
    bad=(
        bad(
            "a key of KMS in the policy of a bucket",
            """
            {Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: [
              "arn:aws:s3:::b/*",
              "arn:aws:kms:us-east-1:123456789012:key/x", //!
            ]}""",
            kind=Kind.RESOURCE,
            resource_type="AWS::S3::Bucket",
        ),
        bad(
            "a bucket in the policy of a table",
            """
            {Effect: "Allow", Principal: "*", Action: "dynamodb:GetItem",
              Resource: "arn:aws:s3:::b/*", //!
            }""",
            kind=Kind.RESOURCE,
            resource_type="AWS::DynamoDB::Table",
        ),
    ),
    good=(
        good(
            "the bucket and its objects",
            """
            {Effect: "Allow", Principal: "*", Action: "s3:*",
              Resource: ["arn:aws:s3:::b", "arn:aws:s3:::b/*", "*"]}""",
            kind=Kind.RESOURCE,
            resource_type="AWS::S3::Bucket",
        ),
        good(
            "an index of the table",
            """
            {Effect: "Allow", Principal: "*", Action: "dynamodb:Query",
              Resource: "arn:aws:dynamodb:us-east-1:123456789012:table/t/index/i"}""",
            kind=Kind.RESOURCE,
            resource_type="AWS::DynamoDB::Table",
        ),
        good(
            "it is not known which resource the policy is attached to",
            """
            {Effect: "Allow", Principal: "*", Action: "sqs:SendMessage",
              Resource: "arn:aws:sqs:us-east-1:123456789012:q"}""",
            kind=Kind.RESOURCE,
        ),
    ),
)
