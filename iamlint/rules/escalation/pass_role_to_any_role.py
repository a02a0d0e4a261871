"""Flags `iam:PassRole` on every role, for every service.

A principal that may pass any role to a new function or instance acts with the strongest role of the
account. `iam:PassedToService` limits to which services it can pass a role.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.escalation._any_resource import FORMS, passes_any_role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    found = passes_any_role(statement, context)
    if found and not context.holders.all_lack("iam:PassRole"):
        yield found.hit(
            "PASS_ROLE",
            "this lets the principal pass any role to any service, and so act with the strongest role of the account",
        )


RULE = Rule(
    name="pass-role-to-any-role",
    family=Family.ESCALATION,
    module=__name__,
    summary="`iam:PassRole` on every role gives access to the strongest role of the account",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=7.5,
    cwe=269,
    access_analyzer=tuple(f"PASS_ROLE_{form}" for form in FORMS),
    kinds=frozenset({Kind.IDENTITY}),
    implies=frozenset({Family.ESCALATION}),
    advice="name the roles in `Resource`, or limit the service with `iam:PassedToService`",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html",
    ),
    when=("Allow", "NotAction | action iam:PassRole", "wild resource | NotResource"),
    check=check,
    bad=(
        bad(
            "the action by its name, on `*`",
            """
            {
              Effect: "Allow",
              Action: ["ec2:RunInstances", "iam:passrole"], //!
              Resource: "*",
            }""",
        ),
        bad(
            "a pattern includes the action, and an unrelated condition does not help",
            """
            {
              Effect: "Allow",
              Action: "iam:*", //!
              Resource: ["*"],
              Condition: {Bool: {"aws:ViaAWSService": "true"}},
            }""",
            access_analyzer="PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE",
        ),
        bad(
            "every role by its ARN: the action acts on roles alone",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Resource: "arn:aws:iam::111122223333:role/*",
                Action: "iam:PassRole"}, //!
              {Effect: "Allow", Resource: "arn:aws:iam::*:*",
                Action: "iam:PassRole"}, //!
              {Effect: "Allow", Resource: ["arn:aws:iam::111122223333:role/app", "arn:*:iam::*:role/?*"],
                Action: "iam:Pass*"}, //!
            ]}""",
            access_analyzer="",
        ),
        bad(
            "all services, or all but one",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Resource: "*",
                Action: "iam:PassRole", //!
                Condition: {Null: {"iam:PassedToService": "false"}}},
              {Effect: "Allow", Resource: "*",
                Action: "iam:PassRole", //!
                Condition: {StringNotEquals: {"iam:PassedToService": "ec2.amazonaws.com"}}},
            ]}""",
        ),
        bad(
            "NotAction includes it",
            """
            {
              Effect: "Allow",
              NotAction: ["iam:Create*", "organizations:*"], //!
              Resource: "*",
            }""",
            access_analyzer="PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
        ),
        bad(
            "all roles but some",
            """
            {
              Effect: "Allow",
              Action: "iam:PassRole", //!
              NotResource: "arn:aws:iam::111122223333:role/admin",
            }""",
            access_analyzer="PASS_ROLE_WITH_NOT_RESOURCE",
        ),
        bad(
            "a pattern on all roles but some",
            """
            {
              Effect: "Allow",
              Action: "iam:Pass*", //!
              NotResource: "arn:aws:iam::111122223333:role/admin",
            }""",
            access_analyzer="PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
        ),
        bad(
            "all actions but some on all roles but some",
            """
            {
              Effect: "Allow",
              NotAction: "s3:*", //!
              NotResource: "arn:aws:iam::111122223333:role/admin",
            }""",
            access_analyzer="PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE",
        ),
    ),
    good=(
        good(
            "limited to a service",
            """
            {Effect: "Allow", Action: "iam:PassRole", Resource: "*", Condition: {
              StringEquals: {"IAM:PassedToService": "ec2.amazonaws.com"},
            }}""",
        ),
        good(
            "limited to roles of one path",
            """
            {Effect: "Allow", Action: "iam:PassRole",
              Resource: "arn:aws:iam::*:role/service-role/*"}""",
        ),
        good(
            "limited to roles whose names start so",
            """
            {Effect: "Allow", Action: "iam:PassRole", Resource: "arn:aws:iam::111122223333:role/app-*"}""",
        ),
        good(
            "every role, and a Deny of every role of the account",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "iam:PassRole", Resource: "arn:aws:iam::111122223333:role/*"},
              {Effect: "Deny", Action: "iam:Pass*", Resource: "arn:aws:iam::*:role/*"},
            ]}""",
        ),
        good(
            "NotAction excludes it",
            """
            {Effect: "Allow", NotAction: ["iam:*", "organizations:*"], Resource: "*"}""",
        ),
        good(
            "a Deny blocks it",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "iam:*", Resource: "*"},
              {Effect: "Deny", Action: "iam:PassRole", Resource: "*"},
            ]}""",
        ),
        good(
            "a Deny grants nothing",
            """
            {Effect: "Deny", Action: "iam:*", Resource: "*"}""",
        ),
    ),
)
