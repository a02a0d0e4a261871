"""One ARN gets one verdict: the first thing wrong, in the order of AWS's own validator."""

from __future__ import annotations

import pytest

from iamlint.catalog import Catalog
from iamlint.rules.resources._judgement import ArnFault, judge

CATALOG = Catalog.open()


@pytest.mark.parametrize(
    ("arn", "fault"),
    [
        ("my-bucket/*", ArnFault.PREFIX),
        ("aws:s3:::b", ArnFault.PREFIX),
        ("", ArnFault.PREFIX),
        ("arn:aws:s3:b", ArnFault.FIELDS),
        ("arn:awz:s3:::b", ArnFault.PARTITION),
        ("arn:awz:nosuch:us-east-9:1:b", ArnFault.PARTITION),
        ("arn:aws:nosuch:us-east-9:1:b", ArnFault.SERVICE),
        ("arn:aws:elastic-inference:*:*:x/*", ArnFault.SERVICE),
        ("arn:aws:S3:us-east-9:1:b", ArnFault.SERVICE_CASE),
        ("arn:aws:ec2:us-east-9:1:instance/i-1", ArnFault.REGION),
        ("arn:aws:iam:us-east-1:1234:user/a", ArnFault.REGION_NOT_ALLOWED),
        ("arn:aws:logs:::log-group:x", ArnFault.MISSING_REGION),
        ("arn:aws:cloudformation:::stack/x/", ArnFault.MISSING_REGION),
        ("arn:aws:iam::1234:role/x", ArnFault.ACCOUNT),
        ("arn:aws:iam::1234:rolle/x", ArnFault.ACCOUNT),
        ("arn:aws:s3::123456789012:b", ArnFault.ACCOUNT_NOT_ALLOWED),
        ("arn:aws:sqs:us-east-1::q", ArnFault.MISSING_ACCOUNT),
        ("arn:aws:iam::123456789012:usr/a", ArnFault.RESOURCE),
        ("arn:aws:dynamodb:us-east-1:123456789012:tbl/x", ArnFault.RESOURCE),
    ],
)
def test_first_fault_in_order_is_the_verdict(arn: str, fault: ArnFault) -> None:
    verdict = judge(arn, CATALOG)

    assert verdict is not None
    assert verdict.fault is fault


@pytest.mark.parametrize(
    "arn",
    [
        "a*",
        "${aws:PrincipalTag/bucket}",
        "arn:aws:s3:*",
        "arn:aws:s3*",
        "arn:aws:s3:::b",
        "arn:aws:s3:::*",
        "arn:*:s3:::b",
        "arn:aws-cn:s3:::b",
        "arn:aws:*:*:*:*",
        "arn:aws:${aws:PrincipalTag/service}:us-east-1:123456789012:x",
        "arn:aws:catalog:us-east-1:123456789012:portfolio/p",
        "arn:aws:devops-guru:nowhere:1:x",
        "arn:aws:iam::*:role*",
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
        "arn:aws:sqs:*:*:q",
        "arn:aws:ec2:us-east-1::image/ami-1",
        "arn:aws:logs:*:*:/aws/lambda/x*",
        "arn:aws:waf:*:*:changetoken/*",
        "arn:aws:config:*:*::config-rule/*",
        "arn:aws:resource-explorer-2:*::view/AWSServiceViewX/service-view",
        "arn:aws:ssm:us-east-1::parameter/aws/service/x",
        "arn:aws:ssm:*::document/AWS-RunShellScript",
        "arn:aws:cloudformation:us-east-1:aws:transform/Serverless-2016-10-31",
        "arn:aws:cloudformation:us-east-1:123456789012:transform/shelves",
        "arn:aws:lambda:us-east-1:123456789012:function:x:prod",
        "arn:aws:ce:us-east-1:123456789012:/GetCostAndUsage",
        "arn:aws:ce:us-east-1:123456789012:/Get*",
        "arn:aws:bcm-data-exports:us-east-1:123456789012:/ListExports",
        "arn:aws:shield::123456789012:subscription/*",
    ],
)
def test_arn_in_real_use_is_accepted(arn: str) -> None:
    assert judge(arn, CATALOG) is None


def test_template_of_the_likely_resource_is_named() -> None:
    verdict = judge("arn:aws:sqs:us-east-1::q", CATALOG)

    assert verdict is not None
    assert verdict.help == (
        "the format is `arn:${Partition}:sqs:${Region}:${Account}:${QueueName}`; "
        "`*` matches any account"
    )
