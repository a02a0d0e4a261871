"""Flags a condition key that is not of the form `prefix:name`: AWS rejects the policy."""

from __future__ import annotations

from iamlint.policy.grammar import Kind
from iamlint.policy.problem import GrammarFault
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.syntax._problems import reports

RULE = Rule(
    name="invalid-condition-key",
    family=Family.SYNTAX,
    module=__name__,
    summary="AWS rejects a condition key without a prefix",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("INVALID_CONDITION_KEY_FORMAT",),
    advice="write the key as `aws:Name` or `service:Name`",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html",
    ),
    when=("problem invalid condition key",),
    check_policy=reports(GrammarFault.INVALID_CONDITION_KEY),
    bad=(
        bad(
            "the prefix is missing",
            """
            {
              Effect: "Allow", Action: "s3:GetObject", Resource: "*",
              Condition: {StringEquals: {
                "PrincipalTag/team": "red", //!
              }},
            }""",
        ),
        bad(
            "no name after the prefix",
            """
            {
              Effect: "Allow", Action: "s3:GetObject", Resource: "*",
              Condition: {StringEquals: {
                "aws:": "red", //!
              }},
            }""",
        ),
    ),
    good=(
        good(
            "a global key and a service's key",
            """
            {
              Effect: "Allow", Action: "s3:ListBucket", Resource: "*",
              Condition: {StringEquals: {"aws:PrincipalTag/team": "red", "s3:prefix": "a/"}},
            }""",
        ),
        good(
            "a claim of an identity provider",
            """
            {
              Effect: "Allow", Action: "sts:AssumeRoleWithWebIdentity",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/X"},
              Condition: {StringEquals: {"oidc.eks.us-east-1.amazonaws.com/id/X:aud": "sts.amazonaws.com"}},
            }""",
            kind=Kind.TRUST,
        ),
    ),
)
