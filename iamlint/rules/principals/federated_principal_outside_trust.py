"""Flags federated principals in the policy of a resource.

Roles trust identity providers. A bucket or a queue is called by the session of such a role, so its
policy must name the role; AWS rejects the provider there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind, PrincipalType
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    # AWS does not document whether it rejects this if it does not know the type of resource.
    if context.resource_type is None:
        return
    for principal in statement.principals:
        if principal.type is PrincipalType.FEDERATED:
            yield Hit(
                principal.at,
                f"`{principal.text}` is an identity provider, which AWS rejects in the policy of a resource",
            )


RULE = Rule(
    name="federated-principal-outside-trust",
    family=Family.PRINCIPALS,
    module=__name__,
    summary="AWS rejects a resource policy that names an identity provider",
    severity=Severity.ERROR,
    confidence=Confidence.MEDIUM,
    kinds=frozenset({Kind.RESOURCE}),
    access_analyzer=("FEDERATED_PRINCIPAL_NOT_SUPPORTED",),
    advice="name the role that trusts the provider",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-error-federated-principal-not-supported",
    ),
    when=("principal Federated",),
    check=check,
    bad=(
        bad(
            "a bucket for users of an identity pool",
            """
            {
              Effect: "Allow",
              Principal: {
                Federated: "cognito-identity.amazonaws.com", //!
              },
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
            }""",
            kind=Kind.RESOURCE,
            resource_type="AWS::S3::Bucket",
        ),
        bad(
            "beside an account",
            """
            {
              Effect: "Allow",
              Principal: {
                AWS: "111122223333",
                Federated: ["arn:aws:iam::111122223333:saml-provider/adfs"], //!
              },
              Action: "dynamodb:GetItem",
              Resource: "*",
            }""",
            kind=Kind.RESOURCE,
            resource_type="AWS::DynamoDB::Table",
        ),
    ),
    good=(
        good(
            "the role of the users",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "arn:aws:iam::111122223333:role/users"},
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
            }""",
            kind=Kind.RESOURCE,
            resource_type="AWS::S3::Bucket",
        ),
        good(
            "a role trusts a provider",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:saml-provider/adfs"},
              Action: "sts:AssumeRoleWithSAML",
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "on a resource of an unknown type AWS may accept it",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "cognito-identity.amazonaws.com"},
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
            }""",
            kind=Kind.RESOURCE,
        ),
    ),
)
