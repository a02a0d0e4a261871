"""Flags condition keys that AWS does not have.

No request ever carries such a key: an `Allow` with it grants nothing, and a negated or `IfExists`
condition on it always holds, so it does not restrict anyone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import replace
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rule.fix import Applicability
from iamlint.rules._fixes import respell
from iamlint.rules.conditions._keys import CHECKS, GLOBAL_KEYS, lacks_tag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Condition, Statement

_DEPRECATED = "aws:arn"


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for condition in statement.conditions:
        key, catalog = condition.key, context.catalog
        prefix, colon, _ = condition.name.partition(":")
        if not colon or catalog.condition_key(key) or condition.name == _DEPRECATED:
            continue
        if not prefix or "${" in key or lacks_tag(key, catalog):
            continue
        if not catalog.has_key_prefix(prefix):
            near = catalog.close_services(prefix)
            message = f"no request carries `{key}`: no service had the prefix `{prefix}` on {catalog.date}"
            names, code = tuple(f"{name}:…" for name in near), "INVALID_SERVICE"
        else:
            owner = "AWS" if prefix == "aws" else f"`{prefix}`"
            message = (
                f"no request carries `{key}`: {owner} had no such condition key on {catalog.date}"
            )
            names, code = catalog.close_keys(key), _CODES[prefix == "aws"]
        fix = respell(context, condition.at, catalog.close_keys(key), Applicability.CHANGES_ACCESS)
        yield replace(_hit(condition, message, names, code), fix=fix)


_CODES = ("INVALID_SERVICE_CONDITION_KEY", "INVALID_GLOBAL_CONDITION_KEY")


def _hit(condition: Condition, message: str, near: tuple[str, ...], code: str) -> Hit:
    return Hit(
        condition.at,
        message,
        help=f"did you mean {' or '.join(f'`{name}`' for name in near)}?" if near else None,
        access_analyzer=code,
    )


RULE = Rule(
    name="unknown-condition-key",
    family=Family.CONDITIONS,
    module=__name__,
    summary="no request carries a key that AWS does not have",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=(*_CODES, "INVALID_SERVICE"),
    advice="look it up in AWS's service authorization reference; run `iamlint catalog update` if it is newer",
    sources=(CHECKS, GLOBAL_KEYS),
    when=("unlisted key",),
    check=check,
    bad=(
        bad(
            "a misspelt key of a service",
            """
            {Effect: "Allow", Action: "s3:ListBucket", Resource: "arn:aws:s3:::b", Condition: {
              StringLike: {"s3:prefx": "home/*"}, //!
            }}""",
        ),
        bad(
            "a global key cut short",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {"aws:PrincipalOrg": "o-a1b2c3d4e5"}, //!
            }}""",
            access_analyzer="INVALID_GLOBAL_CONDITION_KEY",
        ),
        bad(
            "under Null as well",
            """
            {Effect: "Deny", Action: "ec2:RunInstances", Resource: "*", Condition: {
              Null: {"ec2:Encryption": "true"}, //!
            }}""",
        ),
        bad(
            "a prefix that no service has",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {"s4:prefix": "home/"}, //!
            }}""",
            access_analyzer="INVALID_SERVICE",
        ),
    ),
    good=(
        good(
            "letter case does not matter",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {"AWS:principalorgid": "o-a1b2c3d4e5"},
            }}""",
        ),
        good(
            "the name of a tag is free",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {"s3:ExistingObjectTag/team": "a", "aws:PrincipalTag/team": "a"},
            }}""",
        ),
        good(
            "keys that the context provider of an identity provider sets",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {
                "aws:OriginIdentity/Subject": "alice",
                "aws:TransactionContext/IdentityProvider/department": "finance",
              },
              ArnLike: {"aws:OriginIdentity/FederatedProviderArn": "arn:aws:iam::*:saml-provider/corp"},
            }}""",
        ),
        good(
            "who may let a provider set them",
            """
            {Effect: "Deny", Action: "iam:CreateSAMLProvider", Resource: "*", Condition: {
              Bool: {"iam:EnableIdentityPropagation": "true"},
            }}""",
        ),
        good(
            "claims of an identity provider",
            """
            {Effect: "Allow", Action: "sts:AssumeRoleWithWebIdentity", Principal: "*", Condition: {
              StringEquals: {
                "oidc.eks.us-east-1.amazonaws.com/id/ABC:aud": "sts.amazonaws.com",
                "token.actions.githubusercontent.com:sub": "repo:acme/shop:ref:refs/heads/main",
              },
            }}""",
        ),
    ),
)
