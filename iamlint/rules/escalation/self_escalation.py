"""Flags grants that let a principal give itself more rights.

A principal that can write or attach a policy to itself, join a group, or create a role with any
rights has all rights of the account, whatever else the policy says.
"""

from __future__ import annotations

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.escalation._together import PATHS, alone, together

NAME = "self-escalation"


RULE = Rule(
    name=NAME,
    family=Family.ESCALATION,
    module=__name__,
    summary="the principal can give itself any rights",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=9.5,
    cwe=269,
    kinds=frozenset({Kind.IDENTITY}),
    implies=frozenset({Family.BREADTH, Family.ESCALATION}),
    advice="remove the action, or name only policies and principals that this principal cannot use",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#bp-permissions-boundaries",
        "https://pathfinding.cloud",
    ),
    when=PATHS,
    check_policy=alone(NAME),
    check_account=together(NAME),
    bad=(
        bad(
            "an inline policy for any role",
            """
            {
              Effect: "Allow",
              Action: "iam:PutRolePolicy", //!
              Resource: "*",
            }""",
        ),
        bad(
            "its own user is the escalation, not its limit",
            """
            {
              Effect: "Allow",
              Action: [
                "iam:GetUser",
                "iam:putuserpolicy", //!
              ],
              Resource: "arn:aws:iam::*:user/${aws:username}",
            }""",
        ),
        bad(
            "all paths of a pattern are one finding",
            """
            {
              Effect: "Allow",
              Action: [
                "s3:GetObject",
                "iam:*", //!
              ],
              Resource: "*",
            }""",
        ),
        bad(
            "MFA does not stop the principal",
            """
            {
              Effect: "Allow",
              Action: "iam:CreatePolicyVersion", //!
              Resource: "arn:aws:iam::111122223333:policy/*",
              Condition: {Bool: {"aws:MultiFactorAuthPresent": "true"}},
            }""",
        ),
        bad(
            "two statements together make a role of any rights",
            """
            {Version: "2012-10-17", Statement: [
              {
                Effect: "Allow",
                Action: "iam:CreateRole", //!
                Resource: "arn:aws:iam::111122223333:role/app-*",
              },
              {
                Effect: "Allow",
                Action: "iam:AttachRolePolicy",
                Resource: "arn:aws:iam::111122223333:role/app-*",
                Condition: {ArnLike: {"iam:PolicyARN": "arn:aws:iam::aws:policy/*"}},
              },
            ]}""",
        ),
    ),
    good=(
        good(
            "only harmless policies can be attached",
            """
            {
              Effect: "Allow",
              Action: "iam:AttachRolePolicy",
              Resource: "*",
              Condition: {ArnEquals: {"iam:PolicyARN": "arn:aws:iam::aws:policy/ReadOnlyAccess"}},
            }""",
        ),
        good(
            "a condition demands a boundary, as AWS recommends for delegation",
            """
            {
              Effect: "Allow",
              Action: ["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy"],
              Resource: "*",
              Condition: {StringEquals: {"iam:PermissionsBoundary": "arn:aws:iam::111122223333:policy/fence"}},
            }""",
        ),
        good(
            "policies of AWS cannot be written",
            """
            {Effect: "Allow", Action: "iam:CreatePolicyVersion", Resource: "arn:aws:iam::aws:policy/*"}""",
        ),
        good(
            "the action does not apply to the resource",
            """
            {Effect: "Allow", Action: "iam:PutRolePolicy", Resource: "arn:aws:iam::111122223333:user/*"}""",
        ),
        good(
            "the permissions boundary of the only holder does not allow it",
            """
            {Version: "2012-10-17", Statement: {
              Effect: "Allow", Action: ["s3:GetObject", "iam:AttachUserPolicy"], Resource: "*",
            }}""",
            file="users/runner/attach.json5",
            files={
                "users/runner/boundary.json5": """
                {Version: "2012-10-17", Statement: {
                  Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::depot/*",
                }}""",
            },
        ),
        good(
            "a Deny blocks it",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: ["iam:PutUserPolicy", "iam:GetUser"], Resource: "*"},
              {Effect: "Deny", Action: "iam:Put*", Resource: "*"},
            ]}""",
        ),
        good(
            "a named group is delegated on purpose",
            """
            {Effect: "Allow", Action: "iam:AddUserToGroup", Resource: "arn:aws:iam::111122223333:group/readers"}""",
        ),
    ),
)
