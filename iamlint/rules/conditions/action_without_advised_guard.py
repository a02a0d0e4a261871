"""Notes actions for which AWS advises a condition that the statement lacks.

Permissions of functions, grants of keys, function URLs, shell sessions and instances can be misused
against the account. For each of them AWS has a condition key that limits the misuse; many policies
omit it for good reasons.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Profile, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._guards import ADVISED, find_unguarded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if statement.allows:
        yield from find_unguarded(statement, context.policy, ADVISED)


RULE = Rule(
    name="action-without-advised-guard",
    family=Family.CONDITIONS,
    module=__name__,
    summary="AWS advises a condition for this action, and the statement does not have it",
    severity=Severity.NOTE,
    profile=Profile.STRICT,
    confidence=Confidence.LOW,
    security_severity=4.0,
    cwe=862,
    kinds=frozenset({Kind.IDENTITY, Kind.RESOURCE}),
    advice="add a condition on the key that the message names",
    sources=(
        "https://docs.aws.amazon.com/kms/latest/developerguide/grant-authorization.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
    ),
    when=("Allow", " | ".join(f"service {one.service}" for one in ADVISED)),
    check=check,
    bad=(
        bad(
            "a function for anyone",
            """
            {
              Effect: "Allow",
              Action: "lambda:AddPermission", //!
              Resource: "*",
            }""",
            kind=Kind.IDENTITY,
        ),
        bad(
            "in a key policy",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "arn:aws:iam::111122223333:role/app"},
              Action: [
                "kms:Decrypt",
                "kms:CreateGrant", //!
              ],
              Resource: "*",
            }""",
            kind=Kind.RESOURCE,
        ),
    ),
    good=(
        good(
            "grants for AWS services",
            """
            {
              Effect: "Allow",
              Action: "kms:CreateGrant",
              Resource: "*",
              Condition: {Bool: {"kms:GrantIsForAWSResource": true}},
            }""",
            kind=Kind.IDENTITY,
        ),
        good(
            "the default key policy",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "arn:aws:iam::111122223333:root"},
              Action: "kms:*",
              Resource: "*",
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "sign-in is demanded",
            """
            {
              Effect: "Allow",
              Action: ["lambda:CreateFunctionUrlConfig", "lambda:AddPermission"],
              Resource: "*",
              Condition: {StringEquals: {"lambda:FunctionUrlAuthType": "AWS_IAM"}},
            }""",
            kind=Kind.IDENTITY,
        ),
    ),
)
