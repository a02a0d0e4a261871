"""Flags account fields of ARNs that are not an account id.

An account id has twelve digits. `aws` is the account of resources that AWS owns, such as managed
policies. An ARN with any other account matches nothing.
"""

from __future__ import annotations

from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.resources._judgement import ARNS, CHECKS, ArnFault, reports

RULE = Rule(
    name="invalid-account",
    family=Family.RESOURCES,
    module=__name__,
    summary="an account id has twelve digits, so this ARN matches nothing",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("INVALID_ARN_ACCOUNT",),
    advice="write twelve digits, or `*` for any account",
    sources=(CHECKS, ARNS),
    when=("arn account",),
    check=reports(ArnFault.ACCOUNT),
    bad=(
        bad(
            "too short",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:iam::1234:role/x", //!
            }""",
        ),
        bad(
            "an alias instead of the id",
            """
            {Effect: "Allow", Action: "*", Resource: [
              "arn:aws:sqs:us-east-1:123456789012:q",
              "arn:aws:sqs:us-east-1:my-company:q", //!
            ]}""",
        ),
    ),
    good=(
        good(
            "a policy that AWS manages",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:iam::aws:policy/ReadOnlyAccess",
            }""",
        ),
        good(
            "any account",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:sqs:*:*:q",
            }""",
        ),
        good(
            "the account of the caller",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:sqs:us-east-1:${aws:PrincipalAccount}:q",
            }""",
        ),
    ),
)
