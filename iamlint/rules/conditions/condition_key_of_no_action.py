"""Flags keys of a service that requests for the statement's actions never carry.

Requests to list a bucket carry `s3:prefix`; requests for `s3:GetObject` or to another service never
do. A request without the key fails the condition, so the statement never applies: an `Allow` grants
nothing, and a `Deny` blocks nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.carried import is_carried
from iamlint.policy.grammar import OperatorFamily
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for condition in statement.conditions:
        if not condition.needs_key or condition.family is OperatorFamily.NULL:
            continue
        if not is_carried(condition, statement, context.catalog):
            # An Allow gives less than meant, and a Deny protects nothing.
            is_tag = condition.name.startswith("aws:")
            yield Hit(
                condition.at,
                f"no request for these actions carries `{condition.key}`, so the statement never applies",
                severity=Severity.NOTE if is_tag and statement.allows else None,
            )


RULE = Rule(
    name="condition-key-of-no-action",
    family=Family.CONDITIONS,
    module=__name__,
    summary="no request for the statement's actions carries the key, so the statement never applies",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    advice="use a key that AWS's service authorization reference lists for the actions",
    sources=(
        "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
    ),
    when=("Action", "key of some requests"),
    check=check,
    bad=(
        bad(
            "a prefix beside reading",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringLike: {"s3:prefix": "home/*"}, //!
            }}""",
        ),
        bad(
            "a Deny that denies nothing",
            """
            {Effect: "Deny", Action: ["ec2:CreateVpc", "ec2:DeleteVpc"], Resource: "*", Condition: {
              StringEquals: {"ec2:InstanceType": "t3.micro"}, //!
            }}""",
        ),
        bad(
            "a key of another service",
            """
            {Effect: "Allow", Action: ["secretsmanager:*", "s3:GetObject"], Resource: "*", Condition: {
              StringEquals: {"ec2:InstanceType": "t3.micro"}, //!
            }}""",
        ),
        bad(
            "the image and the subnet of an instance get no tags",
            """
            {Effect: "Allow", Action: "ec2:RunInstances", Condition: {
              StringEquals: {"aws:RequestTag/team": "shop"}, //!
            }, Resource: ["arn:aws:ec2:*::image/*", "arn:aws:ec2:*:*:subnet/*"]}""",
        ),
    ),
    good=(
        good(
            "one of the actions is of the service of the key",
            """
            {Effect: "Allow", Action: ["ec2:RunInstances", "s3:GetObject"], Resource: "*", Condition: {
              StringEquals: {"ec2:InstanceType": "t3.micro"},
            }}""",
        ),
        good(
            "a key of another service that comes with the credentials",
            """
            {Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: "*", Condition: {
              ArnLike: {"lambda:SourceFunctionArn": "arn:aws:lambda:*:*:function:shop"},
            }}""",
        ),
        good(
            "devices send keys that AWS's reference does not list",
            """
            {Effect: "Allow", Action: "iot:Publish", Resource: "*", Condition: {
              Bool: {"iot:Connection.Thing.IsAttached": "true"},
            }}""",
        ),
        good(
            "no action of the service has the key in the reference, and AWS sends it all the same",
            """
            {Effect: "Allow", Action: "iottwinmaker:GetWorkspace", Resource: "*", Condition: {
              "ForAnyValue:StringEquals": {"iottwinmaker:linkedServices": "IOTSITEWISE"},
            }}""",
        ),
        good(
            "a listing sends the prefix",
            """
            {Effect: "Allow", Action: ["s3:GetObject", "s3:ListBucket"], Resource: "*", Condition: {
              StringLike: {"s3:prefix": "home/*"},
            }}""",
        ),
        good(
            "a key that comes with the credentials of the caller",
            """
            {Effect: "Allow", Action: "ec2:CreateImage", Resource: "*", Condition: {
              ArnLike: {"ec2:SourceInstanceARN": "arn:aws:ec2:*:*:instance/*"},
            }}""",
        ),
        good(
            "IfExists lets requests without the key pass",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringLikeIfExists: {"s3:prefix": "home/*"},
            }}""",
        ),
        good(
            "a pattern that includes an action with the key",
            """
            {Effect: "Allow", Action: "s3:*", Resource: "*", Condition: {
              StringLike: {"s3:prefix": "home/*"},
            }}""",
        ),
    ),
)
