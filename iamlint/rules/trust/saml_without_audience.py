"""Flags trust in a SAML provider without a condition on the recipient of the assertion.

`SAML:aud` is the endpoint the assertion is meant for. Without the condition, an assertion that
another service received can be used for this role.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.grants import restricts
from iamlint.grants.pinned import text_of
from iamlint.policy.grammar import Kind
from iamlint.policy.wildcard import is_wild
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.trust._federation import WITH_SAML, ProviderKind, allows_action, provider

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Condition, Entry, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not allows_action(statement, WITH_SAML) or "Condition" in statement.opaque:
        return
    providers = [p for p in statement.principals if provider(p) is ProviderKind.SAML]
    tests = [c for c in statement.conditions if c.name in NARROWING]
    if not providers:
        return
    if not any(restricts(condition) for condition in tests):
        yield Hit(
            tests[0].at if tests else providers[0].at,
            "an assertion for another recipient can be used to assume this role",
            severity=Severity.NOTE,
            security_severity=3.4,
        )
    for condition in tests:
        for entry in condition.values:
            if restricts(condition) and _is_anyones(entry, condition):
                yield Hit(
                    entry.at,
                    f"`{entry.text}` also matches endpoints of others, so their assertions can be used for this role",
                )


def _is_anyones(entry: Entry, condition: Condition) -> bool:
    """Return whether the host of a pattern may be another's."""
    if condition.operator is None or not condition.operator.wildcards:
        return False
    host = text_of(entry).partition("://")[2].partition("/")[0] or text_of(entry)
    return condition.name == "saml:aud" and is_wild(host) and not host.endswith(HOSTS)


# https://docs.aws.amazon.com/general/latest/gr/signin-service.html
HOSTS = (
    ".signin.aws.amazon.com",
    ".signin.amazonaws-us-gov.com",
    ".signin.amazonaws.cn",
)
NARROWING = ("saml:aud", "saml:iss", "saml:sub", "saml:namequalifier")


RULE = Rule(
    name="saml-without-audience",
    family=Family.TRUST,
    module=__name__,
    summary="a SAML assertion for another recipient can be used to assume the role",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    security_severity=5.0,
    cwe=1390,
    kinds=frozenset({Kind.TRUST}),
    advice='add `"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}`',
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_saml.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-saml",
    ),
    when=("Allow", "principal Federated", "action sts:AssumeRoleWithSAML"),
    check=check,
    bad=(
        bad(
            "no condition is a note",
            """
            {
              Effect: "Allow",
              Principal: {
                Federated: "arn:aws:iam::111122223333:saml-provider/adfs", //!
              },
              Action: ["sts:AssumeRoleWithSAML", "sts:TagSession"],
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "an audience that may be missing",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:saml-provider/adfs"},
              Action: ["sts:AssumeRoleWithSAML", "sts:TagSession"],
              Condition: {StringEqualsIfExists: {
                "SAML:aud": "https://signin.aws.amazon.com/saml", //!
              }},
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "a host of others",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:saml-provider/adfs"},
              Action: ["sts:AssumeRoleWithSAML", "sts:TagSession"],
              Condition: {StringLike: {
                "SAML:aud": "https://*.com/saml", //!
              }},
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "the sign-in page of AWS",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:saml-provider/adfs"},
              Action: ["sts:AssumeRoleWithSAML", "sts:TagSession"],
              Condition: {StringEquals: {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "the sign-in pages of all regions",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:saml-provider/adfs"},
              Action: ["sts:AssumeRoleWithSAML", "sts:TagSession"],
              Condition: {StringLike: {"saml:aud": ["https://*.signin.aws.amazon.com/saml", "https://signin.aws.amazon.com/saml"]}},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "one issuer",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:saml-provider/adfs"},
              Action: ["sts:AssumeRoleWithSAML", "sts:TagSession"],
              Condition: {StringEquals: {"SAML:iss": "https://idp.example.com/saml"}},
            }""",
            kind=Kind.TRUST,
        ),
    ),
)
