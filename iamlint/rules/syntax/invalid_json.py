"""Flags files that cannot be read at all, neither as JSON nor as JSON5, or not as YAML.

iamlint checked nothing after the reported place, so fix it and run again.
"""

from __future__ import annotations

from iamlint.policy.problem import GrammarFault
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.syntax._problems import reports

RULE = Rule(
    name="invalid-json",
    family=Family.SYNTAX,
    module=__name__,
    summary="the file cannot be read, so no policy in it is checked",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("JSON_SYNTAX_ERROR",),
    advice="fix the file at this place, then run again: nothing else in it was checked",
    sources=("https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html",),
    when=("problem unreadable",),
    check_policy=reports(GrammarFault.UNREADABLE),
    bad=(
        bad(
            "a comma is missing between two members",
            """
            {
              "Version": "2012-10-17"
              "Statement": [] //!
            }""",
            file="example.json",
        ),
        bad(
            "a string without closing quote",
            """
            {
              "Version": "2012-10-17",
              "Statement": {
                "Effect": "Allow",
                "Action": "s3:GetObject, //!
                "Resource": "*"
              }
            }""",
            file="example.json",
        ),
    ),
    good=(
        good(
            "plain JSON",
            """
            {
              "Version": "2012-10-17",
              "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
            }""",
            file="example.json",
        ),
        good(
            "JSON5 may leave out quotes",
            """
            {
              Version: '2012-10-17', // the language, not a date
              Statement: {Effect: 'Allow', Action: 's3:GetObject', Resource: '*'},
            }""",
        ),
        good(
            "a placeholder of a template in place of a value",
            """
            {
              "Version": "2012-10-17",
              "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": {{ bucket_arn }}}
            }""",
            file="example.json",
        ),
    ),
)
