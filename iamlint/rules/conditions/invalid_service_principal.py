"""Flags names of service principals that no service has.

A service calls under a name such as `athena.amazonaws.com`, in lower case. For `aws:CalledVia`
AWS's validator accepts only names with one part before the suffix.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.catalog.values.shapes import CALLER_SUFFIXES, SERVICE_SUFFIXES
from iamlint.policy.grammar import Kind, PrincipalType
from iamlint.policy.wildcard import is_wild
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import CHECKS, GLOBAL_KEYS, compares_text, known_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for principals in (statement.principal, statement.not_principal):
        for principal in principals.of(PrincipalType.SERVICE) if principals else ():
            name = principal.entry.known
            if name is not None and not is_wild(name) and "${" not in name and not _is_name(name):
                yield Hit(
                    principal.at,
                    f"`{name}` is not a service principal, so it matches no caller",
                    help="write it like `lambda.amazonaws.com`, in lower case",
                )
    for condition in statement.conditions:
        # `malformed-condition-value` reports other keys, whose names may have several labels.
        if condition.name not in _CALLERS or not compares_text(condition):
            continue
        for entry, value in known_values(condition):
            if is_wild(value) or _CALLERS[condition.name](value):
                continue
            yield Hit(
                entry.at,
                f"`{value}` is not a service name for `{condition.key}`",
                help="write it like `athena.amazonaws.com`, with one part before the suffix",
            )


def _is_name(value: str) -> bool:
    return value == value.lower() and value.endswith(SERVICE_SUFFIXES)


def _is_caller(value: str) -> bool:
    labels = [value.removesuffix(end) for end in CALLER_SUFFIXES if value.endswith(end)]
    return value == value.lower() and any(label and "." not in label for label in labels)


# AWS's validator rejects names of two labels under the list. That it does so under the single keys
# is not known, and services have such names: there a fault may go unseen.
_CALLERS = {
    "aws:calledvia": _is_caller,
    "aws:calledviafirst": _is_name,
    "aws:calledvialast": _is_name,
}


RULE = Rule(
    name="invalid-service-principal",
    family=Family.CONDITIONS,
    module=__name__,
    summary="no service calls under such a name, so the value never matches",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("INVALID_SERVICE_PRINCIPAL_FORMAT",),
    advice="use the name of the service principal",
    sources=(CHECKS, GLOBAL_KEYS),
    when=("principal Service | key aws:calledvia*",),
    check=check,
    bad=(
        bad(
            "a name of two labels",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              "ForAnyValue:StringEquals": {"aws:CalledVia": [
                "athena.amazonaws.com",
                "application-signals.cloudwatch.amazonaws.com", //!
              ]},
            }}""",
        ),
        bad(
            "capitals",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {"aws:CalledViaFirst": "Athena.amazonaws.com"}, //!
            }}""",
        ),
        bad(
            "the prefix of the service",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              "ForAnyValue:StringEquals": {"aws:CalledVia": "athena"}, //!
            }}""",
        ),
        bad(
            "capitals in a principal",
            """
            {Effect: "Allow", Action: "sts:AssumeRole", Principal: {Service: [
              "ec2.amazonaws.com",
              "Lambda.amazonaws.com", //!
            ]}}""",
            kind=Kind.TRUST,
        ),
        bad(
            "the prefix of the service as a principal",
            """
            {Effect: "Allow", Action: "sqs:SendMessage", Resource: "*",
              Principal: {Service: "sns"}, //!
            }""",
            kind=Kind.RESOURCE,
        ),
    ),
    good=(
        good(
            "a name of two labels under a single key",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {"aws:CalledViaLast": "ops.emr-serverless.amazonaws.com"},
            }}""",
        ),
        good(
            "principals of several labels and partitions",
            """
            {Effect: "Allow", Action: "sts:AssumeRole", Principal: {Service: [
              "pods.eks.amazonaws.com", "ec2.amazonaws.com.cn", "alexa-appkit.amazon.com",
            ]}}""",
            kind=Kind.TRUST,
        ),
        good(
            "a principal of the domain that AWS does not list",
            """
            {Effect: "Allow", Action: ["kms:DescribeKey", "kms:GetPublicKey", "kms:Sign"],
              Resource: "*", Principal: {Service: "api-service.dnssec.route53.aws.internal"},
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "a name of one label",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              "ForAnyValue:StringEquals": {"aws:CalledVia": ["athena.amazonaws.com"]},
            }}""",
        ),
        good(
            "other keys hold longer names",
            """
            {Effect: "Allow", Action: "iam:PassRole", Resource: "*", Condition: {
              StringEquals: {"iam:PassedToService": "pods.eks.amazonaws.com"},
            }}""",
        ),
    ),
)
