"""Flags values that no request carries in the key of a condition.

An account id has twelve digits, a path of an organization ends with `/`, and the session of a role
has the type `AssumedRole`. With any other value an `Allow` grants nothing, and a `Deny` denies
nothing. A value of a list that no request carries does nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Note, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._impossible import effect_of, excludes_nothing, impossible_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for condition in statement.conditions:
        found = impossible_values(condition, statement, context)
        # `vacuous-condition` reports a condition that excludes no request at all.
        if not found or excludes_nothing(condition, found):
            continue
        (first, (reason, advice)), *others = found
        partly = len(found) < len(condition.values)
        yield Hit(
            first.at,
            f"{reason}, so {effect_of(statement, condition, found)}",
            help=advice,
            related=tuple(Note(entry.at, "this value never matches either") for entry, _ in others),
            severity=Severity.NOTE if partly else None,
        )


RULE = Rule(
    name="malformed-condition-value",
    family=Family.CONDITIONS,
    module=__name__,
    summary="no request has such a value in the key, so it never matches",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    advice="write a value as the documentation of the key describes it",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html",
        "https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html",
        "https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html",
        "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html",
    ),
    when=("operator String | operator Arn",),
    check=check,
    bad=(
        bad(
            "a path without its last slash",
            """
            {Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*", Condition: {
              "ForAnyValue:StringEquals": {
                "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111", //!
              },
            }}""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "a role of IAM Identity Center without its path",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              ArnLike: {
                "aws:PrincipalArn": "arn:aws:iam::*:role/AWSReservedSSO_Admin_*", //!
              },
            }}""",
        ),
        bad(
            "one account with dashes: a note",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {"aws:ResourceAccount": [
                "111122223333",
                "4444-5555-6666", //!
              ]},
            }}""",
        ),
        bad(
            "the id of a role without a session",
            """
            {Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*", Condition: {
              StringNotLike: {"aws:userId": [
                "AROAEXAMPLEID", //!
                "111122223333",
              ]},
            }}""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "objects in the place of their bucket",
            """
            {
              Effect: "Allow",
              Principal: {Service: "s3.amazonaws.com"},
              Action: "sqs:SendMessage",
              Resource: "*",
              Condition: {ArnLike: {
                "aws:SourceArn": "arn:aws:s3:::shelf/*", //!
              }},
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "the queue in the place of the topic",
            """
            {
              Effect: "Allow",
              Principal: {Service: "sns.amazonaws.com"},
              Action: "sqs:SendMessage",
              Resource: "arn:aws:sqs:eu-west-1:111122223333:jobs",
              Condition: {ArnEquals: {
                "aws:SourceArn": "arn:aws:sqs:eu-west-1:111122223333:jobs", //!
              }},
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "the management of an API in the place of its execution",
            """
            {
              Effect: "Allow",
              Principal: {Service: "apigateway.amazonaws.com"},
              Action: "lambda:InvokeFunction",
              Resource: "arn:aws:lambda:eu-west-1:111122223333:function:resize",
              Condition: {ArnLike: {
                "aws:SourceArn": "arn:aws:apigateway:eu-west-1::/restapis/ab12cd34ef/*", //!
              }},
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "the objects of a bucket in a template",
            """
            Resources:
              Invoke:
                Type: AWS::Lambda::Permission
                Properties:
                  FunctionName: resize
                  Action: lambda:InvokeFunction
                  Principal: s3.amazonaws.com
                  SourceArn: !Sub arn:aws:s3:::${Bucket}/* //!
            """,
            kind=Kind.RESOURCE,
            file="template.yaml",
        ),
        bad(
            "a service without its Region",
            """
            {Effect: "Allow", Action: "kms:Decrypt", Resource: "*", Condition: {
              StringEquals: {
                "kms:ViaService": "s3.amazonaws.com", //!
              },
            }}""",
        ),
        bad(
            "an id in the place of an ARN",
            """
            {Effect: "Allow", Action: "ec2:RunInstances", Resource: "*", Condition: {
              StringEquals: {
                "ec2:Vpc": "vpc-0123456789abcdef0", //!
              },
            }}""",
        ),
        bad(
            "an operation with its prefix",
            """
            {Effect: "Allow", Action: "ec2:CreateTags", Resource: "*", Condition: {
              StringEquals: {
                "ec2:CreateAction": "ec2:RunInstances", //!
              },
            }}""",
        ),
    ),
    good=(
        good(
            "a whole path, and a pattern that may end with a slash",
            """
            {Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*", Condition: {
              "ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": [
                "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/",
                "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/ou-*",
              ]},
            }}""",
            kind=Kind.RESOURCE,
        ),
        good(
            "roles, with their path",
            """
            {Effect: "Deny", Action: "cloudtrail:StopLogging", Resource: "*", Condition: {
              ArnNotLike: {"aws:PrincipalArn": [
                "arn:aws:iam::*:role/admin",
                "arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Admin_*",
                "arn:aws:iam::*:role/*AWSReservedSSO_Admin_*",
              ]},
            }}""",
            kind=Kind.SCP,
        ),
        good(
            "the ids of a role's sessions, a user and the root user",
            """
            {Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*", Condition: {
              StringNotLike: {"aws:userId": ["AROAEXAMPLEID:*", "AIDAEXAMPLEID", "111122223333"]},
            }}""",
            kind=Kind.RESOURCE,
        ),
        good(
            "the session of a role, without regard to letter case",
            """
            {Effect: "Deny", Action: "s3:DeleteBucket", Resource: "*", Condition: {
              StringNotEqualsIgnoreCase: {"aws:PrincipalType": "assumedrole"},
            }}""",
        ),
        good(
            "a bucket, as S3 documents it",
            """
            {
              Effect: "Allow",
              Principal: {Service: "s3.amazonaws.com"},
              Action: "sqs:SendMessage",
              Resource: "*",
              Condition: {ArnLike: {"aws:SourceArn": "arn:aws:s3:*:*:shelf"}},
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "two services: the second one acts for the topic",
            """
            {
              Effect: "Allow",
              Principal: {Service: ["events.amazonaws.com", "sns.amazonaws.com"]},
              Action: "sqs:SendMessage",
              Resource: "*",
              Condition: {ArnEquals: {"aws:SourceArn": "arn:aws:sns:eu-west-1:111122223333:orders"}},
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "a service of any Region",
            """
            {Effect: "Allow", Action: "kms:Decrypt", Resource: "*", Condition: {
              StringLike: {"kms:ViaService": "s3.*.amazonaws.com"},
            }}""",
        ),
        good(
            "values that a variable or another tool fills in",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {
                "aws:ResourceAccount": "${aws:PrincipalAccount}",
                "aws:ResourceOrgID": "<my-organization>",
              },
            }}""",
        ),
        good(
            "words of an example in the place of ids",
            """
            {Effect: "Allow", Action: "kms:Decrypt", Resource: "*", Condition: {
              StringEquals: {
                "kms:CallerAccount": "my-account-id",
                "kms:ViaService": "s3.bucket-region.amazonaws.com",
              },
            }}""",
        ),
        good(
            "an empty value, which tests for presence",
            """
            {Effect: "Deny", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEqualsIfExists: {"aws:PrincipalOrgID": ""},
            }}""",
        ),
        good(
            "the values that AWS lists",
            """
            {Effect: "Deny", Action: "s3:PutObject", Resource: "*", Condition: {
              StringNotEquals: {"s3:x-amz-server-side-encryption": ["AES256", "aws:kms"]},
            }}""",
        ),
    ),
)
