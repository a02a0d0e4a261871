"""Flags a value of a JSON type that its element does not accept.

AWS rejects the policy. Strings, lists and objects are not interchangeable, with two exceptions: one
string can replace a list of one string, and one statement a list of one statement.
"""

from __future__ import annotations

from iamlint.policy.problem import GrammarFault
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.syntax._problems import reports

RULE = Rule(
    name="wrong-type",
    family=Family.SYNTAX,
    module=__name__,
    summary="AWS rejects a value of the wrong JSON type",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("DATA_TYPE_MISMATCH",),
    advice="write a value of the type that this element accepts",
    sources=("https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html",),
    when=("problem wrong type",),
    check_policy=reports(GrammarFault.WRONG_TYPE),
    bad=(
        bad(
            "a number as version",
            """
            {
              Version: 20121017, //!
              Statement: {Effect: "Allow", Action: "s3:GetObject", Resource: "*"},
            }""",
        ),
        bad(
            "a number among the actions",
            """
            {
              Effect: "Allow", Resource: "*",
              Action: [
                "s3:GetObject",
                1, //!
              ],
            }""",
        ),
        bad(
            "lists where objects belong",
            """
            {
              Effect: "Allow", Action: "s3:GetObject", Resource: "*",
              Condition: ["aws:SecureTransport"], //!
            }""",
        ),
        bad(
            "an object as condition value",
            """
            {
              Effect: "Allow", Action: "s3:GetObject", Resource: "*",
              Condition: {StringEquals: {"aws:PrincipalTag/team": {is: "red"}}}, //!
            }""",
        ),
    ),
    good=(
        good(
            "booleans and numbers as condition values",
            """
            {
              Effect: "Allow", Action: "s3:ListBucket", Resource: "*",
              Condition: {Bool: {"aws:SecureTransport": true}, NumericLessThan: {"s3:max-keys": 10}},
            }""",
        ),
        good(
            "one statement without a list, one action without a list",
            """
            {
              Version: "2012-10-17",
              Statement: {Effect: "Allow", Action: "s3:GetObject", Resource: ["*"]},
            }""",
        ),
        good(
            "a version that YAML could take for a date",
            """
            Version: 2012-10-17
            Statement:
              Effect: Allow
              Action: s3:GetObject
              Resource: "*"
            """,
            file="example.yaml",
        ),
    ),
)
