"""Whose ARNs the services of AWS send as `aws:SourceArn`. State of 2026-11.

Of a service that is not listed nothing is known. The name is that of the service principal without
Region and suffix.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass
from iamlint.late_pattern import late_pattern
from iamlint.policy.arn_patterns import pad
from iamlint.policy.wildcard import overlaps

if TYPE_CHECKING:
    from collections.abc import Sequence

_DOCS: Final = "https://docs.aws.amazon.com"
_SERVICE: Final = 2
"""The field of an ARN that names its service."""


@dataclass(frozen=True, slots=True)
class ServiceSource:
    """A service sends ARNs with one of `owners` in their service field, mostly the first.

    `resource` is the rest of the usual format, and `source` AWS's page. What it sends when it
    assumes a role may be unknown: then the row is not `of_roles`.
    """

    owners: tuple[str, ...]
    source: str
    resource: str = "REGION:ACCOUNT:…"
    of_roles: bool = True

    @property
    def format(self) -> str:
        return f"arn:aws:{self.owners[0]}:{self.resource}"


def _own(name: str, page: str, resource: str = "REGION:ACCOUNT:…") -> ServiceSource:
    return ServiceSource((name,), f"{_DOCS}/{page}", resource)


SOURCES: Final = {
    "apigateway": ServiceSource(
        ("execute-api",),
        f"{_DOCS}/lambda/latest/dg/services-apigateway.html",
        "REGION:ACCOUNT:API-ID/STAGE/METHOD/PATH",
        of_roles=False,
    ),
    "batch": _own("batch", "batch/latest/userguide/cross-service-confused-deputy-prevention.html"),
    "budgets": _own(
        "budgets", "cost-management/latest/userguide/budgets-sns-policy.html", ":ACCOUNT:*"
    ),
    "cloudfront": _own(
        "cloudfront",
        "AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html",
        ":ACCOUNT:distribution/ID",
    ),
    "cloudtrail": _own(
        "cloudtrail",
        "awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html",
        "REGION:ACCOUNT:trail/NAME",
    ),
    "cloudwatch": _own(
        "cloudwatch",
        "sns/latest/dg/sns-access-policy-use-cases.html",
        "REGION:ACCOUNT:alarm:NAME",
    ),
    "codebuild": _own(
        "codebuild",
        "codebuild/latest/userguide/cross-service-confused-deputy-prevention.html",
        "REGION:ACCOUNT:project/NAME",
    ),
    "cognito-idp": _own(
        "cognito-idp",
        "cognito/latest/developerguide/cognito-user-identity-pools-working-with-aws-lambda-triggers.html",
        "REGION:ACCOUNT:userpool/ID",
    ),
    "delivery.logs": _own(
        "logs", "AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html"
    ),
    "dnssec-route53": _own(
        "route53",
        "Route53/latest/DeveloperGuide/access-control-managing-permissions.html",
        "::hostedzone/ID",
    ),
    "ecs-tasks": ServiceSource(
        ("ecs", "batch"), f"{_DOCS}/AmazonECS/latest/developerguide/task-iam-roles.html"
    ),
    "eks": _own(
        "eks",
        "eks/latest/userguide/cross-service-confused-deputy-prevention.html",
        "REGION:ACCOUNT:cluster/NAME",
    ),
    "eks-fargate-pods": _own(
        "eks",
        "eks/latest/userguide/pod-execution-role.html",
        "REGION:ACCOUNT:fargateprofile/CLUSTER/*",
    ),
    "elasticloadbalancing": _own(
        "elasticloadbalancing",
        "elasticloadbalancing/latest/application/lambda-functions.html",
        "REGION:ACCOUNT:targetgroup/NAME/ID",
    ),
    "events": ServiceSource(
        ("events", "pipes", "schemas"),
        f"{_DOCS}/eventbridge/latest/userguide/eb-use-resource-based.html",
        "REGION:ACCOUNT:rule/NAME",
    ),
    "guardduty": _own(
        "guardduty",
        "guardduty/latest/ug/guardduty_exportfindings.html",
        "REGION:ACCOUNT:detector/ID",
    ),
    "inspector2": _own(
        "inspector2",
        "inspector/latest/user/findings-managing-exporting-reports.html",
        "REGION:ACCOUNT:report/*",
    ),
    "iot": _own(
        "iot", "iot/latest/developerguide/lambda-rule-action.html", "REGION:ACCOUNT:rule/NAME"
    ),
    "lambda": _own("lambda", "lambda/latest/dg/images-create.html", "REGION:ACCOUNT:function:NAME"),
    "lambda.alarms.cloudwatch": _own(
        "cloudwatch",
        "AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html",
        "REGION:ACCOUNT:alarm:NAME",
    ),
    "logdelivery.elasticloadbalancing": _own(
        "elasticloadbalancing",
        "elasticloadbalancing/latest/application/enable-access-logging.html",
        "REGION:ACCOUNT:loadbalancer/*",
    ),
    "logging.s3": _own(
        "s3", "AmazonS3/latest/userguide/enable-server-access-logging.html", "::BUCKET"
    ),
    "logs": _own(
        "logs", "AmazonCloudWatch/latest/logs/S3ExportTasks.html", "REGION:ACCOUNT:log-group:NAME:*"
    ),
    "macie": _own("macie2", "macie/latest/user/discovery-results-repository-s3.html"),
    "pipes": _own(
        "pipes",
        "eventbridge/latest/userguide/eb-pipes-permissions.html",
        "REGION:ACCOUNT:pipe/NAME",
    ),
    "pods.eks": _own(
        "eks", "eks/latest/userguide/pod-id-association.html", "REGION:ACCOUNT:cluster/NAME"
    ),
    "rolesanywhere": _own(
        "rolesanywhere",
        "rolesanywhere/latest/userguide/trust-model.html",
        "REGION:ACCOUNT:trust-anchor/ID",
    ),
    "route53": _own("route53", "Route53/latest/DeveloperGuide/query-logs.html", "::hostedzone/ID"),
    "s3": _own(
        "s3", "AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html", "::BUCKET"
    ),
    "scheduler": _own(
        "scheduler",
        "scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html",
        "REGION:ACCOUNT:schedule-group/NAME",
    ),
    "ses": _own("ses", "ses/latest/dg/receiving-email-permissions.html"),
    "sns": _own(
        "sns", "sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html", "REGION:ACCOUNT:TOPIC"
    ),
    "states": _own(
        "states",
        "step-functions/latest/dg/procedure-create-iam-role.html",
        "REGION:ACCOUNT:stateMachine:NAME",
    ),
    "storage-lens.s3": _own(
        "s3",
        "AmazonS3/latest/userguide/storage_lens_encrypt_permissions.html",
        "REGION:ACCOUNT:storage-lens/NAME",
    ),
    "vpc-flow-logs": _own(
        "ec2", "vpc/latest/userguide/flow-logs-iam-role.html", "REGION:ACCOUNT:vpc-flow-log/ID"
    ),
}

_SUFFIX: Final = late_pattern(r"(?:\.[a-z]{2}(?:-[a-z]+)+-\d+)?\.amazonaws\.com(?:\.cn)?$")


def name_of_service(principal: str) -> str:
    """Return the name of a service: `logs` for `logs.eu-west-1.amazonaws.com`."""
    return _SUFFIX.sub("", principal.lower())


def foreign_to(principals: Sequence[str], pattern: str, *, of_role: bool) -> str | None:
    """Return the format of the ARNs that services send, if a pattern matches none of them."""
    rows = [
        row
        for one in principals
        if (row := SOURCES.get(name_of_service(one))) and (row.of_roles or not of_role)
    ]
    fields = pad(pattern, short=True)
    if not rows or len(rows) < len(principals) or fields is None:
        return None
    if any(overlaps(owner, fields[_SERVICE]) for row in rows for owner in row.owners):
        return None
    return rows[0].format
