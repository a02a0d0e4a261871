"""Flags subjects that let several workloads of one customer assume a role.

`system:serviceaccount:*` trusts every pod of a cluster, `organization:o:*` every workspace of an
organization, also future ones. `shared-oidc-without-tenant` reports subjects that do not name the
customer of a shared issuer, `broad-github-subject` those of GitHub.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.grants import restricts
from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Note, Rule, RuleContext, Severity, bad, good
from iamlint.rules.trust._federation import (
    WITH_WEB_IDENTITY,
    allows_action,
    claims,
    host_and_claim,
    oidc_principals,
)
from iamlint.rules.trust._subjects import TOO_PERMISSIVE, SubjectForm, code_for, form_of, left_open
from iamlint.rules.trust._tenants import is_open

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Condition, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not allows_action(statement, WITH_WEB_IDENTITY):
        return
    for _, host in oidc_principals(statement):
        form = form_of(host)
        if form is None or is_open(statement, host):
            continue
        said = [c for c in claims(statement, host) if host_and_claim(c)[1] != "aud"]
        if any(restricts(c) for c in said if host_and_claim(c)[1] != "sub"):
            continue  # Another claim narrows it.
        for condition in said:
            if host_and_claim(condition)[1] == "sub" and condition.needs_key:
                yield from _hits(condition, form)


def _hits(condition: Condition, form: SubjectForm) -> Iterator[Hit]:
    found = [(entry, left_open(entry, condition, form)) for entry in condition.values]
    broad = sorted(
        ((entry, part) for entry, part in found if part), key=lambda pair: -pair[1].gravity
    )
    if broad:
        (first, part), *others = broad
        yield Hit(
            first.at,
            f"`{first.text}` lets tokens of more than one {part.name} assume this role",
            related=tuple(
                Note(entry.at, f"the same applies to `{entry.text}`") for entry, _ in others
            ),
            access_analyzer=code_for(first, condition),
            severity=None if part.gravity >= GRAVE else Severity.NOTE,
            security_severity=part.gravity,
        )


GRAVE = 5.0


RULE = Rule(
    name="broad-oidc-subject",
    family=Family.TRUST,
    module=__name__,
    summary="the subject matches tokens of several workloads, and all of them can assume the role",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    security_severity=5.6,
    cwe=1390,
    kinds=frozenset({Kind.TRUST}),
    advice="write the full name of each workload, or at least of the namespace, project or pipeline",
    sources=(
        "https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
    ),
    when=("Allow", "principal Federated", "action sts:AssumeRoleWithWebIdentity", "Condition"),
    check=check,
    bad=(
        bad(
            "every pod of a cluster",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A1B2"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringLike: {
                "oidc.eks.eu-west-1.amazonaws.com/id/A1B2:sub": "system:serviceaccount:*", //!
              }},
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "namespaces that begin alike: anyone who can create a namespace can join them",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A1B2"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringLike: {
                "oidc.eks.eu-west-1.amazonaws.com/id/A1B2:sub": "system:serviceaccount:shop*:cart", //!
              }},
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "every project of the organization",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/app.terraform.io"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringLike: {
                "app.terraform.io:sub": "organization:octo:project:*", //!
              }},
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "every service account of a namespace is a note",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A1B2"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringLike: {
                "oidc.eks.eu-west-1.amazonaws.com/id/A1B2:sub": "system:serviceaccount:shop:*", //!
              }},
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "anything at all",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A1B2"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringLike: {
                "oidc.eks.eu-west-1.amazonaws.com/id/A1B2:sub": "*", //!
              }},
            }""",
            kind=Kind.TRUST,
            access_analyzer=TOO_PERMISSIVE,
        ),
    ),
    good=(
        good(
            "one service account",
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
            "another rule reports the customer of a shared issuer",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/app.terraform.io"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringLike: {"app.terraform.io:sub": "organization:*"}},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "another claim names the project",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/gitlab.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {
                StringLike: {"gitlab.com:sub": "project_path:octo/*"},
                StringEquals: {"gitlab.com:project_id": "42"},
              },
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "subjects of another form",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/gitlab.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {
                StringLike: {"gitlab.com:sub": "project_id:42:*"},
                StringEquals: {"gitlab.com:namespace_id": "7"},
              },
            }""",
            kind=Kind.TRUST,
        ),
    ),
)
