"""Flags grants that let a principal remove its own limits.

Without its boundary, or the policies that deny, a principal has all that its other policies grant.
It gains nothing until one of them grants more, so removing only policies is a note.
"""

from __future__ import annotations

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.escalation._together import PATHS, alone

NAME = "guardrail-removal"


RULE = Rule(
    name=NAME,
    family=Family.ESCALATION,
    module=__name__,
    summary="the principal can remove the limits set for it",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=5.5,
    cwe=269,
    kinds=frozenset({Kind.IDENTITY}),
    implies=frozenset({Family.ESCALATION}),
    advice="deny it in the boundary itself, or in a service control policy",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",
        "https://hackingthe.cloud/aws/exploitation/iam_privilege_escalation/",
    ),
    when=PATHS,
    check_policy=alone(NAME),
    bad=(
        bad(
            "the boundary of any role",
            """
            {
              Effect: "Allow",
              Action: "iam:DeleteRolePermissionsBoundary", //!
              Resource: "*",
            }""",
        ),
        bad(
            "what the organization forbids",
            """
            {
              Effect: "Allow",
              Action: "organizations:DetachPolicy", //!
              Resource: "*",
            }""",
        ),
    ),
    good=(
        good(
            "the boundary can only be set to the one intended",
            """
            {
              Effect: "Allow",
              Action: ["iam:PutRolePermissionsBoundary", "iam:PutUserPermissionsBoundary"],
              Resource: "*",
              Condition: {StringEquals: {"iam:PermissionsBoundary": "arn:aws:iam::111122223333:policy/fence"}},
            }""",
        ),
        good(
            "a Deny keeps the boundaries",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: ["iam:DeleteUserPermissionsBoundary", "iam:GetUser"], Resource: "*"},
              {Effect: "Deny", Action: "iam:*PermissionsBoundary", Resource: "*"},
            ]}""",
        ),
        good(
            "a service control policy grants nothing",
            """
            {Effect: "Allow", Action: "organizations:DetachPolicy", Resource: "*"}""",
            kind=Kind.SCP,
        ),
    ),
)
