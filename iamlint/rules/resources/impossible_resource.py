"""Flags ARNs of resources with a name that AWS gives to none.

The ARN of a secret ends with a hyphen and six random characters, the roles of IAM Identity Center
have a path, and a parameter has one slash before its name. An ARN without these matches nothing: an
`Allow` grants nothing, and a `Deny` denies nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.catalog.values.described import advice_on
from iamlint.catalog.values.resources import EXCLUSIONS
from iamlint.policy.arn_patterns import widened
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.resources._judgement import judge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Element, Entry, Statement

# The name is all that there is before a secret is created.
_CREATE = "secretsmanager:createsecret"


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    element = statement.resource_element
    if element is None:
        return
    faults = [(entry, advice) for entry in element.entries if (advice := _fault(entry, context))]
    if faults and {entry.text.lower() for entry in statement.actions} == {_CREATE}:
        return
    for entry, advice in faults:
        yield Hit(
            entry.at,
            f"no resource has the ARN `{entry.text}`, so {_effect(statement, element)}",
            help=advice,
            severity=Severity.NOTE if len(faults) < len(element.entries) else None,
        )


def _fault(entry: Entry, context: RuleContext) -> str | None:
    """Return advice on an ARN that no resource has, but whose form is right."""
    pattern = entry.pattern
    start = pattern.split(":", 3)
    exclusions = EXCLUSIONS.get(start[2]) if len(start) > 3 else None  # noqa: PLR2004 - an ARN
    advice = advice_on(exclusions, widened(pattern)) if exclusions else None
    return None if advice is None or judge(pattern, context.catalog) else advice


def _effect(statement: Statement, element: Element) -> str:
    if element is statement.not_resource:
        return "it exempts nothing"
    if statement.effect is None:
        return "it matches nothing"
    return f"it {'denies' if statement.denies else 'grants'} nothing"


RULE = Rule(
    name="impossible-resource",
    family=Family.RESOURCES,
    module=__name__,
    summary="AWS gives such a name to no resource, so the ARN matches nothing",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    advice="copy the ARN of the resource",
    sources=(
        "https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_iam-permissions.html",
        "https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples.html",
        "https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html",
        "https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-friendly-names",
        "https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id-alias-ARN",
    ),
    when=(" | ".join(f"resource {one}" for one in EXCLUSIONS),),
    check=check,
    bad=(
        bad(
            "the name of a secret without its six characters",
            """
            {Effect: "Allow", Action: "secretsmanager:GetSecretValue",
              Resource: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/database", //!
            }""",
        ),
        bad(
            "a name that ends with a word of six letters",
            """
            {Effect: "Deny", Action: "secretsmanager:*",
              Resource: "arn:aws:secretsmanager:*:*:secret:shop-secret", //!
            }""",
        ),
        bad(
            "a key of the value after the ARN, as in a task definition",
            """
            {Effect: "Allow", Action: "secretsmanager:GetSecretValue",
              Resource: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop-a1B2c3:password::", //!
            }""",
        ),
        bad(
            "two slashes before the name of a parameter; another entry is right: a note",
            """
            {Effect: "Allow", Action: "ssm:GetParameter", Resource: [
              "arn:aws:ssm:eu-west-1:111122223333:parameter/shop/port",
              "arn:aws:ssm:eu-west-1:111122223333:parameter//shop/host", //!
            ]}""",
        ),
        bad(
            "a role of IAM Identity Center without its path",
            """
            {Effect: "Deny", Action: "iam:*",
              Resource: "arn:aws:iam::*:role/AWSReservedSSO_*", //!
            }""",
        ),
        bad(
            "an alias as a key",
            """
            {Effect: "Allow", Action: "kms:Decrypt",
              Resource: "arn:aws:kms:eu-west-1:111122223333:key/alias/shop", //!
            }""",
        ),
    ),
    good=(
        good(
            "wildcards for the six characters, and a whole ARN",
            """
            {Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: [
              "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/database-??????",
              "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/host-*",
              "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/port-a1B2c3",
            ]}""",
        ),
        good(
            "a name that may be a whole one",
            """
            {Effect: "Allow", Action: "secretsmanager:GetSecretValue",
              Resource: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop-prod01"}""",
        ),
        good(
            "a secret that is only created",
            """
            {Effect: "Allow", Action: "secretsmanager:CreateSecret",
              Resource: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/database"}""",
        ),
        good(
            "a name that a variable completes",
            """
            {Effect: "Allow", Action: "secretsmanager:GetSecretValue",
              Resource: "arn:aws:secretsmanager:*:*:secret:${aws:PrincipalTag/secret}"}""",
        ),
        good(
            "roles of IAM Identity Center with their path",
            """
            {Effect: "Deny", Action: "iam:*", Resource: [
              "arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*",
              "arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_*",
              "arn:aws:iam::*:role/*AWSReservedSSO_Admin_*",
            ]}""",
        ),
        good(
            "two slashes in the key of an object are part of it",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::shelf//new/*"}""",
        ),
    ),
)
