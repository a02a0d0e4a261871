"""Flags a region in ARNs that have none.

The ARNs of IAM, Route 53, S3 buckets and others leave the region empty. With a region in it, the
ARN matches nothing.
"""

from __future__ import annotations

from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.resources._judgement import ARNS, CHECKS, ArnFault, reports

RULE = Rule(
    name="region-not-allowed",
    family=Family.RESOURCES,
    module=__name__,
    summary="an ARN of this resource type has no region, so this one matches nothing",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("ARN_REGION_NOT_ALLOWED",),
    advice="leave the region field empty",
    sources=(CHECKS, ARNS),
    when=("arn region not allowed",),
    check=reports(ArnFault.REGION_NOT_ALLOWED),
    bad=(
        bad(
            "IAM is global",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:iam:us-east-1:123456789012:user/ann", //!
            }""",
        ),
        bad(
            "a monitor of costs is global",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:ce:us-east-1:123456789012:anomalymonitor/x", //!
            }""",
        ),
        bad(
            "names of buckets are global",
            """
            {Effect: "Allow", Action: "*", Resource: [
              "arn:aws:s3:::my-bucket",
              "arn:aws:s3:us-west-2::my-bucket", //!
            ]}""",
        ),
    ),
    good=(
        good(
            "the field is empty",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:iam::123456789012:user/ann",
            }""",
        ),
        good(
            "access points of S3 have a region",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:s3:us-east-1:123456789012:accesspoint/x",
            }""",
        ),
        good(
            "a request without a resource, as AWS names it when it denies access",
            """
            {Effect: "Allow", Action: "ce:GetCostAndUsage",
              Resource: "arn:aws:ce:us-east-1:123456789012:/GetCostAndUsage",
            }""",
        ),
        good(
            "a wildcard may be empty",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:iam:*:*:role/x",
            }""",
        ),
    ),
)
