"""Flags roles that any customer of a shared OIDC issuer can assume.

GitLab, HCP Terraform, Cognito and others sign the tokens of all their customers with one issuer.
Some claims name the customer. A role that tests only other claims, or only a part of the name,
trusts all customers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.pinned import text_of
from iamlint.policy.grammar import Kind
from iamlint.policy.wildcard import is_wild
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.trust._federation import (
    WITH_WEB_IDENTITY,
    allows_action,
    claims,
    claims_of_others,
    host_and_claim,
    knows_claims,
    oidc_principals,
)
from iamlint.rules.trust._shared_issuers import (
    ISSUERS,
    Issuer,
    subject_names_customer,
)
from iamlint.rules.trust._subjects import code_for
from iamlint.rules.trust._tenants import is_open

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.at import At
    from iamlint.policy.model import Condition, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not allows_action(statement, WITH_WEB_IDENTITY) or not knows_claims(statement):
        return
    for principal, host in oidc_principals(statement):
        issuer = ISSUERS.get(host)
        said = claims(statement, host)
        # Without any claim it is `oidc-without-condition`; those of another provider are
        # `claim-of-other-issuer`.
        if issuer is None or not said or not is_open(statement, host):
            continue
        if claims_of_others(statement, host):
            continue
        at, code = next(_too_broad(said, issuer), (principal.at, None))
        yield Hit(
            at,
            f"any customer of `{host}` can assume this role: no condition names the customer",
            help=f"test {issuer.example}",
            access_analyzer=code,
        )


def _too_broad(said: tuple[Condition, ...], issuer: Issuer) -> Iterator[tuple[At, str | None]]:
    """Yield what should name the customer and does not, with AWS's code for it."""
    for condition in said:
        claim = host_and_claim(condition)[1]
        if claim in issuer.claims:
            wild = next((e for e in condition.values if is_wild(text_of(e))), None)
            if wild is not None and claim == "sub":
                yield wild.at, code_for(wild, condition)
            yield condition.at, None
        elif claim == "sub" and issuer.subject is not None:
            for entry in condition.values:
                if not subject_names_customer(entry, condition, issuer):
                    yield entry.at, code_for(entry, condition)
            yield condition.at, None


RULE = Rule(
    name="shared-oidc-without-tenant",
    family=Family.TRUST,
    module=__name__,
    summary="any customer of a shared OIDC issuer can assume the role",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=9.2,
    cwe=1390,
    kinds=frozenset({Kind.TRUST}),
    advice="test a claim that names the customer with `StringEquals`",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html",
    ),
    when=("Allow", "principal Federated", "action sts:AssumeRoleWithWebIdentity", "Condition"),
    check=check,
    bad=(
        bad(
            "only the audience of HCP Terraform, which all customers share",
            """
            {
              Effect: "Allow",
              Principal: {
                Federated: "arn:aws:iam::111122223333:oidc-provider/app.terraform.io", //!
              },
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {"app.terraform.io:aud": "aws.workload.identity"}},
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "a name that others can continue",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/app.terraform.io"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringLike: {"app.terraform.io:sub": [
                "organization:octo:project:shelf:workspace:prod:run_phase:*",
                "organization:octo*", //!
              ]}},
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "signed-in users of every identity pool",
            """
            {
              Effect: "Allow",
              Principal: {
                Federated: "cognito-identity.amazonaws.com", //!
              },
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {"ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"}},
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "a subject that may be left out",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/gitlab.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringLikeIfExists: {
                "gitlab.com:sub": "project_path:octo/shelf:*", //!
              }},
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "one project of GitLab",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/gitlab.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringLike: {"gitlab.com:sub": "project_path:octo/shelf:ref_type:branch:ref:*"}},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "the id of an organization instead of the subject",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/agent.buildkite.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {"agent.buildkite.com:organization_id": "0183"}},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "one identity pool, as Cognito writes it",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "cognito-identity.amazonaws.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {
                StringEquals: {"cognito-identity.amazonaws.com:aud": "eu-west-1:a1b2"},
                "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"},
              },
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "another sort of subject",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/api.pulumi.com/oidc"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringLike: {"api.pulumi.com/oidc:sub": "pulumi:environments:org:octo:env:*"}},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "the issuer of one cluster is not shared",
            """
            {
              Effect: "Allow",
              Principal: {
                Federated: "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A1B2",
              },
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {"oidc.eks.eu-west-1.amazonaws.com/id/A1B2:aud": "sts.amazonaws.com"}},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "another rule reports a role without any condition",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "cognito-identity.amazonaws.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
            }""",
            kind=Kind.TRUST,
        ),
    ),
)
