"""Flags ignores that do not say why.

An ignore is a decision somebody took. Without its reason nobody can tell later whether it
still holds, so it does not count: what it covers is reported.
"""

from __future__ import annotations

from iamlint.rule import Confidence, Family, Rule, Severity, bad, good

RULE = Rule(
    name="unexplained-ignore",
    family=Family.HYGIENE,
    module=__name__,
    summary="an ignore without a reason ignores nothing",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    advice="write the reason behind the rule's name, such as a ticket",
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
            "a comment that speaks of the tool and ignores nothing",
            """
            // iamlint: this statement is tested in test_admin.py
            {Effect: "Allow", Action: "*", Resource: "*"}
            """,
        ),
    ),
)
