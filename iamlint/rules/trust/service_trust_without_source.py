"""Notes roles that a service may assume for any resource, not only for one of yours.

Only principals that may pass the role can give it to a service, so this is a second check, for
services that send for which resource they act.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.audience import limits_of
from iamlint.policy.grammar import Kind, PrincipalType
from iamlint.rule import Confidence, Family, Hit, Profile, Rule, RuleContext, Severity, bad, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Principal, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not statement.allows or "Condition" in statement.opaque:
        return
    service = next((p for p in statement.principals if _says_source(p)), None)
    if service is None:
        return
    if not any(condition.name in _SOURCE_KEYS for condition, _ in limits_of(statement)):
        yield Hit(
            service.at, f"`{service.text}` can assume this role for any resource that it acts for"
        )


def _says_source(principal: Principal) -> bool:
    return principal.type is PrincipalType.SERVICE and principal.entry.known in _SERVICES


_SOURCE_KEYS = frozenset(
    {"aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"}
)

# State of 2026-11: services whose guide asks for the keys in the trust of their roles. EC2 and
# Lambda do not send them, and a condition on them would break the role.
_SERVICES = frozenset(
    f"{name}.amazonaws.com"
    for name in (
        "appsync",
        "bedrock",
        "codebuild",
        "comprehend",
        "datasync",
        "ecs-tasks",
        "forecast",
        "frauddetector",
        "glue",
        "iot",
        "lexv2",
        "monitoring.rds",
        "personalize",
        "pipes",
        "sagemaker",
        "scheduler",
        "ssm",
        "states",
        "transcribe",
        "transfer",
        "vpc-flow-logs",
    )
)


RULE = Rule(
    name="service-trust-without-source",
    family=Family.TRUST,
    module=__name__,
    summary="a service can assume the role for any resource that it acts for",
    severity=Severity.NOTE,
    profile=Profile.STRICT,
    confidence=Confidence.MEDIUM,
    kinds=frozenset({Kind.TRUST}),
    advice="add a condition on `aws:SourceAccount` with `StringEquals`, or `aws:SourceArn` with `ArnLike`",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html#cross-service-confused-deputy-prevention",
    ),
    when=("Allow", " | ".join(f"principal {one}" for one in sorted(_SERVICES))),
    check=check,
    bad=(
        bad(
            "a state machine of any name",
            """
            {
              Effect: "Allow",
              Principal: {
                Service: "states.amazonaws.com", //!
              },
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "the account of the source is a wildcard",
            """
            {
              Effect: "Allow",
              Principal: {
                Service: "vpc-flow-logs.amazonaws.com", //!
              },
              Action: "sts:AssumeRole",
              Condition: {ArnLike: {"aws:SourceArn": "arn:aws:ec2:*:*:vpc-flow-log/*"}},
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "the own account",
            """
            {
              Effect: "Allow",
              Principal: {Service: "states.amazonaws.com"},
              Action: "sts:AssumeRole",
              Condition: {StringEquals: {"aws:SourceAccount": "111122223333"}},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "EC2 and Lambda do not send a source",
            """
            {
              Effect: "Allow",
              Principal: {Service: ["ec2.amazonaws.com", "lambda.amazonaws.com"]},
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
    ),
)
