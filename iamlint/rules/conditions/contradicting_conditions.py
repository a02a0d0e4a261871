"""Flags conditions of a statement that can never be true together.

All conditions of a statement must hold. Two that demand different values of one key, a value and the
absence of the key, an ARN and another account than that of the ARN, or keys that no request carries
together, make a statement that never applies: an `Allow` grants nothing, and a `Deny` blocks nothing.
A request through a VPC endpoint has no `aws:SourceIp`, and one of an AWS service has no principal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.never import conditions_apart, contradictions
from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Note, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._never import consequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    end = consequence(statement)
    for condition, other in contradictions(statement, context.catalog):
        where = "the same key" if other.name == condition.name else f"`{other.key}`"
        yield Hit(
            condition.at,
            f"this and `{other.operator_text}` on {where} never hold together,"
            f" so the statement {end}",
            related=(Note(other.at, "the other condition"),),
        )
    for (one, first), (two, second) in conditions_apart(statement):
        yield Hit(
            second.at,
            f"{one.requests} does not carry `{second.key}`, and {two.requests} does not carry"
            f" `{first.key}`, so the statement {end}",
            related=(Note(first.at, "the other condition"),),
        )


RULE = Rule(
    name="contradicting-conditions",
    family=Family.CONDITIONS,
    module=__name__,
    summary="two conditions cannot hold together, so the statement never applies",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    advice="for *or*, list the values under one operator, or write two statements",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-network-properties",
    ),
    when=("several conditions",),
    check=check,
    bad=(
        bad(
            "no device, and the key absent",
            """
            {
              Effect: "Deny",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {
                Bool: {"aws:MultiFactorAuthPresent": "false"},
                Null: {
                  "aws:MultiFactorAuthPresent": "true", //!
                },
              },
            }""",
        ),
        bad(
            "a value and the opposite",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {
                StringEquals: {"aws:RequestedRegion": "eu-west-1"},
                StringNotEquals: {
                  "aws:RequestedRegion": ["eu-west-1", "eu-west-2"], //!
                },
              },
            }""",
        ),
        bad(
            "two patterns without a value in common",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {
                StringLike: {"aws:PrincipalTag/team": "shop-*"},
                StringEquals: {
                  "aws:principaltag/team": "cart", //!
                },
              },
            }""",
        ),
        bad(
            "two networks",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {
                IpAddress: {"aws:SourceIp": "192.0.2.0/24"},
                IpAddressIfExists: {
                  "aws:SourceIp": "203.0.113.0/24", //!
                },
              },
            }""",
        ),
        bad(
            "an address, and a VPC endpoint, whose requests have none",
            """
            {
              Effect: "Allow",
              Principal: "*",
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {
                IpAddress: {"aws:SourceIp": "192.0.2.0/24"},
                StringEquals: {
                  "aws:SourceVpce": "vpce-0123456789abcdef0", //!
                },
              },
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "a role of another account",
            """
            {
              Effect: "Allow",
              Principal: "*",
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {
                StringEquals: {"aws:PrincipalAccount": "111122223333"},
                ArnLike: {
                  "aws:PrincipalArn": "arn:aws:iam::444455556666:role/*", //!
                },
              },
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "a service of AWS, which belongs to no organization",
            """
            {
              Effect: "Deny",
              Principal: "*",
              Action: "s3:PutObject",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {
                Bool: {
                  "aws:PrincipalIsAWSService": "true", //!
                },
                StringEquals: {"aws:PrincipalOrgID": "o-a1b2c3d4e5"},
              },
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "the absence of a list, and a value in it",
            """
            {
              Effect: "Allow",
              Action: "ec2:CreateTags",
              Resource: "*",
              Condition: {
                Null: {"aws:TagKeys": "true"},
                "ForAnyValue:StringEquals": {
                  "aws:TagKeys": "team", //!
                },
              },
            }""",
        ),
    ),
    good=(
        good(
            "neither an address nor an endpoint, as AWS documents it",
            """
            {
              Effect: "Deny",
              Principal: "*",
              Action: "s3:*",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {
                NotIpAddress: {"aws:SourceIp": "192.0.2.0/24"},
                StringNotEquals: {"aws:SourceVpce": "vpce-0123456789abcdef0"},
              },
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "an address inside of the VPC that the endpoint belongs to",
            """
            {
              Effect: "Allow",
              Principal: "*",
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {
                IpAddress: {"aws:VpcSourceIp": "10.0.0.0/16"},
                StringEquals: {"aws:SourceVpc": "vpc-0123456789abcdef0"},
              },
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "a role of the account",
            """
            {
              Effect: "Allow",
              Principal: "*",
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {
                StringEquals: {"aws:PrincipalAccount": ["111122223333", "444455556666"]},
                ArnLike: {"aws:PrincipalArn": "arn:aws:iam::*:role/shop-*"},
              },
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "a range with a hole",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {
                IpAddress: {"aws:SourceIp": "192.0.2.0/24"},
                NotIpAddress: {"aws:SourceIp": "192.0.2.7/32"},
              },
            }""",
        ),
        good(
            "a lower and an upper bound",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {
                NumericGreaterThan: {"s3:max-keys": "1"},
                NumericLessThan: {"s3:max-keys": "10"},
              },
            }""",
        ),
        good(
            "presence and a value",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {
                Null: {"aws:TagKeys": "false"},
                "ForAllValues:StringEquals": {"aws:TagKeys": ["a"]},
              },
            }""",
        ),
        good(
            "a key of several values",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {
                "ForAnyValue:StringEquals": {"aws:TagKeys": "a"},
                "ForAnyValue:StringLike": {"aws:TagKeys": "b*"},
              },
            }""",
        ),
        good(
            "a variable may be anything",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {
                StringEquals: {"aws:PrincipalTag/team": "cart"},
                StringLike: {"aws:principaltag/team": "${aws:ResourceTag/team}"},
              },
            }""",
        ),
    ),
)
