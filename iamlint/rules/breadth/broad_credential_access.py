"""Flags grants, on every resource, of actions that return a usable secret.

Keys, tokens and passwords stay valid when the permission that fetched them is gone. Access to named
secrets is fine; access to all secrets of the account includes those of every other team.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.catalog.sensitive import Sensitive
from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Profile, Rule, RuleContext, Severity, bad, good
from iamlint.rules.breadth._sensitive import sensitive_hits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    yield from sensitive_hits(statement, context, Sensitive.CREDENTIALS, "get credentials")


RULE = Rule(
    name="broad-credential-access",
    family=Family.BREADTH,
    module=__name__,
    summary="the principal can fetch the credentials of every resource",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    profile=Profile.STRICT,
    security_severity=5.5,
    cwe=732,
    kinds=frozenset({Kind.IDENTITY}),
    advice="name the secrets, parameters or principals in `Resource`",
    sources=(
        "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
        "https://github.com/primeharbor/sensitive_iam_actions",
    ),
    when=("Allow", "Action", "wild resource"),
    check=check,
    bad=(
        bad(
            "every secret",
            """
            {
              Effect: "Allow",
              Action: [
                "ec2:DescribeInstances",
                "secretsmanager:Get*", //!
                "ssm:GetParametersByPath",
              ],
              Resource: "*",
            }""",
        ),
        bad(
            "all parameters by their ARNs",
            """
            {
              Effect: "Allow",
              Action: "ssm:GetParameter", //!
              Resource: "arn:aws:ssm:*:*:parameter/*",
            }""",
        ),
    ),
    good=(
        good(
            "the resource is named",
            """
            {Effect: "Allow", Action: "secretsmanager:GetSecretValue",
              Resource: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/*"}""",
        ),
        good(
            "the action has no resource type, and its token has the caller's own rights",
            """
            {Effect: "Allow", Action: ["ecr:GetAuthorizationToken", "sts:GetSessionToken"], Resource: "*"}""",
        ),
        good(
            "a condition narrows it",
            """
            {Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: "*", Condition: {
              StringEquals: {"aws:ResourceTag/team": "shop"},
            }}""",
        ),
        good(
            "a Deny blocks it",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: "*"},
              {Effect: "Deny", Action: "secretsmanager:GetSecretValue", Resource: "*"},
            ]}""",
        ),
        good(
            "a boundary grants nothing",
            """
            {Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: "*"}""",
            kind=Kind.BOUNDARY,
        ),
    ),
)
