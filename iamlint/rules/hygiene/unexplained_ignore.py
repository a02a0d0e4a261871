"""Flags ignores without a reason.

An ignore is a decision. Without its reason, a later reader cannot see whether it is still right, so
it has no effect: the finding is reported.
"""

from __future__ import annotations

from iamlint.rule import Confidence, Family, Rule, Severity, bad, good

RULE = Rule(
    name="unexplained-ignore",
    family=Family.HYGIENE,
    module=__name__,
    summary="an ignore without a reason has no effect",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    advice="write the reason after the name of the rule, such as a ticket",
    sources=("https://docs.astral.sh/ruff/linter/#error-suppression",),
    bad=(
        bad(
            "a comment without a reason",
            """
            {Effect: "Allow", Action: "*", Resource: "*"} // iamlint: ignore[wildcard-admin] //!
            """,
        ),
        bad(
            "a comment on the line above, without a reason",
            """
            // iamlint: ignore[wildcard-admin] //!
            {Effect: "Allow", Action: "*", Resource: "*"}
            """,
        ),
    ),
    good=(
        good(
            "the reason is given",
            """
            // iamlint: ignore[wildcard-admin] break-glass role, SEC-12
            {Effect: "Allow", Action: "*", Resource: "*"}
            """,
        ),
        good(
            "a comment that only mentions the tool",
            """
            // iamlint: this statement is tested in test_admin.py
            {Effect: "Allow", Action: "*", Resource: "*"}
            """,
        ),
    ),
)
