"""Flags resources that are not an ARN, or an ARN with missing fields.

AWS rejects such a policy. The ARN of a bucket is `arn:aws:s3:::name`: region and account are empty,
but their colons stay.
"""

from __future__ import annotations

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.resources._judgement import ARNS, CHECKS, ArnFault, reports

_CODES = {ArnFault.PREFIX: "INVALID_ARN_PREFIX", ArnFault.FIELDS: "MISSING_ARN_FIELD"}


RULE = Rule(
    name="malformed-arn",
    family=Family.RESOURCES,
    module=__name__,
    summary="AWS rejects a resource that is neither `*` nor an ARN of six fields",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=tuple(_CODES.values()),
    advice="write arn:partition:service:region:account:resource",
    sources=(CHECKS, ARNS),
    when=("arn prefix | arn fields",),
    check=reports(ArnFault.PREFIX, ArnFault.FIELDS, codes=_CODES),
    bad=(
        bad(
            "the name of a bucket",
            """
            {Effect: "Allow", Action: "*",
              Resource: "my-bucket/*", //!
            }""",
        ),
        bad(
            "a partition without `arn:`",
            """
            {Effect: "Allow", Action: "*", Resource: [
              "aws:s3:::b", //!
              "arn:aws:s3:::b",
            ]}""",
        ),
        bad(
            "the empty fields are left out",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:s3:my-bucket", //!
            }""",
            access_analyzer="MISSING_ARN_FIELD",
        ),
        bad(
            "no account begins like the field before the wildcard",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:es:eu-west-1:domain/shelf/*", //!
            }""",
            access_analyzer="MISSING_ARN_FIELD",
        ),
    ),
    good=(
        good(
            "empty fields keep their colons",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:s3:::my-bucket",
            }""",
        ),
        good(
            "everything",
            """
            {Effect: "Allow", Action: "*",
              Resource: "*",
            }""",
        ),
        good(
            "a wildcard matches the fields after it",
            """
            {Effect: "Allow", Action: "*",
              Resource: "arn:aws:s3:*",
            }""",
        ),
        good(
            "a wildcard in a region or an account matches the rest",
            """
            {Effect: "Allow", Action: "*",
              Resource: ["arn:aws:ec2:eu-*", "arn:aws:sqs:eu-west-1:1111*", "arn:aws:sqs:eu-west-1:*/a"],
            }""",
        ),
        good(
            "API Gateway completes the resources of its policies",
            """
            {Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/prod/*"}""",
            kind=Kind.RESOURCE,
        ),
    ),
)
