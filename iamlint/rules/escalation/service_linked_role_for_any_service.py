"""Flags `iam:CreateServiceLinkedRole` for any service.

A service-linked role gives its service permanent access to the account. Without a limit, a
principal can turn on services that the owner of the account has not chosen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind, OperatorFamily
from iamlint.policy.wildcard import is_wild
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.escalation._any_resource import FORMS, on_any_resource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Condition, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if any(_names_services(condition) for condition in statement.conditions):
        return
    found = on_any_resource(statement, context, "iam:CreateServiceLinkedRole", _ROLES)
    if found and not context.holders.all_lack("iam:CreateServiceLinkedRole"):
        yield found.hit(
            "CREATE_SLR",
            "this lets the principal give any AWS service permanent access to the account",
        )


def _names_services(condition: Condition) -> bool:
    """Return whether the condition says for which services; unknown values are taken for names.

    Only a wildcard at the front is known not to count for AWS; others are let pass.
    """
    if condition.name != "iam:awsservicename" or condition.family is OperatorFamily.NULL:
        return False
    return not any(is_wild((entry.known or "")[:1]) for entry in condition.values)


_ROLES = ("role/?*", "role/aws-service-role/?*")

RULE = Rule(
    name="service-linked-role-for-any-service",
    family=Family.ESCALATION,
    module=__name__,
    summary="the principal can give any AWS service permanent access to the account",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=4.0,
    cwe=269,
    access_analyzer=tuple(f"CREATE_SLR_{form}" for form in FORMS),
    kinds=frozenset({Kind.IDENTITY}),
    implies=frozenset({Family.ESCALATION}),
    advice="name the services with `iam:AWSServiceName`, or their roles in `Resource`",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html",
    ),
    when=("Allow", "NotAction | action iam:CreateServiceLinkedRole", "wild resource | NotResource"),
    check=check,
    bad=(
        bad(
            "the action by its name, on `*`",
            """
            {
              Effect: "Allow",
              Action: "iam:CreateServiceLinkedRole", //!
              Resource: "*",
            }""",
        ),
        bad(
            "every role by its ARN, and every role of a service",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Resource: "arn:aws:iam::*:role/*",
                Action: "iam:CreateServiceLinkedRole"}, //!
              {Effect: "Allow", Resource: "arn:aws:iam::*:role/aws-service-role/*",
                Action: "iam:CreateServiceLinkedRole"}, //!
            ]}""",
            access_analyzer="",
        ),
        bad(
            "any service whose name ends like this",
            """
            {
              Effect: "Allow",
              Action: "iam:CreateServiceLinkedRole", //!
              Resource: "*",
              Condition: {StringLike: {"iam:AWSServiceName": "*a4b.amazonaws.com"}},
            }""",
        ),
        bad(
            "a pattern includes the action",
            """
            {
              Effect: "Allow",
              Action: ["s3:*", "iam:Create*"], //!
              Resource: "*",
            }""",
            access_analyzer="CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE",
        ),
        bad(
            "NotAction includes it",
            """
            {
              Effect: "Allow",
              NotAction: "organizations:*", //!
              Resource: "*",
            }""",
            access_analyzer="CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
        ),
        bad(
            "all roles but some",
            """
            {
              Effect: "Allow",
              Action: "iam:CreateServiceLinkedRole", //!
              NotResource: "arn:aws:iam::*:role/aws-service-role/x.amazonaws.com/*",
            }""",
            access_analyzer="CREATE_SLR_WITH_NOT_RESOURCE",
        ),
        bad(
            "a pattern on all roles but some",
            """
            {
              Effect: "Allow",
              Action: "iam:*", //!
              NotResource: "arn:aws:iam::*:role/aws-service-role/x.amazonaws.com/*",
            }""",
            access_analyzer="CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
        ),
        bad(
            "all actions but some on all roles but some",
            """
            {
              Effect: "Allow",
              NotAction: "s3:*", //!
              NotResource: "arn:aws:iam::*:role/aws-service-role/x.amazonaws.com/*",
            }""",
            access_analyzer="CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE",
        ),
    ),
    good=(
        good(
            "limited to one service",
            """
            {Effect: "Allow", Action: "iam:CreateServiceLinkedRole", Resource: "*", Condition: {
              StringLike: {"iam:AWSServiceName": "rds.amazonaws.com"},
            }}""",
        ),
        good(
            "limited by the role's path",
            """
            {Effect: "Allow", Action: "iam:CreateServiceLinkedRole",
              Resource: "arn:aws:iam::*:role/aws-service-role/rds.amazonaws.com/*"}""",
        ),
        good(
            "a Deny blocks it",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "*", Resource: "*"},
              {Effect: "Deny", Action: "iam:CreateService*", Resource: "*"},
            ]}""",
        ),
    ),
)
