"""Notes grants that let a principal become one user or role that the policy names in full.

A new password or key for the user, or a new trust policy for the role, gives the holder all rights
of that user or role. To name it is right, but its rights then count as the holder's rights.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Profile, Rule, RuleContext, Severity, bad, good
from iamlint.rules.escalation._named import named_takeovers
from iamlint.rules.escalation._together import PATHS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Policy


def check(policy: Policy, context: RuleContext) -> Iterator[Hit]:
    yield from named_takeovers(policy, context)


RULE = Rule(
    name="named-principal-takeover",
    family=Family.ESCALATION,
    module=__name__,
    summary="the principal can act as one user or role, with all rights of that one",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    profile=Profile.STRICT,
    security_severity=2.5,
    cwe=269,
    kinds=frozenset({Kind.IDENTITY}),
    advice="check that the holder may have all rights of the named principal, or remove the action",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateLoginProfile.html",
        "https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAssumeRolePolicy.html",
        "https://pathfinding.cloud",
    ),
    when=PATHS,
    check_policy=check,
    bad=(
        bad(
            "a new password for a user",
            """
            {
              Effect: "Allow",
              Action: "iam:UpdateLoginProfile", //!
              Resource: "arn:aws:iam::111122223333:user/admin",
            }""",
        ),
        bad(
            "keys and a password are one finding",
            """
            {
              Effect: "Allow",
              Action: [
                "iam:GetUser",
                "iam:CreateAccessKey", //!
                "iam:CreateLoginProfile",
              ],
              Resource: ["arn:aws:iam::111122223333:user/batch", "arn:aws:iam::111122223333:user/staff/ann"],
            }""",
        ),
        bad(
            "the trust policy of a role, with a device",
            """
            {
              Effect: "Allow",
              Action: "iam:UpdateAssumeRolePolicy", //!
              Resource: "arn:aws:iam::111122223333:role/admin",
              Condition: {Bool: {"aws:MultiFactorAuthPresent": "true"}},
            }""",
        ),
    ),
    good=(
        good(
            "its own keys and password, as AWS documents it",
            """
            {
              Effect: "Allow",
              Action: ["iam:CreateAccessKey", "iam:UpdateLoginProfile"],
              Resource: "arn:aws:iam::*:user/${aws:username}",
            }""",
        ),
        good(
            "reading and removing gives nothing",
            """
            {
              Effect: "Allow",
              Action: ["iam:ListAccessKeys", "iam:DeleteAccessKey", "iam:DeleteLoginProfile"],
              Resource: "arn:aws:iam::111122223333:user/batch",
            }""",
        ),
        good(
            "all users are `principal-takeover`",
            """
            {Effect: "Allow", Action: "iam:UpdateLoginProfile", Resource: "arn:aws:iam::111122223333:user/*"}""",
        ),
        good(
            "a Deny blocks it",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "iam:CreateAccessKey", Resource: "arn:aws:iam::111122223333:user/batch"},
              {Effect: "Deny", Action: "iam:Create*", Resource: "arn:aws:iam::*:user/*"},
            ]}""",
        ),
        good(
            "the action does not apply to a role",
            """
            {Effect: "Allow", Action: "iam:CreateAccessKey", Resource: "arn:aws:iam::111122223333:role/admin"}""",
        ),
    ),
)
