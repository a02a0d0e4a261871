"""Flags a `Principal` that is neither `*` nor an object of types and names.

Only `*` can be used without a type. Every other principal needs one: `AWS`, `Service`, `Federated`
or `CanonicalUser`. AWS rejects the policy otherwise.
"""

from __future__ import annotations

from iamlint.policy.grammar import Kind
from iamlint.policy.problem import GrammarFault
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.syntax._problems import reports

RULE = Rule(
    name="invalid-principal",
    family=Family.SYNTAX,
    module=__name__,
    summary="AWS rejects a `Principal` without a type",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("INVALID_PRINCIPAL_FORMAT",),
    kinds=frozenset({Kind.RESOURCE, Kind.TRUST, Kind.RCP, Kind.ENDPOINT}),
    advice='name the type, as in `{"AWS": "111122223333"}`',
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
    ),
    when=("problem invalid principal",),
    check_policy=reports(GrammarFault.INVALID_PRINCIPAL),
    bad=(
        bad(
            "a bare account",
            """
            {
              Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*",
              Principal: "111122223333", //!
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "a bare service",
            """
            {
              Effect: "Allow", Action: "sts:AssumeRole",
              Principal: "ec2.amazonaws.com", //!
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "a list",
            """
            {
              Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*",
              Principal: ["*"], //!
            }""",
            kind=Kind.RESOURCE,
        ),
    ),
    good=(
        good(
            "everyone",
            """
            {Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::b/*"}""",
            kind=Kind.RESOURCE,
        ),
        good(
            "an account under its type",
            """
            {
              Effect: "Allow", Principal: {AWS: "111122223333"}, Action: "s3:GetObject",
              Resource: "arn:aws:s3:::b/*",
            }""",
            kind=Kind.RESOURCE,
        ),
    ),
)
