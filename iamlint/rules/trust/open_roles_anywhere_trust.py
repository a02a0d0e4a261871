"""Flags trust in IAM Roles Anywhere that accepts any trust anchor or any certificate.

Without `aws:SourceArn` every trust anchor of the account can use the role, also one that is added
later. Without a condition on the certificate, every certificate that the anchor's authority has
signed can use it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.audience import limits_of
from iamlint.grants.grants import restricts
from iamlint.policy.grammar import Kind, PrincipalType
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Condition, Principal, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    service = next((p for p in statement.principals if _is_roles_anywhere(p)), None)
    if service is None or not statement.allows or "Condition" in statement.opaque:
        return
    names = {condition.name for condition, _ in limits_of(statement)}
    if "aws:sourcearn" not in names:
        yield Hit(
            service.at, "certificates of every trust anchor of the account can assume this role"
        )
    elif not any(_tests_certificate(condition) for condition in statement.conditions):
        yield Hit(
            service.at,
            "every certificate of the trust anchor's authority can assume this role",
            help='test the certificate: `"aws:PrincipalTag/x509Subject/CN": "…"`',
            severity=Severity.NOTE,
        )


def _is_roles_anywhere(principal: Principal) -> bool:
    return (
        principal.type is PrincipalType.SERVICE
        and principal.entry.known == "rolesanywhere.amazonaws.com"
    )


def _tests_certificate(condition: Condition) -> bool:
    is_part = condition.name.startswith("aws:principaltag/x509") or (
        condition.name == "sts:sourceidentity"
    )
    return is_part and restricts(condition)


RULE = Rule(
    name="open-roles-anywhere-trust",
    family=Family.TRUST,
    module=__name__,
    summary="any trust anchor or any certificate can assume the role",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=6.8,
    cwe=863,
    kinds=frozenset({Kind.TRUST}),
    advice='add `"ArnEquals": {"aws:SourceArn": "<trust anchor>"}`',
    sources=("https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html",),
    when=("Allow", "principal rolesanywhere.amazonaws.com"),
    check=check,
    bad=(
        bad(
            "no condition",
            """
            {
              Effect: "Allow",
              Principal: {
                Service: "rolesanywhere.amazonaws.com", //!
              },
              Action: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "a certificate of any authority",
            """
            {
              Effect: "Allow",
              Principal: {
                Service: "rolesanywhere.amazonaws.com", //!
              },
              Action: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
              Condition: {StringEquals: {"aws:PrincipalTag/x509Subject/CN": "build"}},
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "any certificate of one authority is a note",
            """
            {
              Effect: "Allow",
              Principal: {
                Service: "rolesanywhere.amazonaws.com", //!
              },
              Action: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
              Condition: {
                ArnEquals: {"aws:SourceArn": "arn:aws:rolesanywhere:eu-west-1:111122223333:trust-anchor/a1"},
                StringLike: {"aws:PrincipalTag/x509Subject/CN": "*"},
              },
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "anchor and subject",
            """
            {
              Effect: "Allow",
              Principal: {Service: "rolesanywhere.amazonaws.com"},
              Action: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
              Condition: {
                ArnEquals: {"aws:SourceArn": "arn:aws:rolesanywhere:eu-west-1:111122223333:trust-anchor/a1"},
                StringEquals: {"aws:PrincipalTag/x509Subject/OU": "build"},
              },
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "anchor and source identity",
            """
            {
              Effect: "Allow",
              Principal: {Service: "rolesanywhere.amazonaws.com"},
              Action: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
              Condition: {
                ArnEquals: {"aws:SourceArn": "arn:aws:rolesanywhere:eu-west-1:111122223333:trust-anchor/a1"},
                StringLike: {"sts:SourceIdentity": "CN=build-*"},
              },
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "another service",
            """
            {Effect: "Allow", Principal: {Service: "ec2.amazonaws.com"}, Action: "sts:AssumeRole"}""",
            kind=Kind.TRUST,
        ),
    ),
)
