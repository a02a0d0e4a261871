"""Flags set operators on the audience of an OIDC token.

`ForAnyValue:` and `ForAllValues:` are for keys with several values. If a provider sends a single
audience, they are wrong; if it is not known what the provider sends, check it: `ForAllValues:` also
passes without any audience.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind, Quantifier
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.trust._federation import claims, is_published, oidc_principals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for _, host in oidc_principals(statement):
        for condition in claims(statement, host):
            if condition.quantifier is Quantifier.NONE or not condition.name.endswith(":aud"):
                continue
            if not is_published(host, context.catalog):
                yield Hit(
                    condition.at,
                    f"AWS does not document whether `{host}` sends several audiences",
                    help="if it sends one, remove the quantifier",
                    access_analyzer="CONFIRM_AUDIENCE_CLAIM_TYPE",
                    severity=Severity.NOTE,
                )
            elif condition.quantifier is Quantifier.ANY:
                yield Hit(
                    condition.at,
                    f"`{host}` sends one audience, so `{condition.quantifier}:` is wrong here",
                )


RULE = Rule(
    name="multivalued-audience",
    family=Family.TRUST,
    module=__name__,
    summary="a set operator on the audience is wrong, or may accept a token without an audience",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    kinds=frozenset({Kind.TRUST}),
    access_analyzer=(
        "FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE",
        "CONFIRM_AUDIENCE_CLAIM_TYPE",
    ),
    advice="remove the quantifier: `StringEquals`",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-security-warning-foranyvalue-with-audience-claim-type",
    ),
    when=("principal Federated", "ForAllValues | ForAnyValue"),
    check=check,
    bad=(
        bad(
            "GitHub sends one audience",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {
                "ForAnyValue:StringEquals": {
                  "token.actions.githubusercontent.com:aud": "sts.amazonaws.com", //!
                },
                StringEquals: {"token.actions.githubusercontent.com:sub": "repo:o/r:ref:refs/heads/main"},
              },
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "the provider defines how many audiences it sends",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/example.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {"ForAllValues:StringEquals": {
                "example.com:aud": ["shelf"], //!
              }},
            }""",
            kind=Kind.TRUST,
            access_analyzer="CONFIRM_AUDIENCE_CLAIM_TYPE",
        ),
    ),
    good=(
        good(
            "a plain operator",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/example.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {"example.com:aud": "shelf"}},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "Cognito sends several ways of signing in",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "cognito-identity.amazonaws.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {
                StringEquals: {"cognito-identity.amazonaws.com:aud": "eu-west-1:a1b2"},
                "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"},
              },
            }""",
            kind=Kind.TRUST,
        ),
    ),
)
