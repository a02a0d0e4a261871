"""Which condition keys AWS singles out, and for which services; from its page as of 2026.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from typing import Final

DATE: Final = "2026"

SENSITIVE_KEYS: Final = frozenset(
    [
        "aws:principalaccount",
        "aws:principalorgid",
        "aws:resourceaccount",
        "aws:resourceorgid",
        "aws:sourceaccount",
        "aws:sourceorgid",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:vpceaccount",
        "aws:vpceorgid",
    ]
)
"""Keys in which a wildcard has no valid use."""

_BY_EVERY_KEY = """
    acm-pca applicationinsights apprunner athena cloudformation comprehendmedical compute-optimizer
    datasync discovery dynamodb ebs ecr ecs firehose gamelift healthlake iam iotfleetwise
    iotwireless kinesisanalytics kms lambda medical-imaging omics payment-cryptography polly rbin
    rekognition route53 s3 scheduler servicediscovery servicequotas shield ssm-contacts
    storagegateway textract transcribe transfer
"""
_BY_ORGANIZATION = """
    b2bi cassandra cognito-identity dms ds-data identitystore iottwinmaker network-firewall pricing
    ses sms-voice sqs workmail
"""
_COMMON = frozenset(_BY_EVERY_KEY.split())

VPCE_SERVICES: Final = {
    "aws:vpceaccount": _COMMON,
    "aws:vpceorgid": _COMMON | frozenset(_BY_ORGANIZATION.split()),
    "aws:vpceorgpaths": _COMMON,
}
"""Which services send the key; `iam` sends it, but not for `iam:PassRole`."""

VPCE_EXCEPTION: Final = "iam:PassRole"
