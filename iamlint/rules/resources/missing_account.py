"""Flags ARNs without the account that they need.

An empty account does not match any account: `arn:aws:sqs:us-east-1::orders` matches nothing.
"""

from __future__ import annotations

from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.resources._judgement import ARNS, CHECKS, ArnFault, reports

RULE = Rule(
    name="missing-account",
    family=Family.RESOURCES,
    module=__name__,
    summary="an ARN of this resource type has an account, so this one matches nothing",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("MISSING_ARN_ACCOUNT",),
    advice="name the account, or write `*` for any account",
    sources=(CHECKS, ARNS),
    when=("arn missing account",),
    check=reports(ArnFault.MISSING_ACCOUNT),
    bad=(
        bad(
            "a queue",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:sqs:us-east-1::orders", //!
            }""",
        ),
        bad(
            "a table",
            """
            {Effect: "Allow", Action: "*", Resource: [
              "arn:aws:dynamodb:*:*:table/a",
              "arn:aws:dynamodb:us-east-1::table/a", //!
            ]}""",
        ),
    ),
    good=(
        good(
            "an image has none",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:ec2:us-east-1::image/ami-1",
            }""",
        ),
        good(
            "a public parameter has none",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:ssm:us-east-1::parameter/aws/service/ami",
            }""",
        ),
        good(
            "any account",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:sqs:us-east-1:*:orders",
            }""",
        ),
    ),
)
