"""Flags grants that let a principal become another user or role.

New keys and passwords for others, a trust policy of its own choice, or an unrestricted
`sts:AssumeRole` give all rights of the strongest principal that they reach.
"""

from __future__ import annotations

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.escalation._together import PATHS, alone, together

NAME = "principal-takeover"


RULE = Rule(
    name=NAME,
    family=Family.ESCALATION,
    module=__name__,
    summary="the principal can act as other users or roles",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=8.0,
    cwe=269,
    kinds=frozenset({Kind.IDENTITY}),
    implies=frozenset({Family.BREADTH, Family.ESCALATION}),
    advice="name the principals in `Resource`; for credentials, only `user/${aws:username}`",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage.html",
        "https://pathfinding.cloud",
    ),
    when=PATHS,
    check_policy=alone(NAME),
    check_account=together(NAME),
    bad=(
        bad(
            "keys for any user",
            """
            {
              Effect: "Allow",
              Action: "iam:CreateAccessKey", //!
              Resource: "*",
            }""",
        ),
        bad(
            "the trust policy of any role",
            """
            {
              Effect: "Allow",
              Action: "iam:UpdateAssumeRolePolicy", //!
              Resource: "arn:aws:iam::111122223333:role/*",
            }""",
        ),
        bad(
            "any role of any account",
            """
            {
              Effect: "Allow",
              Action: "sts:AssumeRole", //!
              Resource: "*",
            }""",
        ),
        bad(
            "one role, written and assumed",
            """
            {
              Effect: "Allow",
              Action: [
                "iam:PutRolePolicy", //!
                "sts:AssumeRole",
              ],
              Resource: "arn:aws:iam::111122223333:role/batch",
            }""",
        ),
    ),
    good=(
        good(
            "its own keys and password, as AWS documents it",
            """
            {
              Effect: "Allow",
              Action: ["iam:CreateAccessKey", "iam:DeleteAccessKey", "iam:UpdateLoginProfile"],
              Resource: "arn:aws:iam::*:user/${aws:username}",
            }""",
        ),
        good(
            "one role is what AssumeRole is for",
            """
            {Effect: "Allow", Action: "sts:AssumeRole", Resource: "arn:aws:iam::111122223333:role/deploy"}""",
        ),
        good(
            "one role of that name in each account",
            """
            {Effect: "Allow", Action: "sts:AssumeRole", Resource: "arn:aws:iam::*:role/Auditor"}""",
        ),
        good(
            "identity center assignments of one permission set",
            """
            {Effect: "Allow", Action: "sso:CreateAccountAssignment", Resource: [
              "arn:aws:sso:::permissionSet/ssoins-1234/ps-1234", "arn:aws:sso:::account/*",
            ]}""",
        ),
        good(
            "a permissions boundary grants nothing",
            """
            {Effect: "Allow", Action: "iam:CreateAccessKey", Resource: "*"}""",
            kind=Kind.BOUNDARY,
        ),
    ),
)
