"""Flags ARNs of a partition that AWS does not have.

A partition is a group of regions with accounts of its own: `aws`, `aws-cn`, `aws-us-gov` and a few
more. An ARN of any other partition matches nothing.
"""

from __future__ import annotations

from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.resources._judgement import ARNS, CHECKS, ArnFault, reports

RULE = Rule(
    name="unknown-partition",
    family=Family.RESOURCES,
    module=__name__,
    summary="AWS does not have this partition, so the ARN matches nothing",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("INVALID_PARTITION",),
    advice="use `aws` unless the account is in China, GovCloud or another partition",
    sources=(CHECKS, ARNS),
    when=("arn partition",),
    check=reports(ArnFault.PARTITION),
    bad=(
        bad(
            "a misspelling",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:awz:s3:::my-bucket", //!
            }""",
        ),
        bad(
            "GovCloud cut short, in one ARN of several",
            """
            {Effect: "Allow", Action: "*", Resource: [
              "arn:aws-us-gov:s3:::my-bucket",
              "arn:aws-gov:s3:::my-bucket", //!
            ]}""",
        ),
        bad(
            "no partition at all",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn::s3:::my-bucket", //!
            }""",
        ),
    ),
    good=(
        good(
            "China",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws-cn:s3:::my-bucket",
            }""",
        ),
        good(
            "any partition",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:*:s3:::my-bucket",
            }""",
        ),
        good(
            "a variable",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:${aws:PrincipalTag/partition}:s3:::b",
            }""",
        ),
    ),
)
