"""Flags ARNs without the region that they need.

An empty region does not match any region: `arn:aws:logs:::log-group:x` matches nothing.
"""

from __future__ import annotations

from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.resources._judgement import ARNS, CHECKS, ArnFault, reports

RULE = Rule(
    name="missing-region",
    family=Family.RESOURCES,
    module=__name__,
    summary="an ARN of this resource type has a region, so this one matches nothing",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("MISSING_ARN_REGION",),
    advice="name the region, or write `*` for any region",
    sources=(CHECKS, ARNS),
    when=("arn missing region",),
    check=reports(ArnFault.MISSING_REGION),
    bad=(
        bad(
            "a log group; the account is missing too",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:logs:::log-group:app", //!
            }""",
        ),
        bad(
            "a stack beside a role",
            """
            {Effect: "Allow", Action: "*", Resource: [
              "arn:aws:iam::123456789012:role/x",
              "arn:aws:cloudformation:::stack/app*/*", //!
            ]}""",
        ),
    ),
    good=(
        good(
            "any region",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:logs:*:*:log-group:app",
            }""",
        ),
        good(
            "buckets have none",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:s3:::my-bucket",
            }""",
        ),
        good(
            "one kind of resource of the service has none",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:dynamodb::123456789012:global-table/x",
            }""",
        ),
    ),
)
