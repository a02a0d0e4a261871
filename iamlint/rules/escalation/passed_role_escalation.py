"""Flags `iam:PassRole` beside an action that starts something with the passed role.

A new instance, function or build acts with the role it gets, so its owner does too. The principal
can use every role that the service can use. The two actions may be in several policies of one
principal; that is reported only where the files describe all its policies, and nothing denies it.
"""

from __future__ import annotations

from iamlint.policy.grammar import Kind
from iamlint.rule import (
    Confidence,
    Family,
    OwnAccounts,
    Rule,
    Severity,
    bad,
    good,
)
from iamlint.rules.escalation._together import PATHS, alone, together

NAME = "passed-role-escalation"


_HOME = OwnAccounts(account="111122223333")
_PASSES = """
{
  Version: "2012-10-17",
  Statement: {
    Effect: "Allow",
    Action: "iam:PassRole", //!
    Resource: "*",
    Condition: {StringEquals: {"iam:PassedToService": "lambda.amazonaws.com"}},
  },
}"""
_LAMBDA = """
{
  Version: "2012-10-17",
  Statement: {
    Effect: "Allow",
    Action: ["lambda:CreateFunction", "lambda:InvokeFunction"],
    Resource: "*",
  },
}"""
_LIMIT = """
{
  Version: "2012-10-17",
  Statement: {Effect: "Allow", Action: ["lambda:*", "s3:*"], Resource: "*"},
}"""

RULE = Rule(
    name=NAME,
    family=Family.ESCALATION,
    module=__name__,
    summary="the principal can run its own code with a stronger role",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=8.0,
    cwe=269,
    kinds=frozenset({Kind.IDENTITY}),
    implies=frozenset({Family.ESCALATION}),
    advice="name the roles in `Resource` of `iam:PassRole`, and the service in `iam:PassedToService`",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html",
        "https://pathfinding.cloud",
    ),
    when=PATHS,
    check_policy=alone(NAME),
    check_account=together(NAME),
    bad=(
        bad(
            "an instance with any role",
            """
            {
              Effect: "Allow",
              Action: [
                "ec2:RunInstances",
                "iam:PassRole", //!
              ],
              Resource: "*",
            }""",
        ),
        bad(
            "the service is the one that the path needs",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "lambda:*Function", Resource: "*"},
              {
                Effect: "Allow",
                Action: "iam:PassRole", //!
                Resource: "arn:aws:iam::111122223333:role/*",
                Condition: {StringLike: {"iam:PassedToService": "*.amazonaws.com"}},
              },
            ]}""",
        ),
        bad(
            "a role passes roles by one policy and starts functions by another",
            _PASSES,
            file="roles/deployer/pass.json5",
            files={"roles/deployer/functions.json5": _LAMBDA},
            home=_HOME,
        ),
        bad(
            "a user has one half inline, and the other by its group",
            """
            resource "aws_iam_user" "ci" {
              name = "ci"
            }

            resource "aws_iam_group" "builders" {
              name = "builders"
            }

            resource "aws_iam_user_group_membership" "ci" {
              user   = aws_iam_user.ci.name
              groups = [aws_iam_group.builders.name]
            }

            resource "aws_iam_group_policy" "build" {
              name  = "build"
              group = aws_iam_group.builders.name
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect   = "Allow"
                  Action   = ["ec2:RunInstances"]
                  Resource = "*"
                }]
              })
            }

            resource "aws_iam_user_policy" "pass" {
              name = "pass"
              user = aws_iam_user.ci.name
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect   = "Allow"
                  Action   = ["iam:PassRole"] //!
                  Resource = "arn:aws:iam::111122223333:role/*"
                }]
              })
            }""",
            file="main.tf",
            home=_HOME,
        ),
    ),
    good=(
        good(
            "two roles hold one half each",
            _PASSES.replace(" //!", ""),
            file="roles/deployer/pass.json5",
            files={"roles/starter/functions.json5": _LAMBDA},
            home=_HOME,
        ),
        good(
            "a permissions boundary allows one half only",
            _PASSES.replace(" //!", ""),
            file="roles/deployer/pass.json5",
            files={
                "roles/deployer/functions.json5": _LAMBDA,
                "roles/deployer/boundary.json5": _LIMIT,
            },
            home=_HOME,
        ),
        good(
            "a role of its own for one service",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "ec2:RunInstances", Resource: "*"},
              {Effect: "Allow", Action: "iam:PassRole", Resource: "arn:aws:iam::111122223333:role/web"},
            ]}""",
        ),
        good(
            "passed to a service that the other actions are not of",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "ec2:RunInstances", Resource: "*"},
              {Effect: "Allow", Action: "iam:PassRole", Resource: "*", Condition: {
                StringEquals: {"iam:PassedToService": "vpc-flow-logs.amazonaws.com"},
              }},
            ]}""",
        ),
        good(
            "a Deny leaves another service only",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: ["ec2:RunInstances", "iam:PassRole"], Resource: "*"},
              {Effect: "Deny", Action: "iam:PassRole", Resource: "*", Condition: {
                StringNotEquals: {"iam:PassedToService": "rds.amazonaws.com"},
              }},
            ]}""",
        ),
        good(
            "PassRole alone starts nothing",
            """
            {Effect: "Allow", Action: "iam:PassRole", Resource: "*"}""",
        ),
        good(
            "a stack without a role to pass has no more rights than its maker",
            """
            {Effect: "Allow", Action: "cloudformation:CreateStack", Resource: "*"}""",
        ),
        good(
            "roles that belong to services cannot be passed on",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "ec2:RunInstances", Resource: "*"},
              {Effect: "Allow", Action: "iam:PassRole", Resource: "arn:aws:iam::*:role/aws-service-role/*"},
            ]}""",
        ),
    ),
)
