"""Flags grants that let a principal take over the role of something that already runs.

New code for any function, a shell on any instance or a build with own commands acts with the role
of that function, instance or project. To start builds, jobs and notebooks is the daily work of
many people, so these grants are notes, and resources with full names are not reported.
"""

from __future__ import annotations

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.escalation._together import PATHS, alone, together

NAME = "running-role-takeover"


RULE = Rule(
    name=NAME,
    family=Family.ESCALATION,
    module=__name__,
    summary="the principal can use the roles of running functions, instances or builds",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    security_severity=5.5,
    cwe=269,
    kinds=frozenset({Kind.IDENTITY}),
    implies=frozenset({Family.ESCALATION}),
    advice="name the functions, instances or projects in `Resource`",
    sources=(
        "https://pathfinding.cloud",
        "https://hackingthe.cloud/aws/exploitation/iam_privilege_escalation/",
    ),
    when=PATHS,
    check_policy=alone(NAME),
    check_account=together(NAME),
    bad=(
        bad(
            "new code for any function",
            """
            {
              Effect: "Allow",
              Action: "lambda:UpdateFunctionCode", //!
              Resource: "*",
            }""",
        ),
        bad(
            "commands on any instance",
            """
            {
              Effect: "Allow",
              Action: "ssm:SendCommand", //!
              Resource: "*",
            }""",
        ),
        bad(
            "builds of any project are a note",
            """
            {
              Effect: "Allow",
              Action: "codebuild:StartBuild", //!
              Resource: "*",
            }""",
        ),
    ),
    good=(
        good(
            "one function is deployed",
            """
            {
              Effect: "Allow",
              Action: ["lambda:UpdateFunctionCode", "lambda:InvokeFunction"],
              Resource: "arn:aws:lambda:eu-west-1:111122223333:function:cart",
            }""",
        ),
        good(
            "a session on tagged instances",
            """
            {
              Effect: "Allow",
              Action: "ssm:StartSession",
              Resource: "arn:aws:ec2:*:*:instance/*",
              Condition: {StringEquals: {"ssm:resourceTag/team": "shop"}},
            }""",
        ),
        good(
            "documents without instances run nowhere",
            """
            {Effect: "Allow", Action: "ssm:SendCommand", Resource: "arn:aws:ssm:*:*:document/*"}""",
        ),
        good(
            "the builds of one project",
            """
            {
              Effect: "Allow",
              Action: "codebuild:StartBuild",
              Resource: "arn:aws:codebuild:eu-west-1:111122223333:project/site",
            }""",
        ),
    ),
)
