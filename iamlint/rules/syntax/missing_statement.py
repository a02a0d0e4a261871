"""Flags a policy without a statement: AWS rejects it."""

from __future__ import annotations

from iamlint.policy.problem import GrammarFault
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.syntax._problems import reports

RULE = Rule(
    name="missing-statement",
    family=Family.SYNTAX,
    module=__name__,
    summary="AWS rejects a policy without a statement",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("MISSING_STATEMENT",),
    advice="add a `Statement`",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html",
    ),
    when=("problem missing statement",),
    check_policy=reports(GrammarFault.MISSING_STATEMENT),
    bad=(
        bad(
            "only a version",
            """
            { //!
              Version: "2012-10-17",
            }""",
        ),
        bad(
            "an empty list",
            """
            {
              Version: "2012-10-17",
              Statement: [], //!
            }""",
        ),
    ),
    good=(
        good(
            "one statement without a list",
            """
            {
              Version: "2012-10-17",
              Statement: {Effect: "Allow", Action: "s3:GetObject", Resource: "*"},
            }""",
        ),
        good(
            "a misspelt name is reported as such",
            """
            {
              Version: "2012-10-17",
              Statements: [{Effect: "Allow", Action: "s3:GetObject", Resource: "*"}],
            }""",
        ),
    ),
)
