"""Flags ARNs of a service that AWS does not have.

Such an ARN matches nothing. The service name in an ARN is mostly the prefix of the service's
actions.
"""

from __future__ import annotations

from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.resources._judgement import ARNS, CHECKS, ArnFault, reports

RULE = Rule(
    name="unknown-service-in-arn",
    family=Family.RESOURCES,
    module=__name__,
    summary="an ARN of a service that does not exist matches nothing",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("INVALID_SERVICE",),
    advice="use the service name of its ARNs; run `iamlint catalog update` if the service is newer",
    sources=(CHECKS, ARNS),
    when=("arn service",),
    check=reports(ArnFault.SERVICE),
    bad=(
        bad(
            "a misspelling",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:dynamdb:us-east-1:123456789012:table/orders", //!
            }""",
        ),
        bad(
            "a retired service that AWS no longer accepts",
            """
            {Effect: "Allow", Action: "*", Resource: [
              "arn:aws:ec2:*:*:instance/*",
              "arn:aws:elastic-inference:*:*:elastic-inference-accelerator/*", //!
            ]}""",
        ),
    ),
    good=(
        good(
            "a name that only ARNs have",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:catalog:us-east-1:123456789012:portfolio/port-1",
            }""",
        ),
        good(
            "a service without resource types of its own",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:devops-guru:us-east-1:123456789012:x",
            }""",
        ),
        good(
            "any service",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:*:*:*:*",
            }""",
        ),
    ),
)
