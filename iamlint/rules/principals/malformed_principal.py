"""Flags ARNs that cannot be a principal: fields are missing, or the type is wrong.

A principal is a user, a role, a session or an account. AWS rejects a policy with a principal that
it cannot find. The commonest mistake is the region: an ARN of IAM has an empty region, so two
colons before its account. The ARN of a role has its path, which roles of IAM Identity Center always
have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.catalog.values.described import advice_on
from iamlint.catalog.values.identities import IAM_EXCLUSIONS
from iamlint.policy.arn import is_account_id, parse_arn
from iamlint.policy.arn_patterns import widened
from iamlint.policy.grammar import Kind, PrincipalType
from iamlint.policy.wildcard import is_wild
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for principals in (statement.principal, statement.not_principal):
        for principal in principals.of(PrincipalType.AWS) if principals else ():
            reason = _fault(principal.entry.known or "*")
            if reason:
                yield Hit(
                    principal.at,
                    f"`{principal.text}` is not a valid principal, so AWS rejects the policy: {reason}",
                )
                continue
            advice = advice_on(IAM_EXCLUSIONS, widened(principal.entry.pattern))
            if advice:
                yield Hit(
                    principal.at,
                    f"no role or user has the ARN `{principal.text}`, so AWS rejects the policy",
                    help=advice,
                )


def _fault(text: str) -> str | None:
    """Return what is wrong with an ARN; templates and wildcards are left to others."""
    if not text.startswith("arn:") or is_wild(text) or "$" in text or "{" in text:
        return None
    arn = parse_arn(text)
    if arn is None:
        return "an ARN has six fields"
    if arn.service not in _TYPES:
        return f"`{arn.service}` has no principals"
    if arn.region:
        return "an ARN of IAM has no region"
    if not is_account_id(arn.account) and arn.account not in _OWNERS:
        return "an account has twelve digits"
    if arn.resource_type not in _TYPES[arn.service]:
        return f"`{arn.resource_type}` is not one of {', '.join(_TYPES[arn.service])}"
    return None


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
_TYPES = {
    "iam": ("root", "user", "role", "group"),  # Groups have a rule of their own.
    "sts": ("assumed-role", "federated-user", "self"),
}
# Origin access identities: `arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity …`
_OWNERS = frozenset({"cloudfront"})


RULE = Rule(
    name="malformed-principal",
    family=Family.PRINCIPALS,
    module=__name__,
    summary="AWS rejects an ARN that cannot be a principal",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    kinds=frozenset({Kind.TRUST, Kind.RESOURCE}),
    advice="write `arn:aws:iam::ACCOUNT:role/NAME`",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
        "https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html",
    ),
    check=check,
    bad=(
        bad(
            "the region is left out",
            """
            {
              Effect: "Allow",
              Principal: {
                AWS: "arn:aws:iam:111122223333:role/ci", //!
              },
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "an instance profile is not a principal",
            """
            {
              Effect: "Allow",
              Principal: {
                AWS: "arn:aws:iam::111122223333:instance-profile/ci", //!
              },
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "a function is not a principal, its role is",
            """
            {
              Effect: "Allow",
              Principal: {
                AWS: "arn:aws:lambda:eu-west-1:111122223333:function:f", //!
              },
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "a role of IAM Identity Center without its path",
            """
            {
              Effect: "Allow",
              Principal: {
                AWS: "arn:aws:iam::111122223333:role/AWSReservedSSO_Admin_0123456789abcdef", //!
              },
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "a slash too many before the path",
            """
            {
              Effect: "Allow",
              Principal: {
                AWS: "arn:aws:iam::111122223333:role//build/ci", //!
              },
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "a digit is missing",
            """
            {
              Effect: "Allow",
              Principal: {
                AWS: "arn:aws:iam::11112222333:root", //!
              },
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "a role",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "arn:aws:iam::111122223333:role/path/ci"},
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "a role of IAM Identity Center",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef"},
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "a session",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "arn:aws:sts::111122223333:assumed-role/ci/build"},
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "an origin access identity",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1A2B3"},
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "a value filled in later",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "arn:aws:iam::${Account}:role/ci"},
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
    ),
)
