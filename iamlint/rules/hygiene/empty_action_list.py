"""Flags an empty list of actions.

AWS rejects a policy with an empty `Action`. `NotAction` is a note: the grammar forbids the empty list
there too, but it is not known whether AWS rejects it.
"""

from __future__ import annotations

from iamlint.policy.grammar import Kind
from iamlint.policy.problem import GrammarFault
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.syntax._problems import reports

RULE = Rule(
    name="empty-action-list",
    family=Family.HYGIENE,
    module=__name__,
    summary="AWS rejects an empty list of actions",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("EMPTY_ARRAY_ACTION",),
    advice="add an action, or remove the statement",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html",
    ),
    when=("problem empty action",),
    check_policy=reports(GrammarFault.EMPTY_ACTION),
    bad=(
        bad(
            "`Action`",
            """
            {
              Effect: "Allow", Resource: "*",
              Action: [], //!
            }""",
        ),
        bad(
            "in a service control policy",
            """
            {
              Effect: "Deny", Resource: "*",
              Action: [], //!
            }""",
            kind=Kind.SCP,
        ),
        bad(
            "`NotAction`",
            """
            {
              Effect: "Deny", Resource: "*",
              NotAction: [], //!
            }""",
        ),
    ),
    good=(
        good(
            "a list of one",
            """
            {Effect: "Allow", Action: ["s3:GetObject"], Resource: "*"}""",
        ),
        good(
            "another rule reports a statement without `Action`",
            """
            {Effect: "Allow", Resource: "*"}""",
        ),
    ),
)
