"""The ways to change or remove a resource policy, by the type of the resource.

Only services that check for lock-outs when a policy is set, or whose lock-outs AWS describes.
"""

from __future__ import annotations

from typing import Final

from iamlint.fast_dataclass import dataclass

KEY: Final = "AWS::KMS::Key"
_ROOT_TASKS: Final = (
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html"
)


@dataclass(frozen=True, slots=True)
class Changes:
    """The `actions` that can change or remove a policy: as long as one is left, there is a way.

    Of the ARNs with one of the texts in `parts` each is of a part of the resource.
    """

    actions: tuple[str, ...]
    effect: str
    source: str
    parts: tuple[str, ...] = ()


CHANGES: Final = {
    KEY: Changes(
        ("kms:PutKeyPolicy",),
        "AWS KMS refuses it, unless `BypassPolicyLockoutSafetyCheck` is set, and then only AWS Support can help",
        "https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html",
    ),
    "AWS::S3::Bucket": Changes(
        ("s3:PutBucketPolicy", "s3:DeleteBucketPolicy"),
        "only the root user of the account that owns the bucket can remove the policy then",
        "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html",
        parts=("/",),
    ),
    "AWS::SQS::Queue": Changes(
        ("sqs:SetQueueAttributes", "sqs:RemovePermission"),
        "only the root user of the account that owns the queue can remove the policy then",
        _ROOT_TASKS,
    ),
    "AWS::SecretsManager::Secret": Changes(
        ("secretsmanager:PutResourcePolicy", "secretsmanager:DeleteResourcePolicy"),
        "Secrets Manager checks that a policy does not lock out the caller",
        "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ValidateResourcePolicy.html",
    ),
    "AWS::ECR::Repository": Changes(
        ("ecr:SetRepositoryPolicy", "ecr:DeleteRepositoryPolicy"),
        "ECR sets such a policy only with `force`",
        "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_SetRepositoryPolicy.html",
    ),
    "AWS::EFS::FileSystem": Changes(
        ("elasticfilesystem:PutFileSystemPolicy", "elasticfilesystem:DeleteFileSystemPolicy"),
        "EFS refuses it, unless `BypassPolicyLockoutSafetyCheck` is set",
        "https://docs.aws.amazon.com/efs/latest/ug/API_PutFileSystemPolicy.html",
    ),
    "AWS::DynamoDB::Table": Changes(
        ("dynamodb:PutResourcePolicy", "dynamodb:DeleteResourcePolicy"),
        "DynamoDB sets such a policy only with `ConfirmRemoveSelfResourceAccess`",
        "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutResourcePolicy.html",
        parts=("/index/", "/stream/"),
    ),
}
