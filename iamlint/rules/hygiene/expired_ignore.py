"""Flags ignores whose date has passed.

The ignore covered a finding until that day. Since then the finding is reported again.
"""

from __future__ import annotations

from datetime import date

from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rule.finding import Ignore, Range
from iamlint.text.span import Position

_HERE = Range(Position(1, 1, 0), Position(1, 2, 1))


def _ignore(expires: date | None) -> tuple[Ignore, ...]:
    return (
        Ignore(
            rule="unguarded-for-all-values",
            file="*",
            reason="only tags of ours, SEC-3",
            path="example.json5",
            range=_HERE,
            expires=expires,
        ),
    )


_TEXT = """
{Effect: "Allow", Action: "ec2:CreateTags", Resource: "*", Condition: { //!
  "ForAllValues:StringEquals": {"aws:TagKeys": "team"},
}}
"""

RULE = Rule(
    name="expired-ignore",
    family=Family.HYGIENE,
    module=__name__,
    summary="an ignore has expired, so it has no effect",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    advice="fix the finding, or give the ignore another date",
    sources=("https://docs.astral.sh/ruff/linter/#error-suppression",),
    bad=(
        bad("it ended long ago", _TEXT, ignores=_ignore(date(2020, 1, 1))),
        bad("it ended yesterday", _TEXT, ignores=_ignore(date(2025, 12, 31))),
        bad(
            "a comment gives the day too",
            """
            // iamlint: ignore[wildcard-admin] expires=2025-12-31 break-glass role, SEC-12 //!
            {Effect: "Allow", Action: "*", Resource: "*"}
            """,
        ),
    ),
    good=(
        good(
            "it still runs on its last day",
            _TEXT.replace("//!", ""),
            ignores=_ignore(date(2026, 1, 1)),
        ),
        good(
            "a comment that still holds",
            """
            // iamlint: ignore[wildcard-admin] expires=2999-12-31 break-glass role, SEC-12
            {Effect: "Allow", Action: "*", Resource: "*"}
            """,
        ),
        good("it has no end", _TEXT.replace("//!", ""), ignores=_ignore(None)),
    ),
)
