"""Flags a statement without `Effect`: there is no default, and AWS rejects the policy."""

from __future__ import annotations

from iamlint.policy.problem import GrammarFault
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.syntax._problems import reports

RULE = Rule(
    name="missing-effect",
    family=Family.SYNTAX,
    module=__name__,
    summary="AWS rejects a statement without `Effect`",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("MISSING_EFFECT",),
    advice='add `"Effect": "Allow"` or `"Effect": "Deny"`',
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_effect.html",
    ),
    when=("problem missing effect",),
    check_policy=reports(GrammarFault.MISSING_EFFECT),
    bad=(
        bad(
            "only action and resource",
            """
            { //!
              Action: "s3:GetObject", Resource: "*",
            }""",
        ),
        bad(
            "the second of two",
            """
            {
              Version: "2012-10-17",
              Statement: [
                {Effect: "Allow", Action: "s3:GetObject", Resource: "*"},
                {Action: "s3:PutObject", Resource: "*"}, //!
              ],
            }""",
        ),
    ),
    good=(
        good(
            "an allow and a deny",
            """
            {
              Version: "2012-10-17",
              Statement: [
                {Effect: "Allow", Action: "s3:*", Resource: "*"},
                {Effect: "Deny", Action: "s3:DeleteBucket", Resource: "*"},
              ],
            }""",
        ),
        good(
            "a misspelt name is reported as such",
            """
            {Efect: "Allow", Action: "s3:GetObject", Resource: "*"}""",
        ),
    ),
)
