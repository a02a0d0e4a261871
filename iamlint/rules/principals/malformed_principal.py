"""Flags ARNs that cannot be a principal: fields are missing, or the type is wrong.

A principal is a user, a role, a session or an account, and in trust policies an identity provider.
AWS rejects a policy with a principal that it cannot find. The commonest mistake is the region: an ARN
of IAM has an empty region, so two colons before its account. The ARN of a role has its path, which
roles of IAM Identity Center always have.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iamlint.catalog.values.described import advice_on
from iamlint.catalog.values.identities import IAM_EXCLUSIONS
from iamlint.late_pattern import late_pattern
from iamlint.policy.arn import is_account_id, split_arn
from iamlint.policy.arn_patterns import FIELDS, widened
from iamlint.policy.grammar import Kind, PrincipalType
from iamlint.policy.pattern import has_unknown
from iamlint.policy.wildcard import is_wild
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.trust._federation import ProviderKind, provider

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.policy.model import Principal, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for principals in (statement.principal, statement.not_principal):
        for principal in principals.entries if principals else ():
            reason = _fault(principal, context.policy.kind)
            if reason:
                yield Hit(
                    principal.at,
                    f"`{principal.text}` is not a valid principal, so AWS rejects the policy: {reason}",
                )
            if reason or principal.type is not PrincipalType.AWS:
                continue
            advice = advice_on(IAM_EXCLUSIONS, widened(principal.entry.pattern))
            if advice:
                yield Hit(
                    principal.at,
                    f"no role or user has the ARN `{principal.text}`, so AWS rejects the policy",
                    help=advice,
                )


def _fault(principal: Principal, kind: Kind) -> str | None:
    """Return what is wrong with an ARN; other rules report wildcards and what is not a provider."""
    text = principal.entry.pattern
    if not text.startswith("arn:") or is_wild(text):
        return None
    if principal.type is PrincipalType.AWS:
        return _fault_of(text, _TYPES)
    is_provider = kind is Kind.TRUST and provider(principal) in (
        ProviderKind.OIDC,
        ProviderKind.SAML,
    )
    return _fault_of(text, _PROVIDERS) if is_provider else None


def _fault_of(text: str, types: Mapping[str, tuple[str, ...]]) -> str | None:
    fields = split_arn(text)
    if has_unknown("".join(fields[:5])) or (len(fields) < FIELDS and "$" in text):
        return None  # It may hold colons.
    if len(fields) < FIELDS:
        return "an ARN has six fields"
    _, _, service, region, account, resource = fields
    if service not in types:
        return None if "$" in service else f"`{service}` has no principals"
    if region:
        return "an ARN of IAM has no region"
    if not is_account_id(account) and account not in _OWNERS and not _PLACEHOLDER.search(account):
        return "an account has twelve digits"
    type_ = re.split("[/:]", resource, maxsplit=1)[0]
    if type_ not in types[service] and not _PLACEHOLDER.search(type_):
        return f"`{type_}` is not one of {', '.join(types[service])}"
    return None


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
_TYPES = {
    "iam": ("root", "user", "role", "group"),  # Groups have a rule of their own.
    "sts": ("assumed-role", "federated-user", "self"),
}
_PROVIDERS = {"iam": ("oidc-provider", "saml-provider")}
# Origin access identities: `arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity …`
_OWNERS = frozenset({"cloudfront"})
_PLACEHOLDER = late_pattern("[${]")


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
    when=("Principal | NotPrincipal",),
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
        bad(
            "the account of a SAML provider",
            """
            {
              Effect: "Allow",
              Principal: {
                Federated: "arn:aws:iam::123:saml-provider/adfs", //!
              },
              Action: "sts:AssumeRoleWithSAML",
              Condition: {StringEquals: {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "an OIDC provider in a region, and its host comes from a variable",
            """
            {
              Effect: "Allow",
              Principal: {
                Federated: "arn:aws:iam:eu-west-1:111122223333:oidc-provider/${OIDC_HOST}", //!
              },
              Action: "sts:AssumeRoleWithWebIdentity",
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
            "an identity provider, and one of an account that is filled in later",
            """
            {
              Effect: "Allow",
              Principal: {Federated: [
                "arn:aws:iam::111122223333:saml-provider/adfs",
                "arn:aws:iam::${Account}:oidc-provider/token.actions.githubusercontent.com",
              ]},
              Action: ["sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"],
            }""",
            kind=Kind.TRUST,
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
