"""Flags an `Effect` that is not exactly `Allow` or `Deny`: AWS rejects the policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Effect
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
    return respell(context, at, Effect, Applicability.REJECTED)


RULE = Rule(
    name="invalid-effect",
    family=Family.SYNTAX,
    module=__name__,
    summary="AWS accepts only `Allow` and `Deny` as `Effect`",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("INVALID_EFFECT",),
    advice="write `Allow` or `Deny`",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_effect.html",
    ),
    when=("problem invalid effect",),
    check_policy=reports(GrammarFault.INVALID_EFFECT, fix),
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
