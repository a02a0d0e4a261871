"""Flags resources of a resource policy that cannot be the resource it is attached to.

The policy of a bucket applies to the bucket and its objects. Any other ARN in it matches nothing,
and most services reject the policy. S3 also rejects `*` there: it wants the ARN of this bucket.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from iamlint.policy.arn import split_arn
from iamlint.policy.grammar import Kind
from iamlint.policy.pattern import display, has_unknown, pattern_of
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.resources._attached import ATTACHED
from iamlint.rules.resources._judgement import ARNS, CHECKS, judge
from iamlint.rules.resources._templates import FIELDS, ArnTemplate, fits, prepare_arn, template
from iamlint.rules.resources._within import is_elsewhere

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.catalog import Catalog
    from iamlint.policy.model import Entry, Statement

_BUCKET: Final = "AWS::S3::Bucket"


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    of_bucket = context.resource_type == _BUCKET
    for entry in statement.resources:
        if entry.known != "*":
            yield from _of_arn(entry, context)
        elif of_bucket:
            yield Hit(
                entry.at,
                "S3 rejects `*` as a resource in the policy of a bucket",
                help="name the bucket and what is in it, such as `arn:aws:s3:::BUCKET/*`",
                access_analyzer="",
            )


def _of_arn(entry: Entry, context: RuleContext) -> Iterator[Hit]:
    pattern, own, type_ = entry.pattern, context.arn, context.resource_type or ""
    fields = split_arn(pattern)
    if len(fields) != FIELDS or has_unknown("".join(fields[:5])):
        return
    wanted = _templates(context.catalog, type_)
    is_other = bool(wanted) and not any(fits(one, prepare_arn(pattern)) for one in wanted)
    if not is_other and (own is None or not is_elsewhere(pattern, own, type_)):
        return
    if judge(pattern, context.catalog) is not None:
        return
    message = f"`{entry.text}` matches nothing here"
    if is_other:
        help_ = f"the format is `{wanted[0].text}`"
        yield Hit(entry.at, f"{message}: it is not the ARN of an `{type_}`", help_)
    elif own is not None:
        rejected = ", so S3 rejects the policy" if type_ == _BUCKET else ""
        message += f": the policy is attached to `{display(pattern_of(own), own)}`{rejected}"
        yield Hit(entry.at, message, access_analyzer="")


@lru_cache(maxsize=16)
def _templates(catalog: Catalog, resource_type: str) -> tuple[ArnTemplate, ...]:
    attached = ATTACHED.get(resource_type)
    if attached is None:
        return ()
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
    when=("Resource",),
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
        bad(
            "every resource, in the policy of a bucket",
            """
            {Effect: "Deny", Principal: "*", Action: "s3:*",
              Resource: "*", //!
              Condition: {Bool: {"aws:SecureTransport": "false"}},
            }""",
            kind=Kind.RESOURCE,
            resource_type="AWS::S3::Bucket",
            access_analyzer="",
        ),
        bad(
            "another bucket than the one that has the policy",
            """
            Resources:
              Shelf:
                Type: AWS::S3::Bucket
              ShelfPolicy:
                Type: AWS::S3::BucketPolicy
                Properties:
                  Bucket: !Ref Shelf
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - Effect: Allow
                        Principal: {AWS: "111122223333"}
                        Action: s3:GetObject
                        Resource:
                          - !Sub ${Shelf.Arn}/*
                          - arn:aws:s3:::octo-ledger/* //!""",
            kind=Kind.RESOURCE,
            file="template.yaml",
            access_analyzer="",
        ),
        bad(
            "a queue of another name",
            """
            resource "aws_sqs_queue" "jobs" {
              name = "${var.stage}-jobs"
            }
            resource "aws_sqs_queue_policy" "jobs" {
              queue_url = aws_sqs_queue.jobs.url
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect = "Allow", Principal = { AWS = "111122223333" }, Action = "sqs:SendMessage"
                  Resource = "arn:aws:sqs:eu-west-1:111122223333:${var.stage}-mail" //!
                }]
              })
            }""",
            kind=Kind.RESOURCE,
            file="main.tf",
            access_analyzer="",
        ),
    ),
    good=(
        good(
            "the bucket and its objects",
            """
            {Effect: "Allow", Principal: "*", Action: "s3:*",
              Resource: ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]}""",
            kind=Kind.RESOURCE,
            resource_type="AWS::S3::Bucket",
        ),
        good(
            "in the policy of a key, `*` is the key",
            """
            {Effect: "Allow", Principal: {AWS: "111122223333"}, Action: "kms:*", Resource: "*"}""",
            kind=Kind.RESOURCE,
            resource_type="AWS::KMS::Key",
        ),
        good(
            "a bucket whose name another module decides",
            """
            resource "aws_s3_bucket_policy" "shelf" {
              bucket = module.storage.bucket
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect   = "Allow", Principal = { AWS = "111122223333" }, Action = "s3:GetObject"
                  Resource = "arn:aws:s3:::octo-ledger/*"
                }]
              })
            }""",
            kind=Kind.RESOURCE,
            file="main.tf",
        ),
        good(
            "a directory bucket",
            """
            resource "aws_s3_directory_bucket" "shelf" {
              bucket = "shelf--euw1-az1--x-s3"
            }
            resource "aws_s3_bucket_policy" "shelf" {
              bucket = aws_s3_directory_bucket.shelf.bucket
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect    = "Allow", Action = "s3express:CreateSession"
                  Principal = { AWS = "arn:aws:iam::111122223333:role/reader" }
                  Resource  = aws_s3_directory_bucket.shelf.arn
                }]
              })
            }""",
            kind=Kind.RESOURCE,
            file="main.tf",
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
