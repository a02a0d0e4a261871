"""Flags an account in ARNs that have none.

The ARNs of S3 buckets and hosted zones leave the account empty. With an account in it, the ARN
matches nothing.
"""

from __future__ import annotations

from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.resources._judgement import ARNS, CHECKS, ArnFault, reports

RULE = Rule(
    name="account-not-allowed",
    family=Family.RESOURCES,
    module=__name__,
    summary="an ARN of this resource type has no account, so this one matches nothing",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("ARN_ACCOUNT_NOT_ALLOWED",),
    advice="leave the account field empty",
    sources=(CHECKS, ARNS),
    when=("arn account not allowed",),
    check=reports(ArnFault.ACCOUNT_NOT_ALLOWED),
    bad=(
        bad(
            "a bucket",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:s3::123456789012:my-bucket", //!
            }""",
        ),
        bad(
            "a hosted zone beside a queue",
            """
            {Effect: "Allow", Action: "*", Resource: [
              "arn:aws:sqs:us-east-1:123456789012:q",
              "arn:aws:route53::123456789012:hostedzone/Z1", //!
            ]}""",
        ),
    ),
    good=(
        good(
            "access points of S3 have an account",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:s3:us-east-1:123456789012:accesspoint/x",
            }""",
        ),
        good(
            "the field is empty",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:route53:::hostedzone/Z1",
            }""",
        ),
        good(
            "a wildcard may be empty",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:s3::*:my-bucket",
            }""",
        ),
    ),
)
