"""Which keys a service sends with its requests to another service, by the guides of AWS.

State of 2026-11. Only pairs are listed whose guide shows the keys in the resource policy of the
target, or says that they are not sent. Of all other pairs nothing is known, and nothing is said:
a condition on a key that does not come breaks the delivery.
https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html#cross-service-confused-deputy-prevention
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

ARN: Final = "aws:SourceArn"
ACCOUNT: Final = "aws:SourceAccount"
LOG_GROUP: Final = "kms:EncryptionContext:aws:logs:arn"

_BOTH: Final = (ARN, ACCOUNT)
_NONE: Final[tuple[str, ...]] = ()


@dataclass(frozen=True, slots=True)
class Sender:
    """A service that acts for any customer who configures it.

    `source` is what its `aws:SourceArn` names. `sends` are the keys that come with its requests, by
    what the actions begin with that it calls; without keys, the guide says that it sends none.
    `page` is the guide. A service that `writes_account` puts the account of the source, or its
    organization, into the path of each object: `AWSLogs/111122223333/…`. `carriers` are services
    that act for it, and no guide says which keys they send then.
    """

    source: str
    sends: Mapping[str, tuple[str, ...]]
    page: str
    writes_account: bool = False
    carriers: frozenset[str] = frozenset()


_DOCS: Final = "https://docs.aws.amazon.com"

# The name is the host without region and suffix. Left out on purpose: secretsmanager and eks (they
# act within one account), elasticloadbalancing (it takes functions of its own account only:
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html),
# logging.s3 (both buckets have one owner:
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html), ec2 and autoscaling (they
# send no source), alexa-appkit (`lambda:EventSourceToken` instead). For the keys of encrypted
# topics and queues not every guide says which source keys a publishing service sends:
# https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html
SENDERS: Final[Mapping[str, Sender]] = {
    "apigateway": Sender(
        "the API's execution ARN",
        {"lambda:": (ARN,)},
        f"{_DOCS}/lambda/latest/dg/services-apigateway.html",
    ),
    "appflow": Sender(
        "the flow",
        {"s3:": (ARN,)},
        f"{_DOCS}/appflow/latest/userguide/s3-policies-management.html",
    ),
    "bcm-data-exports": Sender(
        "the export",
        {"s3:": _BOTH},
        f"{_DOCS}/cur/latest/userguide/dataexports-s3-bucket.html",
    ),
    "bedrock": Sender(
        "the agent or model",
        {"s3:": _BOTH, "kms:": _BOTH, "lambda:": _BOTH},
        f"{_DOCS}/bedrock/latest/userguide/model-invocation-logging.html",
    ),
    "billingreports": Sender(
        "the report",
        {"s3:": _BOTH},
        f"{_DOCS}/cur/latest/userguide/cur-s3.html",
    ),
    "budgets": Sender(
        "the budget",
        {"sns:": _BOTH},
        f"{_DOCS}/cost-management/latest/userguide/budgets-sns-policy.html",
    ),
    "cloudfront": Sender(
        "the distribution",
        {"s3:": (ARN,), "kms:": (ARN,), "lambda:": (ARN,), "mediastore:": (ARN,)},
        f"{_DOCS}/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html",
    ),
    # No guide says which keys come with requests to the key of an encrypted topic, which take
    # `kms:Decrypt` as well: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-permissions-for-sns-notifications.html
    "cloudtrail": Sender(
        "the trail",
        {"s3:": _BOTH, "sns:": _BOTH, "kms:generatedatakey": (ARN,)},
        f"{_DOCS}/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html",
        writes_account=True,
    ),
    "cloudwatch": Sender(
        "the alarm",
        {"sns:": _BOTH},
        f"{_DOCS}/AmazonCloudWatch/latest/monitoring/US_SetupSNS.html",
    ),
    "codebuild": Sender(
        "the project",
        {"ecr:": _BOTH},
        f"{_DOCS}/AmazonECR/latest/userguide/cross-service-confused-deputy-prevention.html",
    ),
    "codestar-notifications": Sender(
        "the notification rule",
        {"sns:": (ARN,)},
        f"{_DOCS}/dtconsole/latest/userguide/set-up-sns.html",
    ),
    "cognito-idp": Sender(
        "the user pool",
        {"lambda:": _BOTH, "kms:": _BOTH},
        f"{_DOCS}/cognito/latest/developerguide/cognito-user-identity-pools-working-with-aws-lambda-triggers.html",
    ),
    "config": Sender(
        "",
        {"s3:": (ACCOUNT,), "sns:": (ACCOUNT,), "kms:": (ACCOUNT,), "lambda:": (ACCOUNT,)},
        f"{_DOCS}/config/latest/developerguide/s3-bucket-policy.html",
        writes_account=True,
    ),
    "costalerts": Sender(
        "",
        {"sns:": (ACCOUNT,)},
        f"{_DOCS}/cost-management/latest/userguide/ad-SNS.html",
    ),
    "delivery.logs": Sender(
        "the delivery source",
        {"s3:": _BOTH, "logs:": _BOTH, "kms:": _BOTH},
        f"{_DOCS}/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html",
        writes_account=True,
    ),
    # A test of `aws:SourceAccount` keeps EventBridge from a function, and none works for a topic
    # or for the key of an encrypted one; only the key of an event bus gets a source.
    # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-troubleshooting.html
    # https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    "events": Sender(
        "the rule",
        {"lambda:": (ARN,), "sqs:": (ARN,), "execute-api:": (ARN,), "sns:": _NONE, "kms:": _NONE},
        f"{_DOCS}/eventbridge/latest/userguide/eb-use-resource-based.html",
        carriers=frozenset({"delivery.logs"}),
    ),
    "events.rds": Sender(
        "the database",
        {"sns:": _BOTH},
        f"{_DOCS}/AmazonRDS/latest/UserGuide/USER_Events.GrantingPermissions.html",
    ),
    "guardduty": Sender(
        "the detector",
        {"s3:": _BOTH, "kms:": _BOTH},
        f"{_DOCS}/guardduty/latest/ug/guardduty_exportfindings.html",
    ),
    "inspector2": Sender(
        "the report",
        {"s3:": _BOTH, "kms:": _BOTH},
        f"{_DOCS}/inspector/latest/user/findings-managing-exporting-reports.html",
    ),
    "iot": Sender(
        "the topic rule",
        {"lambda:": _BOTH},
        f"{_DOCS}/iot/latest/developerguide/lambda-rule-action.html",
    ),
    "lambda": Sender(
        "the function",
        {"ecr:": (ARN,)},
        f"{_DOCS}/lambda/latest/dg/images-create.html",
    ),
    "lambda.alarms.cloudwatch": Sender(
        "the alarm",
        {"lambda:": _BOTH},
        f"{_DOCS}/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html",
    ),
    "logdelivery.elasticloadbalancing": Sender(
        "",
        {"s3:": _NONE},
        f"{_DOCS}/elasticloadbalancing/latest/application/enable-access-logging.html",
        writes_account=True,
    ),
    "logs": Sender(
        "the log group",
        {"lambda:": _BOTH, "s3:": _BOTH, "kms:": (LOG_GROUP,)},
        f"{_DOCS}/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
    ),
    "macie": Sender(
        "the export",
        {"s3:": _BOTH, "kms:": _BOTH},
        f"{_DOCS}/macie/latest/user/discovery-results-repository-s3.html",
    ),
    "redshift": Sender(
        "",
        {"s3:": _NONE},
        f"{_DOCS}/redshift/latest/mgmt/db-auditing.html",
        writes_account=True,
    ),
    "route53": Sender(
        "the hosted zone",
        {"logs:": _BOTH},
        f"{_DOCS}/Route53/latest/DeveloperGuide/query-logs.html",
    ),
    "s3": Sender(
        "the bucket",
        {"sns:": _BOTH, "sqs:": _BOTH, "lambda:": _BOTH, "s3:": _BOTH},
        f"{_DOCS}/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html",
    ),
    "serverlessrepo": Sender(
        "",
        {"s3:": (ACCOUNT,)},
        f"{_DOCS}/serverlessrepo/latest/devguide/security_iam_resource-based-policy-examples.html",
    ),
    "ses": Sender(
        "the rule set or identity",
        {"s3:": _BOTH, "sns:": _BOTH, "lambda:": _BOTH, "kms:": _BOTH},
        f"{_DOCS}/ses/latest/dg/receiving-email-permissions.html",
    ),
    "sns": Sender(
        "the topic",
        {"sqs:": (ARN,), "lambda:": (ARN,), "s3:": _BOTH},
        f"{_DOCS}/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html",
    ),
    "ssm": Sender(
        "the resource",
        {"s3:": _BOTH, "sns:": _BOTH, "kms:": _BOTH},
        f"{_DOCS}/systems-manager/latest/userguide/cross-service-confused-deputy-prevention.html",
    ),
    "storage-lens.s3": Sender(
        "the dashboard",
        {"s3:": _BOTH, "kms:": _BOTH},
        f"{_DOCS}/AmazonS3/latest/userguide/storage_lens_iam_permissions.html",
    ),
}
