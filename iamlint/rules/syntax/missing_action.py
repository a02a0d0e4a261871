"""Flags a statement with neither `Action` nor `NotAction`: AWS rejects the policy."""

from __future__ import annotations

from iamlint.policy.grammar import Kind
from iamlint.policy.problem import GrammarFault
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.syntax._problems import reports

RULE = Rule(
    name="missing-action",
    family=Family.SYNTAX,
    module=__name__,
    summary="AWS rejects a statement without `Action` or `NotAction`",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("MISSING_ACTION",),
    advice="add the actions that the statement applies to",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html",
    ),
    when=("problem missing action",),
    check_policy=reports(GrammarFault.MISSING_ACTION),
    bad=(
        bad(
            "effect and resource alone",
            """
            { //!
              Effect: "Allow", Resource: "*",
            }""",
        ),
        bad(
            "a trust policy needs one too",
            """
            { //!
              Effect: "Allow", Principal: {Service: "ec2.amazonaws.com"},
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "`NotAction` is enough",
            """
            {Effect: "Deny", NotAction: "iam:*", Resource: "*"}""",
        ),
        good(
            "another rule reports an empty list",
            """
            {Effect: "Allow", Action: [], Resource: "*"}""",
        ),
    ),
)
