"""Flags ignores that ignore nothing.

The policy was mended or the rule was misspelt. Left behind, the ignore would hide the same
fault when somebody makes it anew.
"""

from __future__ import annotations

from iamlint.rule import Confidence, Family, Rule, Severity, bad, good

RULE = Rule(
    name="unused-ignore",
    family=Family.HYGIENE,
    module=__name__,
    summary="an ignore that ignores nothing",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    advice="remove it",
    sources=("https://docs.astral.sh/ruff/rules/unused-noqa/",),
    bad=(
        bad(
            "the statement has been mended",
            """
            // iamlint: ignore[wildcard-admin] break-glass role, SEC-12 //!
            {Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "*"}
            """,
        ),
        bad(
            "the comment stands on another line",
            """
            // iamlint: ignore[unguarded-for-all-values] only tags of ours, SEC-3 //!
            {Effect: "Allow", Action: "ec2:CreateTags", Resource: "*", Condition: {
              "ForAllValues:StringEquals": {
                "aws:TagKeys": "team",
              },
            }}
            """,
        ),
    ),
    good=(
        good(
            "the finding is there",
            """
            {Effect: "Allow", Action: "ec2:CreateTags", Resource: "*", Condition: {
              "ForAllValues:StringEquals": {
                // iamlint: ignore[unguarded-for-all-values] only tags of ours, SEC-3
                "aws:TagKeys": "team",
              },
            }}
            """,
        ),
        good(
            "an ignore without a reason has a rule of its own",
            """
            // iamlint: ignore[wildcard-admin]
            {Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "*"}
            """,
        ),
    ),
)
