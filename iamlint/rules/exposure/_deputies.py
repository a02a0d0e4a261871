"""AWS services that act for any customer who asks, and what they say about who asked.

State of 2026-11. Only services are listed whose own guide asks for `aws:SourceArn` or
`aws:SourceAccount` in the resource policy, so that advice never breaks a service; of all others it
is not known whether they send the keys, and nothing is said.
https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html#cross-service-confused-deputy-prevention
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from iamlint.grants.pinned import text_of
from iamlint.policy.grammar import PrincipalType

if TYPE_CHECKING:
    from iamlint.policy.model import Principal, Statement

SOURCE_KEYS: Final = frozenset(
    {"aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"}
)

# Older keys with which some services show on whose behalf they act.
OTHER_KEYS: Final = frozenset({"aws:referer", "aws:sourceowner"})

# What the service's `aws:SourceArn` names, for the advice; nothing where the guide mentions
# `aws:SourceAccount` alone. The name is the host without region and suffix. Left out on purpose:
# secretsmanager and eks (they act within one account), elasticloadbalancing (it takes functions of
# its own account only:
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html),
# logging.s3 (both buckets have one owner:
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html), ec2 and autoscaling (they
# send no source), alexa-appkit (`lambda:EventSourceToken` instead).
SOURCES: Final = {
    "apigateway": "the API's execution ARN",
    "appflow": "the flow",
    "bcm-data-exports": "the export",
    "bedrock": "the agent or model",
    "billingreports": "the report",
    "budgets": "the budget",
    "cloudfront": "the distribution",
    "cloudtrail": "the trail",
    "cloudwatch": "the alarm",
    "codestar-notifications": "the notification rule",
    "cognito-idp": "the user pool",
    "config": "",
    "costalerts": "the anomaly monitor",
    "delivery.logs": "the delivery source",
    "events": "the rule",
    "guardduty": "the detector",
    "inspector2": "the report",
    "iot": "the topic rule",
    "lambda": "the function",
    "lambda.alarms.cloudwatch": "the alarm",
    "logdelivery.elasticloadbalancing": "the load balancer",
    "logs": "the log group",
    "macie": "the export",
    "redshift": "the cluster",
    "route53": "the hosted zone",
    "s3": "the bucket",
    "serverlessrepo": "",
    "ses": "the rule set or identity",
    "sns": "the topic",
    "ssm": "the resource",
    "storage-lens.s3": "the dashboard",
}

# EventBridge sends no source keys with these requests:
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions
# https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
_SENDS_NO_SOURCE: Final = {"events": ("sns:", "kms:")}

# These write the account of the source, or its organization, into the path of each object:
# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
# https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
_WRITES_ITS_ACCOUNT: Final = frozenset(
    {"cloudtrail", "config", "delivery.logs", "logdelivery.elasticloadbalancing"}
)
_CHECKS: Final = frozenset({"s3:getbucketacl", "s3:getbucketlocation", "s3:listbucket"})
_OWN_PATH: Final = re.compile(r"arn:[^:]*:s3:::[^:]*?/(?:.*/)?AWSLogs/[^/*?]+/.*", re.DOTALL)

_REGION: Final = re.compile(r"\.[a-z]{2}(?:-[a-z]+)+-\d+$")


def deputies(statement: Statement) -> tuple[Principal, ...]:
    """Return the service principals that may be asked by strangers to use the resource."""
    resources = statement.resources
    is_own = bool(resources) and all(_OWN_PATH.fullmatch(text_of(one)) for one in resources)
    return tuple(
        principal
        for principal in statement.principals
        if principal.type is PrincipalType.SERVICE
        and (name := name_of(principal)) in SOURCES
        and not (is_own and name in _WRITES_ITS_ACCOUNT)
    )


def may_send_source(principal: Principal, statement: Statement) -> bool:
    """Return whether the service says for which customer it acts in some request of the statement.

    The rest of what the statement grants is unknown if its actions are.
    """
    services = _SENDS_NO_SOURCE.get(name_of(principal))
    actions = [text_of(entry).lower() for entry in statement.actions]
    return services is None or not all(action.startswith(services) for action in actions)


def only_checks(principal: Principal, statement: Statement) -> bool:
    """Return whether the service only learns whether it could write, and does not pass it on."""
    actions = {text_of(entry).lower() for entry in statement.actions}
    return bool(actions) and actions <= _CHECKS and name_of(principal) in _WRITES_ITS_ACCOUNT


def name_of(principal: Principal) -> str:
    """Return the service's name: `logs` for `logs.eu-west-1.amazonaws.com`."""
    host = text_of(principal.entry).lower().removesuffix(".cn").removesuffix(".amazonaws.com")
    return _REGION.sub("", host)


def advice_for(principal: Principal) -> str:
    """Return what to demand of the service: only keys that its guide names."""
    account = "`aws:SourceAccount` with `StringEquals`"
    source = SOURCES.get(name_of(principal))
    return (
        f"demand `aws:SourceArn` ({source}) with `ArnLike`, or {account}"
        if source
        else (f"demand {account}")
    )
