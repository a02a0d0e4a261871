"""How long a policy may be: AWS's numbers, each with its source; read in November 2026.

Where AWS counts bytes, characters are counted: that errs on the silent side.
"""

from __future__ import annotations

from typing import Final

from iamlint.fast_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Limit:
    """The characters AWS takes, and where it says so."""

    characters: int
    source: str


_IAM: Final = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"
_ORGANIZATIONS: Final = (
    "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html"
)

# The inline policies of a role; a managed policy takes 6,144, an inline one of a user 2,048.
IDENTITY: Final = Limit(10_240, _IAM)
TRUST: Final = Limit(2_048, _IAM)
# Doubled on 2026-05-15; older pages still say 5,120.
SERVICE_CONTROL: Final = Limit(10_240, _ORGANIZATIONS)
RESOURCE_CONTROL: Final = Limit(5_120, _ORGANIZATIONS)

_S3: Final = Limit(
    20_480, "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html"
)
_DYNAMODB: Final = Limit(
    20_480,
    "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-considerations.html",
)
# By the CloudFormation name of what the policy is attached to. Types that are not here have no limit
# that could be found.
RESOURCE: Final = {
    "AWS::S3::Bucket": _S3,
    "AWS::S3::AccessPoint": _S3,
    "AWS::DynamoDB::Table": _DYNAMODB,
    "AWS::SNS::Topic": Limit(
        30_720,
        "https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html",
    ),
    "AWS::SQS::Queue": Limit(
        8_192,
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html",
    ),
    "AWS::KMS::Key": Limit(
        32_768, "https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html"
    ),
    "AWS::Lambda::Function": Limit(
        20_480, "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"
    ),
    "AWS::SecretsManager::Secret": Limit(
        20_480, "https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html"
    ),
    "AWS::ECR::Repository": Limit(
        10_240,
        "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_SetRepositoryPolicy.html",
    ),
}
