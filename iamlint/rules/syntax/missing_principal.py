"""Flags a statement that must name a principal and does not.

A policy attached to a resource, to a role as its trust policy, or to a VPC endpoint must name its
principals. In a resource control policy the principal is always `*`, but it must be there. AWS
rejects the policy otherwise.
"""

from __future__ import annotations

from iamlint.policy.grammar import Kind
from iamlint.policy.problem import GrammarFault
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.syntax._problems import reports

RULE = Rule(
    name="missing-principal",
    family=Family.SYNTAX,
    module=__name__,
    summary="AWS rejects this kind of policy without `Principal`",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("MISSING_PRINCIPAL",),
    kinds=frozenset({Kind.RESOURCE, Kind.TRUST, Kind.RCP, Kind.ENDPOINT}),
    advice="add the principals that the statement applies to",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
    ),
    when=("problem missing principal",),
    check_policy=reports(GrammarFault.MISSING_PRINCIPAL),
    bad=(
        bad(
            "a bucket policy",
            """
            { //!
              Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*",
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "a trust policy",
            """
            { //!
              Effect: "Allow", Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "a resource control policy",
            """
            { //!
              Effect: "Deny", Action: "s3:*", Resource: "*",
            }""",
            kind=Kind.RCP,
        ),
    ),
    good=(
        good(
            "an identity policy applies to its user or role",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*"}""",
        ),
        good(
            "`NotPrincipal` is enough",
            """
            {
              Effect: "Deny", NotPrincipal: {AWS: "arn:aws:iam::111122223333:role/r"},
              Action: "s3:*", Resource: "arn:aws:s3:::b/*",
            }""",
            kind=Kind.RESOURCE,
        ),
    ),
)
