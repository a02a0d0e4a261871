"""Flags ARNs of a region that does not exist, or that is in another partition.

No resource has such an ARN, so the statement never applies to it.
"""

from __future__ import annotations

from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.resources._judgement import ARNS, CHECKS, ArnFault, reports

RULE = Rule(
    name="unknown-region",
    family=Family.RESOURCES,
    module=__name__,
    summary="the partition does not have this region, so the ARN matches nothing",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("INVALID_ARN_REGION",),
    advice="write a region of the partition, or `*` for all",
    sources=(CHECKS, ARNS),
    when=("arn region",),
    check=reports(ArnFault.REGION),
    bad=(
        bad(
            "a region with a wrong number",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:ec2:us-east-9:123456789012:instance/i-1", //!
            }""",
        ),
        bad(
            "a region of China in the partition `aws`",
            """
            {Effect: "Allow", Action: "*", Resource: [
              "arn:aws:sqs:us-east-1:123456789012:q",
              "arn:aws:sqs:cn-north-1:123456789012:q", //!
            ]}""",
        ),
    ),
    good=(
        good(
            "a region",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:ec2:eu-central-2:123456789012:instance/i-1",
            }""",
        ),
        good(
            "some regions",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:ec2:us-*:123456789012:instance/i-1",
            }""",
        ),
        good(
            "a region of China in its partition",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws-cn:sqs:cn-north-1:123456789012:q",
            }""",
        ),
        good(
            "any partition",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:*:sqs:cn-north-1:123456789012:q",
            }""",
        ),
    ),
)
