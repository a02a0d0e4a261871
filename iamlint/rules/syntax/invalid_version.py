"""Flags a `Version` that is not a version of the policy language.

It looks like a date, but AWS accepts only two: `2012-10-17` and the older `2008-10-17`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Version
from iamlint.policy.problem import GrammarFault
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rule.fix import Applicability, Fix, Reword
from iamlint.rules.syntax._problems import reports

if TYPE_CHECKING:
    from iamlint.policy.at import At
    from iamlint.rule import RuleContext


def fix(context: RuleContext, at: At) -> Fix:
    return Fix(Applicability.REJECTED, f"write `{Version.V2012}`", (Reword(at, Version.V2012),))


RULE = Rule(
    name="invalid-version",
    family=Family.SYNTAX,
    module=__name__,
    summary="AWS rejects a `Version` that does not exist",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("INVALID_VERSION",),
    advice="write `2012-10-17`",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html",
    ),
    when=("problem invalid version",),
    check_policy=reports(GrammarFault.INVALID_VERSION, fix),
    bad=(
        bad(
            "the day on which the policy was written",
            """
            {
              Version: "2024-06-01", //!
              Statement: {Effect: "Allow", Action: "s3:GetObject", Resource: "*"},
            }""",
        ),
        bad(
            "one day off",
            """
            {
              Version: "2012-10-18", //!
              Statement: {Effect: "Allow", Action: "s3:GetObject", Resource: "*"},
            }""",
        ),
    ),
    good=(
        good(
            "the newest version",
            """
            {
              Version: "2012-10-17",
              Statement: {Effect: "Allow", Action: "s3:GetObject", Resource: "*"},
            }""",
        ),
        good(
            "the old version is valid",
            """
            {
              Version: "2008-10-17",
              Statement: {Effect: "Allow", Action: "s3:GetObject", Resource: "*"},
            }""",
        ),
    ),
)
