"""Flags an `Effect` that is neither `Allow` nor `Deny`; capitals count."""

from __future__ import annotations

from iamlint.policy.problem import GrammarFault
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.syntax._problems import reports

RULE = Rule(
    name="invalid-effect",
    family=Family.SYNTAX,
    module=__name__,
    summary="an `Effect` other than `Allow` and `Deny`",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("INVALID_EFFECT",),
    advice="write `Allow` or `Deny`",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_effect.html",
    ),
    check_policy=reports(GrammarFault.INVALID_EFFECT),
    bad=(
        bad(
            "lower case",
            """
            {
              Effect: "allow", //!
              Action: "s3:GetObject", Resource: "*",
            }""",
        ),
        bad(
            "another word",
            """
            {
              Effect: "Permit", //!
              Action: "s3:GetObject", Resource: "*",
            }""",
        ),
    ),
    good=(
        good(
            "deny",
            """
            {Effect: "Deny", Action: "s3:DeleteBucket", Resource: "*"}""",
        ),
        good(
            "allow",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*"}""",
        ),
    ),
)
