"""Flags ARNs whose last part does not look like any resource type of the service.

The rule compares it with all resource types of the service, whatever the actions of the statement
are. An ARN without a matching type matches nothing.
"""

from __future__ import annotations

from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.resources._judgement import ARNS, CHECKS, ArnFault, reports

RULE = Rule(
    name="unknown-resource-in-arn",
    family=Family.RESOURCES,
    module=__name__,
    summary="the service has no resource type of this form, so the ARN matches nothing",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("INVALID_ARN_RESOURCE",),
    advice="use a format from AWS's service authorization reference",
    sources=(CHECKS, ARNS),
    when=("arn resource",),
    check=reports(ArnFault.RESOURCE),
    bad=(
        bad(
            "a misspelt resource type",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:iam::123456789012:usr/ann", //!
            }""",
        ),
        bad(
            "a type that the service does not have",
            """
            {Effect: "Allow", Action: "*", Resource: [
              "arn:aws:dynamodb:*:*:table/x",
              "arn:aws:dynamodb:us-east-1:123456789012:tbl/x", //!
            ]}""",
        ),
    ),
    good=(
        good(
            "part of the type is a wildcard",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:iam::*:role*",
            }""",
        ),
        good(
            "the wildcard of the account also matches the missing part",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:logs:*:*:/aws/lambda/x*",
            }""",
        ),
        good(
            "an alias of a function",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:lambda:us-east-1:123456789012:function:app:prod",
            }""",
        ),
        good(
            "a macro of CloudFormation, which the reference lacks",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:cloudformation:us-east-1:aws:transform/Serverless-2016-10-31",
            }""",
        ),
    ),
)
