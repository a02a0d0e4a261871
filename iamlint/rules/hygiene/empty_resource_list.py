"""Flags an empty list of resources: the statement applies to nothing."""

from __future__ import annotations

from iamlint.policy.problem import GrammarFault
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.syntax._problems import reports

RULE = Rule(
    name="empty-resource-list",
    family=Family.HYGIENE,
    module=__name__,
    summary="a statement with an empty list of resources applies to nothing",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    access_analyzer=("EMPTY_ARRAY_RESOURCE",),
    advice="add a resource, or remove the statement",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html",
    ),
    check_policy=reports(GrammarFault.EMPTY_RESOURCE),
    bad=(
        bad(
            "`Resource`",
            """
            {
              Effect: "Allow", Action: "s3:GetObject",
              Resource: [], //!
            }""",
        ),
        bad(
            "`NotResource`",
            """
            {
              Effect: "Deny", Action: "s3:GetObject",
              NotResource: [], //!
            }""",
        ),
    ),
    good=(
        good(
            "a list of one",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: ["*"]}""",
        ),
        good(
            "another rule reports a statement without `Resource`",
            """
            {Effect: "Allow", Action: "s3:GetObject"}""",
        ),
    ),
)
