"""Flags `NullIfExists`: `Null` already tests whether the key exists, so AWS rejects `IfExists`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.mend import Claim
from iamlint.policy.problem import GrammarFault
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules._mends import renamed
from iamlint.rules.syntax._problems import reports

if TYPE_CHECKING:
    from iamlint.mend import Mend
    from iamlint.policy.at import At
    from iamlint.rule import Ask


def mend(ask: Ask, at: At) -> Mend | None:
    return renamed(ask, at, str(at.pointer[-1])[: -len("IfExists")], Claim.REFUSED)


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
    check_policy=reports(GrammarFault.NULL_IF_EXISTS, mend),
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
