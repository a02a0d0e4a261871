"""Flags ignores that match no finding.

The policy was fixed, or the name of the rule is misspelt. If it stays, the ignore hides the same
fault when it appears again.
"""

from __future__ import annotations

from iamlint.rule import Confidence, Family, Rule, Severity, bad, good

RULE = Rule(
    name="unused-ignore",
    family=Family.HYGIENE,
    module=__name__,
    summary="an ignore matches no finding, so it has no effect",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    advice="remove it",
    sources=("https://docs.astral.sh/ruff/rules/unused-noqa/",),
    bad=(
        bad(
            "the statement has been fixed",
            """
            // iamlint: ignore[wildcard-admin] break-glass role, SEC-12 //!
            {Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "*"}
            """,
        ),
        bad(
            "the comment is on another line",
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
            "the ignore matches a finding",
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
            "another rule reports an ignore without a reason",
            """
            // iamlint: ignore[wildcard-admin]
            {Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "*"}
            """,
        ),
    ),
)
