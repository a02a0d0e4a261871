"""Flags conditions that no AWS service can meet, in statements for services alone.

A service principal does not belong to an account or organization, so its requests carry none of the
keys that describe the caller. The statement never matches. Nor do they carry keys of the credentials
that a service hands out, such as `lambda:SourceFunctionArn`. The source keys describe the
resource or account that a service acts for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.audience import is_closed_to_services, is_of_credentials
from iamlint.policy.grammar import Kind, PrincipalType
from iamlint.rule import Confidence, Family, Hit, Note, Rule, RuleContext, Severity, bad, good
from iamlint.rules.exposure._deputies import advice_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Condition, Principal, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    services = statement.principals
    if not services or any(p.type is not PrincipalType.SERVICE for p in services):
        return
    found = [c for c in statement.conditions if _is_never_met(c, services)]
    if found:
        first, *others = found
        yield Hit(
            first.at,
            f"requests of `{services[0].text}` never carry `{first.key}`,"
            " so this statement never applies to it",
            help=advice_for(services[0], statement, context.resource_type) or RULE.advice,
            related=tuple(Note(c.at, f"they never carry `{c.key}` either") for c in others),
            access_analyzer="" if all(is_of_credentials(c.key) for c in found) else None,
        )


def _is_never_met(condition: Condition, services: tuple[Principal, ...]) -> bool:
    is_tag = condition.name.startswith("aws:principaltag/")
    if is_tag and any(p.text in _TAGGING for p in services):
        return False
    return is_closed_to_services(condition)


# https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html
_TAGGING = frozenset({"rolesanywhere.amazonaws.com"})


RULE = Rule(
    name="condition-key-unknown-to-services",
    family=Family.PRINCIPALS,
    module=__name__,
    summary="requests of a service never carry this key, so the statement never applies to it",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    kinds=frozenset({Kind.RESOURCE, Kind.TRUST}),
    access_analyzer=("UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL",),
    advice="remove the condition, or demand the source of the request by a key that the guide of the service names",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principal-properties",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-error-unsupported-condition-key-for-service-principal",
    ),
    when=("principal Service", "Condition"),
    check=check,
    bad=(
        bad(
            "Lambda assumes the role of a function, and is not the function",
            """
            {Effect: "Allow", Principal: {Service: "lambda.amazonaws.com"}, Action: "sts:AssumeRole",
              Condition: {ArnEquals: {
                "lambda:SourceFunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:shop", //!
            }}}""",
            kind=Kind.TRUST,
            access_analyzer="",
        ),
        bad(
            "the organization of CloudFront",
            """
            {
              Effect: "Allow",
              Principal: {Service: "cloudfront.amazonaws.com"},
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {StringEquals: {
                "aws:PrincipalOrgID": "o-a1b2c3d4e5", //!
              }},
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "the account of a service, in a trust policy",
            """
            {
              Effect: "Allow",
              Principal: {Service: ["ec2.amazonaws.com", "ssm.amazonaws.com"]},
              Action: "sts:AssumeRole",
              Condition: {StringEquals: {
                "aws:principalaccount": "111122223333", //!
                "aws:PrincipalTag/team": "shelf",
              }},
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "the organization of Roles Anywhere, which sends tags alone",
            """
            {
              Effect: "Allow",
              Principal: {Service: "rolesanywhere.amazonaws.com"},
              Action: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
              Condition: {StringEquals: {
                "aws:PrincipalTag/x509Subject/CN": "build",
                "aws:PrincipalOrgID": "o-a1b2c3d4e5", //!
              }},
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "the resource that the service acts for",
            """
            {
              Effect: "Allow",
              Principal: {Service: "cloudtrail.amazonaws.com"},
              Action: "s3:PutObject",
              Resource: "arn:aws:s3:::trails/*",
              Condition: {StringEquals: {"aws:SourceOrgID": "o-a1b2c3d4e5"}},
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "an account beside the service carries the key",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "111122223333", Service: "cloudfront.amazonaws.com"},
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {StringEquals: {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "Roles Anywhere tags its sessions from the certificate",
            """
            {
              Effect: "Allow",
              Principal: {Service: "rolesanywhere.amazonaws.com"},
              Action: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
              Condition: {StringEquals: {"aws:PrincipalTag/x509Subject/CN": "build"}},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "a test that passes without the key",
            """
            {
              Effect: "Deny",
              Principal: {Service: "cloudfront.amazonaws.com"},
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {StringNotEquals: {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
            }""",
            kind=Kind.RESOURCE,
        ),
    ),
)
