"""Flags `NullIfExists`: `Null` already tests whether the key exists, so AWS rejects `IfExists`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.problem import GrammarFault
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rule.fix import Applicability
from iamlint.rules._fixes import rename_member
from iamlint.rules.syntax._problems import reports

if TYPE_CHECKING:
    from iamlint.policy.at import At
    from iamlint.rule import RuleContext
    from iamlint.rule.fix import Fix


def fix(context: RuleContext, at: At) -> Fix | None:
    return rename_member(
        context, at, str(at.pointer[-1])[: -len("IfExists")], Applicability.REJECTED
    )


RULE = Rule(
    name="null-if-exists",
    family=Family.SYNTAX,
    module=__name__,
    summary="AWS rejects `Null` with `IfExists`",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("NULL_WITH_IF_EXISTS",),
    advice="write `Null`",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html",
    ),
    when=("problem null if exists",),
    check_policy=reports(GrammarFault.NULL_IF_EXISTS, fix),
    bad=(
        bad(
            "alone",
            """
            {
              Effect: "Allow", Action: "s3:GetObject", Resource: "*",
              Condition: {
                NullIfExists: {"aws:TagKeys": "true"}, //!
              },
            }""",
        ),
        bad(
            "in a deny",
            """
            {
              Effect: "Deny", Action: "s3:GetObject", Resource: "*",
              Condition: {
                NullIfExists: {"aws:MultiFactorAuthAge": "true"}, //!
              },
            }""",
        ),
    ),
    good=(
        good(
            "`Null`",
            """
            {
              Effect: "Allow", Action: "s3:GetObject", Resource: "*",
              Condition: {Null: {"aws:TagKeys": "true"}},
            }""",
        ),
        good(
            "`IfExists` on another operator",
            """
            {
              Effect: "Deny", Action: "s3:GetObject", Resource: "*",
              Condition: {BoolIfExists: {"aws:MultiFactorAuthPresent": "false"}},
            }""",
        ),
    ),
)
