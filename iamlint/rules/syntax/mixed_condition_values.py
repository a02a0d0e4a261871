"""Flags a list of condition values that mixes strings with numbers or booleans.

Conditions compare text, so `"1"` and `1` mean the same, but AWS rejects a list that contains both.
"""

from __future__ import annotations

from iamlint.policy.problem import GrammarFault
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.syntax._problems import reports

RULE = Rule(
    name="mixed-condition-values",
    family=Family.SYNTAX,
    module=__name__,
    summary="AWS rejects a list of condition values that mixes JSON types",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("INVALID_CONDITION_DATA_TYPE",),
    advice="put each value in quotes",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html",
    ),
    when=("problem mixed values",),
    check_policy=reports(GrammarFault.MIXED_VALUES),
    bad=(
        bad(
            "a string and a number",
            """
            {
              Effect: "Allow", Action: "s3:GetObject", Resource: "*",
              Condition: {StringEquals: {"aws:PrincipalTag/level": ["one", 1]}}, //!
            }""",
        ),
        bad(
            "a number and a boolean",
            """
            {
              Effect: "Allow", Action: "s3:GetObject", Resource: "*",
              Condition: {StringEquals: {"aws:PrincipalTag/level": [1, true], //!
              }},
            }""",
        ),
    ),
    good=(
        good(
            "quoted digits are strings",
            """
            {
              Effect: "Allow", Action: "s3:GetObject", Resource: "*",
              Condition: {StringEquals: {"aws:PrincipalTag/level": ["1", "2"]}},
            }""",
        ),
        good(
            "numbers only",
            """
            {
              Effect: "Allow", Action: "s3:ListBucket", Resource: "*",
              Condition: {NumericEquals: {"s3:max-keys": [1, 2.5]}},
            }""",
        ),
    ),
)
