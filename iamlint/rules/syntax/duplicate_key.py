"""Flags a name that appears twice in one object: readers keep only one of the two.

The policy grammar forbids it. Two `Condition` elements look like two restrictions, but only one of
them applies.
"""

from __future__ import annotations

from iamlint.policy.problem import GrammarFault
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.syntax._problems import reports

RULE = Rule(
    name="duplicate-key",
    family=Family.SYNTAX,
    module=__name__,
    summary="a key appears twice in one object, so only one of the two counts",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    advice="merge the two, for example into one list",
    sources=("https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html",),
    when=("problem duplicate key",),
    check_policy=reports(GrammarFault.DUPLICATE_KEY),
    bad=(
        bad(
            "the first condition is lost",
            """
            {
              Effect: "Allow", Action: "s3:GetObject", Resource: "*",
              Condition: {Bool: {"aws:SecureTransport": "true"}},
              Condition: {Bool: {"aws:MultiFactorAuthPresent": "true"}}, //!
            }""",
        ),
        bad(
            "the same operator twice",
            """
            {
              Effect: "Allow", Action: "s3:GetObject", Resource: "*",
              Condition: {
                StringEquals: {"aws:PrincipalTag/team": "red"},
                StringEquals: {"aws:PrincipalTag/stage": "test"}, //!
              },
            }""",
        ),
    ),
    good=(
        good(
            "the same key in two statements",
            """
            {
              Version: "2012-10-17",
              Statement: [
                {Effect: "Allow", Action: "s3:GetObject", Resource: "*"},
                {Effect: "Allow", Action: "s3:ListBucket", Resource: "*"},
              ],
            }""",
        ),
        good(
            "several values in one list",
            """
            {
              Effect: "Allow", Action: "s3:GetObject", Resource: "*",
              Condition: {StringEquals: {"aws:PrincipalTag/team": ["red", "blue"]}},
            }""",
        ),
    ),
)
