"""Flags external ids that the principals cannot send.

Only a call of `sts:AssumeRole` by an AWS account or role carries an external id. Tokens and SAML
assertions do not, nor do the services that give a role to an instance or a container.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind, PrincipalType
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Principal, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not statement.allows or not statement.principals:
        return
    if not all(_sends_none(principal) for principal in statement.principals):
        return
    for condition in statement.conditions:
        if condition.name == "sts:externalid" and condition.needs_key:
            yield Hit(
                condition.at,
                f"`{statement.principals[0].text}` never sends an external id, so this statement never applies to it",
            )


def _sends_none(principal: Principal) -> bool:
    if principal.type is PrincipalType.FEDERATED:
        return True
    return principal.type is PrincipalType.SERVICE and principal.entry.known in SERVICES


# Some services do send one: Cognito for its messages, Firehose. These only hand the role on.
SERVICES = frozenset(
    f"{name}.amazonaws.com" for name in ("ec2", "ecs-tasks", "edgelambda", "lambda", "pods.eks")
)


RULE = Rule(
    name="misplaced-external-id",
    family=Family.TRUST,
    module=__name__,
    summary="the statement demands an external id of principals that cannot send one",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    kinds=frozenset({Kind.TRUST}),
    advice="add a condition on a claim of the token instead; for services `aws:SourceAccount`, where the service sends it",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html",
    ),
    when=("Allow", "Principal", "key sts:externalid"),
    check=check,
    bad=(
        bad(
            "a provider of tokens",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/example.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {
                "sts:ExternalId": "7f1c0b4e-55a2", //!
                "example.com:sub": "shelf",
              }},
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "a computer",
            """
            {
              Effect: "Allow",
              Principal: {Service: "ec2.amazonaws.com"},
              Action: "sts:AssumeRole",
              Condition: {StringEquals: {
                "sts:ExternalId": "7f1c0b4e-55a2", //!
              }},
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "an account",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "999988887777"},
              Action: "sts:AssumeRole",
              Condition: {StringEquals: {"sts:ExternalId": "7f1c0b4e-55a2"}},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "Cognito sends one with its messages",
            """
            {
              Effect: "Allow",
              Principal: {Service: "cognito-idp.amazonaws.com"},
              Action: "sts:AssumeRole",
              Condition: {StringEquals: {"sts:ExternalId": "7f1c0b4e-55a2"}},
            }""",
            kind=Kind.TRUST,
        ),
    ),
)
