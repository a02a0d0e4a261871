"""Flags a statement with both an element and its `Not` form.

`Action` lists the actions that a statement applies to, `NotAction` those it does not apply to. AWS
accepts only one of them, and likewise for `Resource` and `Principal`; it rejects a policy with
both.
"""

from __future__ import annotations

from iamlint.policy.grammar import Kind
from iamlint.policy.problem import GrammarFault
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.syntax._problems import reports

RULE = Rule(
    name="conflicting-elements",
    family=Family.SYNTAX,
    module=__name__,
    summary="AWS rejects a statement with an element and its `Not` form",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("UNSUPPORTED_ELEMENT_COMBINATION",),
    advice="keep one of the two; move the other to another statement",
    sources=("https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html",),
    when=("problem conflicting elements",),
    check_policy=reports(GrammarFault.CONFLICTING_ELEMENTS),
    bad=(
        bad(
            "all actions of S3 except one",
            """
            {
              Effect: "Allow", Resource: "*",
              Action: "s3:*",
              NotAction: "s3:Delete*", //!
            }""",
        ),
        bad(
            "all three pairs",
            """
            {
              Effect: "Deny",
              Action: "s3:*",
              NotAction: "s3:Get*", //!
              Resource: "*",
              NotResource: "arn:aws:s3:::b", //!
              Principal: "*",
              NotPrincipal: {AWS: "111122223333"}, //!
            }""",
            kind=Kind.RESOURCE,
        ),
    ),
    good=(
        good(
            "`Action` with `NotResource`",
            """
            {Effect: "Deny", Action: "s3:*", NotResource: "arn:aws:s3:::b/*"}""",
        ),
        good(
            "two statements instead",
            """
            {
              Version: "2012-10-17",
              Statement: [
                {Effect: "Allow", Action: "s3:*", Resource: "*"},
                {Effect: "Deny", Action: "s3:Delete*", Resource: "*"},
              ],
            }""",
        ),
    ),
)
