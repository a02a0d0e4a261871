"""Flags a type of principal that AWS does not know: AWS rejects the policy. Letter case counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind, PrincipalType
from iamlint.policy.problem import GrammarFault
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rule.fix import Applicability
from iamlint.rules._fixes import respell
from iamlint.rules.syntax._problems import reports

if TYPE_CHECKING:
    from iamlint.policy.at import At
    from iamlint.rule import RuleContext
    from iamlint.rule.fix import Fix


def fix(context: RuleContext, at: At) -> Fix | None:
    return respell(context, at, PrincipalType, Applicability.REJECTED)


RULE = Rule(
    name="unknown-principal-type",
    family=Family.SYNTAX,
    module=__name__,
    summary="AWS rejects a type of principal that does not exist",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("INVALID_PRINCIPAL_KEY",),
    kinds=frozenset({Kind.RESOURCE, Kind.TRUST, Kind.RCP, Kind.ENDPOINT}),
    advice="use one of `AWS`, `Service`, `Federated` and `CanonicalUser`",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
    ),
    when=("problem unknown principal type",),
    check_policy=reports(GrammarFault.UNKNOWN_PRINCIPAL_TYPE, fix),
    bad=(
        bad(
            "lower case",
            """
            {
              Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*",
              Principal: {
                aws: "111122223333", //!
              },
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "another word",
            """
            {
              Effect: "Allow", Action: "sts:AssumeRole",
              Principal: {
                Account: "111122223333", //!
              },
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "all four types",
            """
            {
              Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*",
              Principal: {
                AWS: "111122223333", Service: "cloudfront.amazonaws.com",
                Federated: "cognito-identity.amazonaws.com",
                CanonicalUser: "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be",
              },
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "everyone has no type",
            """
            {Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::b/*"}""",
            kind=Kind.RESOURCE,
        ),
    ),
)
