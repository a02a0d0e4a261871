"""Flags capitals in the service field of an ARN.

AWS compares ARNs as written: `arn:aws:S3:::b` does not match the bucket `b`.
"""

from __future__ import annotations

from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.resources._judgement import ARNS, CHECKS, ArnFault, reports

RULE = Rule(
    name="upper-case-service-in-arn",
    family=Family.RESOURCES,
    module=__name__,
    summary="the service in an ARN is in lower case, so this ARN matches nothing",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("INVALID_ARN_SERVICE_CASE",),
    advice="write the service in lower case",
    sources=(CHECKS, ARNS),
    when=("arn service case",),
    check=reports(ArnFault.SERVICE_CASE),
    bad=(
        bad(
            "one letter",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:S3:::my-bucket", //!
            }""",
        ),
        bad(
            "camel case, beside a good one",
            """
            {Effect: "Allow", Action: "*", Resource: [
              "arn:aws:dynamodb:*:*:table/a",
              "arn:aws:DynamoDB:*:*:table/b", //!
            ]}""",
        ),
    ),
    good=(
        good(
            "lower case",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:s3:::my-bucket",
            }""",
        ),
        good(
            "the name of the resource has its own letter case",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:dynamodb:*:*:table/Orders",
            }""",
        ),
        good(
            "actions may be in any letter case",
            """
            {Effect: "Allow", Action: "S3:GetObject",
              Resource: "arn:aws:s3:::b",
            }""",
        ),
    ),
)
