"""Flags conditions on a claim that a token without the claim passes.

`IfExists` and `ForAllValues:` hold if the key is absent. On `sub` or another claim they make the
condition optional. If that opens a role to all customers of a shared issuer,
`shared-oidc-without-tenant` or `github-oidc-without-subject` reports it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.grants import restricts
from iamlint.policy.grammar import Kind, Quantifier
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.trust._federation import (
    WITH_WEB_IDENTITY,
    allows_action,
    claims,
    is_published,
    oidc_principals,
)
from iamlint.rules.trust._tenants import is_open, is_optional

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Condition, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not allows_action(statement, WITH_WEB_IDENTITY):
        return
    for _, host in oidc_principals(statement):
        if is_open(statement, host):
            continue
        said = claims(statement, host)
        demanded = {condition.name for condition in said if condition.needs_key}
        for condition in said:
            if not is_optional(condition) or condition.name in demanded:
                continue
            lists = condition.quantifier is Quantifier.ALL
            if (
                lists
                and condition.name.endswith(":aud")
                and not is_published(host, context.catalog)
            ):
                continue  # `multivalued-audience` asks what the provider sends.
            yield _hit(condition, is_spare=_is_spare(condition, said))


def _hit(condition: Condition, *, is_spare: bool) -> Hit:
    """Return the hit; a note for `aud`, as AWS STS refuses tokens without an audience."""
    harmless = is_spare or condition.name.endswith(":aud")
    return Hit(
        condition.at,
        f"a token without `{condition.key}` passes this condition with `{condition.operator_text}`",
        severity=Severity.NOTE if harmless else None,
        security_severity=3.0 if harmless else None,
    )


def _is_spare(condition: Condition, said: tuple[Condition, ...]) -> bool:
    """Return whether another claim than the audience is demanded beside it."""
    return any(
        restricts(other) and other.name != condition.name and not other.name.endswith(":aud")
        for other in said
    )


RULE = Rule(
    name="optional-token-claim",
    family=Family.TRUST,
    module=__name__,
    summary="a token without the claim passes the condition",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=7.6,
    cwe=1390,
    kinds=frozenset({Kind.TRUST}),
    advice="write `StringEquals` or `StringLike`, without `IfExists` and without a quantifier",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html",
    ),
    when=("Allow", "principal Federated", "action sts:AssumeRoleWithWebIdentity", "Condition"),
    check=check,
    bad=(
        bad(
            "`IfExists` on the subject",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A1B2"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEqualsIfExists: {
                "oidc.eks.eu-west-1.amazonaws.com/id/A1B2:sub": "system:serviceaccount:shop:cart", //!
              }},
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "`ForAllValues:` on the subject, with the audience demanded",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A1B2"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {
                "ForAllValues:StringEquals": {
                  "oidc.eks.eu-west-1.amazonaws.com/id/A1B2:sub": "system:serviceaccount:shop:cart", //!
                },
                StringEquals: {"oidc.eks.eu-west-1.amazonaws.com/id/A1B2:aud": "sts.amazonaws.com"},
              },
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "the audience, which is always there, is a note",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {
                StringEqualsIfExists: {
                  "token.actions.githubusercontent.com:aud": "sts.amazonaws.com", //!
                },
                StringEquals: {"token.actions.githubusercontent.com:sub": "repo:o/r:ref:refs/heads/main"},
              },
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "plain operators",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A1B2"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringLike: {"oidc.eks.eu-west-1.amazonaws.com/id/A1B2:sub": "system:serviceaccount:shop:cart"}},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "`Null` demands the claim",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A1B2"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {
                "ForAllValues:StringEquals": {"oidc.eks.eu-west-1.amazonaws.com/id/A1B2:sub": "system:serviceaccount:shop:cart"},
                Null: {"oidc.eks.eu-west-1.amazonaws.com/id/A1B2:sub": "false"},
              },
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "another rule reports a shared issuer that is open to all",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/app.terraform.io"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {"ForAllValues:StringEquals": {"app.terraform.io:sub": "organization:o:project:p:workspace:w:run_phase:plan"}},
            }""",
            kind=Kind.TRUST,
        ),
    ),
)
