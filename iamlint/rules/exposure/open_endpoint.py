"""Flags policies of VPC endpoints that let everything through.

The default policy of an endpoint lets every principal use every resource of the service, also those of
other accounts. Whoever runs code in the VPC can then send data to a bucket of their own, with their
own credentials, without a way to the internet. A policy of the endpoint can limit that to the
principals and the resources of an organization.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.audience import covers
from iamlint.grants.everyone import names_everyone
from iamlint.policy.grammar import Kind
from iamlint.policy.steps import spend
from iamlint.rule import Confidence, Family, Hit, Profile, Rule, Severity, bad, good
from iamlint.rules.breadth._reach import (
    every_resource,
    exceptions_of_denies,
    is_whole_service,
    names_every_action,
    narrowing,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Policy, Statement
    from iamlint.rule import RuleContext


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not statement.allows or not names_everyone(statement) or narrowing(statement):
        return
    entry = next(filter(names_every_action, statement.actions), None)
    if entry is None or not every_resource(statement, is_whole_service(entry) or "*"):
        return
    if statement.has_more_conditions or _is_limited(statement, context.policy):
        return
    yield Hit(
        statement.at,
        "the endpoint lets every principal use every resource, also those of other accounts",
    )


def _is_limited(statement: Statement, policy: Policy) -> bool:
    """Return whether a Deny limits all that the statement allows, or leaves a list of it."""
    spend(len(policy.statements))
    if any(
        one.denies and names_everyone(one) and covers(one, statement) for one in policy.statements
    ):
        return True
    return any(exceptions_of_denies(policy)) or any(
        one.denies and one.not_resource is not None for one in policy.statements
    )


RULE = Rule(
    name="open-endpoint",
    family=Family.EXPOSURE,
    module=__name__,
    summary="a VPC endpoint lets everything through",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    profile=Profile.STRICT,
    security_severity=3.0,
    cwe=732,
    kinds=frozenset({Kind.ENDPOINT}),
    advice="limit the statement with `aws:PrincipalOrgID` and `aws:ResourceOrgID`, or list what the VPC uses",
    sources=(
        "https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies-vpc-endpoint.html",
    ),
    when=("Allow", "every action", "wild resource"),
    check=check,
    bad=(
        bad(
            "the default policy",
            """
            { //!
              Effect: "Allow", Principal: "*", Action: "*", Resource: "*",
            }""",
            kind=Kind.ENDPOINT,
        ),
        bad(
            "all of the one service of the endpoint, and a Deny of one action",
            """
            {
              Version: "2012-10-17",
              Statement: [
                { //!
                  Effect: "Allow", Principal: {AWS: "*"}, Action: ["s3:*"],
                  Resource: ["arn:aws:s3:::*"],
                },
                {Effect: "Deny", Principal: "*", Action: "s3:DeleteBucket", Resource: "*"},
              ],
            }""",
            kind=Kind.ENDPOINT,
        ),
    ),
    good=(
        good(
            "principals and resources of the organization",
            """
            {
              Effect: "Allow", Principal: "*", Action: "*", Resource: "*",
              Condition: {
                StringEquals: {
                  "aws:PrincipalOrgID": "o-a1b2c3d4e5",
                  "aws:ResourceOrgID": "o-a1b2c3d4e5",
                },
              },
            }""",
            kind=Kind.ENDPOINT,
        ),
        good(
            "a Deny of all that is not of the organization",
            """
            {
              Version: "2012-10-17",
              Statement: [
                {Effect: "Allow", Principal: "*", Action: "*", Resource: "*"},
                {
                  Effect: "Deny", Principal: "*", Action: "*", Resource: "*",
                  Condition: {StringNotEquals: {"aws:ResourceOrgID": "o-a1b2c3d4e5"}},
                },
              ],
            }""",
            kind=Kind.ENDPOINT,
        ),
        good(
            "the buckets that the VPC uses",
            """
            {
              Effect: "Allow", Principal: "*", Action: "s3:*",
              Resource: ["arn:aws:s3:::shelf", "arn:aws:s3:::shelf/*"],
            }""",
            kind=Kind.ENDPOINT,
        ),
        good(
            "one action on every resource",
            """
            {Effect: "Allow", Principal: "*", Action: "ecr:GetAuthorizationToken", Resource: "*"}""",
            kind=Kind.ENDPOINT,
        ),
    ),
)
