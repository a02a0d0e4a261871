"""Every OIDC provider that is known: a role that is right, and one for each way to be wrong."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from iamlint.catalog import Catalog
from iamlint.linter.check import CheckOptions, check_documents
from iamlint.policy.grammar import Kind
from iamlint.rule import Example
from iamlint.rule.finding import Finding, Profile, Severity
from iamlint.rules import BUILTIN
from iamlint.rules.trust._federation import GITHUB
from iamlint.rules.trust._private_issuers import PRIVATE
from iamlint.rules.trust._shared_issuers import ISSUERS
from iamlint.rules.trust._subjects import FORMS
from iamlint.testing.examples import document

if TYPE_CHECKING:
    from collections.abc import Mapping

RULES = tuple(rule for rule in BUILTIN if rule.profile is Profile.DEFAULT)
CATALOG = Catalog.open()


@dataclass(frozen=True)
class Row:
    """A provider: `right` is the value of the claim that is to be tested.

    `broad` are values that let in more than the customer, or more than one workload of theirs.
    """

    host: str
    right: str
    broad: tuple[str, ...] = ()
    claim: str = "sub"
    key: str = ""
    beside: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.host

    @property
    def tested(self) -> str:
        return self.key or f"{self.host}:{self.claim}"


POD = ("*", "system:serviceaccount:*", "system:serviceaccount:shop*:cart")
ROWS = (
    Row(GITHUB, "repo:octo/shelf:ref:refs/heads/main", ("*", "repo:*", "repo:octo*", "repo:*/s:*")),
    Row(GITHUB, "repo:octo@12/shelf@34:ref:refs/heads/main", ("repo:octo@*", "repo:octo/*")),
    Row(f"{GITHUB}/octo", "repo:octo/shelf:ref:refs/heads/main"),
    Row("token.actions.octo.ghe.com", "repo:octo/shelf:environment:prod"),
    Row("ghes.example.com/_services/token", "repo:octo/shelf:ref:refs/heads/main"),
    Row("oidc-configuration.audit-log.githubusercontent.com", "https://github.com/octo", ("*",)),
    Row(
        "gitlab.com",
        "project_path:octo/shelf:ref_type:branch:ref:main",
        ("*", "project_path:*", "project_path:octo*", "project_path:octo/*"),
    ),
    Row("gitlab.example.com", "project_path:octo/shelf:ref_type:branch:ref:main", ("*",)),
    Row(
        "api.bitbucket.org/2.0/workspaces/octo/pipelines-config/identity/oidc",
        "{3a5b}:{7c9d}",
        ("*", "{*"),
    ),
    Row(
        "oidc.circleci.com/org/a1b2",
        "org/a1b2/project/c3d4/user/e5f6",
        ("*", "org/a1b2/project/*"),
    ),
    Row(
        "app.terraform.io",
        "organization:octo:project:p:workspace:w:run_phase:apply",
        ("*", "organization:*", "organization:octo*", "organization:octo:*"),
    ),
    Row(
        "agent.buildkite.com",
        "organization:octo:pipeline:p:ref:refs/heads/main:commit:1a2b:step:s",
        ("*", "organization:*", "organization:octo*", "organization:octo:pipeline:*"),
    ),
    Row(
        "oidc.vercel.com",
        "owner:octo:project:p:environment:production",
        ("*", "owner:*", "owner:octo*", "owner:octo:project:*"),
    ),
    Row("oidc.vercel.com/octo", "owner:octo:project:p:environment:production", ("*",)),
    Row("api.pulumi.com/oidc", "pulumi:deploy:org:octo:project:p:stack:s", ("*", "pulumi:*")),
    Row("api.pulumi.com/oidc", "aws:octo", claim="aud"),
    Row("scalr.io", "account:octo:environment:prod", ("*", "account:*")),
    Row("oidc.codefresh.io", "account:1a2b:pipeline:p", ("*", "account:*")),
    Row("proidc.upbound.io", "mcp:octo/cp:provider:aws", ("*", "mcp:*")),
    Row("studio.datachain.ai/api", "credentials:octo/shelf", ("*", "credentials:*")),
    Row("tokens.cloud.shisho.dev", "job:octo:1", ("*", "job:*")),
    Row("sandboxes.cloud", "octo", ("*",), claim="aud"),
    Row("rh-oidc.s3.us-east-1.amazonaws.com/1a2b", "system:serviceaccount:shop:cart", POD),
    Row("oidc.op1.openshiftapps.com/1a2b", "system:serviceaccount:shop:cart", POD),
    Row("octo.semaphoreci.com", "org:octo:project:p:repo:r:ref_type:branch", ("*", "org:octo:*")),
    Row("octo.app.spacelift.io", "space:root:stack:s:run_type:TRACKED:scope:write", ("*",)),
    Row("oidc.fly.io/octo", "octo:shelf:machine", ("*", "octo:*:machine")),
    Row("oidc.eks.eu-west-1.amazonaws.com/id/A1B2", "system:serviceaccount:shop:cart", POD),
    Row(
        "cognito-identity.amazonaws.com",
        "eu-west-1:a1b2",
        claim="aud",
        beside=(("cognito-identity.amazonaws.com:amr", "authenticated"),),
    ),
    Row("accounts.google.com", "112233445566778899001", ("*",)),
    Row("www.amazon.com", "amzn1.application-oa2-client.a1", claim="app_id"),
    Row("graph.facebook.com", "1234567890", claim="app_id"),
    Row("tenant.eu.auth0.com", "client@clients"),
    Row("octo.okta.com/oauth2/a1b2", "client"),
    Row("sts.windows.net/a1b2", "3fa85f64-5717-4562-b3fc-2c963f66afa6"),
    Row("login.microsoftonline.com/a1b2/v2.0", "3fa85f64-5717-4562-b3fc-2c963f66afa6"),
    Row(
        "sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d",
        "MicrosoftSentinel_1a2b",
        ("MicrosoftSentinel_*",),
        key="sts:RoleSessionName",
        beside=(("sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d:aud", "api://1a2b"),),
    ),
    Row("vstoken.dev.azure.com/a1b2", "sc://octo/shop/aws", ("*", "sc://octo/*")),
    Row("idcs-a1b2.identity.oraclecloud.com", "client"),
)
ALL = pytest.mark.parametrize("row", ROWS, ids=str)
BY_SUBJECT = pytest.mark.parametrize("row", [r for r in ROWS if r.claim == "sub"], ids=str)


# What the pages of the providers leave open themselves, after all that tells workloads apart.
TAILS = (
    ("app.terraform.io", "organization:octo:project:p:workspace:w:run_phase:*"),
    ("app.terraform.io", "organization:octo:project:p:workspace:w:*"),
    ("agent.buildkite.com", "organization:octo:pipeline:p:ref:refs/heads/main:commit:*:step:*"),
    ("oidc.circleci.com/org/a1b2", "org/a1b2/project/c3d4/user/*"),
    ("oidc.circleci.com/org/a1b2", "org/a1b2/project/c3d4/*"),
    ("api.bitbucket.org/2.0/workspaces/octo/pipelines-config/identity/oidc", "{3a5b}:*"),
    ("octo.semaphoreci.com", "org:octo:project:p:repo:r:ref_type:branch:ref:refs/heads/*"),
    ("octo.app.spacelift.io", "space:root:stack:s:run_type:*:scope:write"),
    ("oidc.fly.io/octo", "octo:shelf:*"),
)


# Values that end before a part does, and the first part that they leave open.
ENDS = (
    ("app.terraform.io", "organization:octo:*", "project"),
    ("app.terraform.io", "organization:octo:project:p:*", "workspace"),
    ("agent.buildkite.com", "organization:octo:pipeline:p:*", "branch or tag"),
    ("gitlab.com", "project_path:octo/shelf:*", "kind of ref"),
    ("octo.app.spacelift.io", "space:root:*", "stack"),
    ("oidc.vercel.com", "owner:octo:project:p:*", "environment"),
    ("vstoken.dev.azure.com/a1b2", "sc://octo/*", "project"),
)


def loud(row: Row, conditions: Mapping[str, Mapping[str, object]]) -> list[Finding]:
    """What is found of the row's provider, notes aside."""
    return [f for f in found_of(row, conditions) if f.severity is not Severity.NOTE]


def found_of(row: Row, conditions: Mapping[str, Mapping[str, object]]) -> list[Finding]:
    provider = f"arn:aws:iam::111122223333:oidc-provider/{row.host}"
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": conditions,
    }
    example = Example("", json.dumps(statement), kind=Kind.TRUST)
    options = {rule.name: rule.options() for rule in RULES if rule.options}
    found = list(
        check_documents([document(example)], CheckOptions(RULES, CATALOG, options=options))
    )
    assert all(isinstance(item, Finding) for item in found), found
    return [f for f in found if isinstance(f, Finding)]


def beside(row: Row) -> dict[str, Mapping[str, object]]:
    return {"ForAnyValue:StringLike": dict(row.beside)} if row.beside else {}


@ALL
@pytest.mark.parametrize("operator", ["StringEquals", "StringLike"])
def test_right_role_is_silent(row: Row, operator: str) -> None:
    if row.key:
        condition: Mapping[str, Mapping[str, object]] = {
            operator: {row.tested: row.right, **dict(row.beside)}
        }
    else:
        condition = {operator: {row.tested: row.right}, **beside(row)}

    assert [(f.rule, f.message) for f in loud(row, condition)] == []


@pytest.mark.parametrize(("host", "subject"), TAILS, ids=str)
def test_tail_that_providers_leave_open_is_silent(host: str, subject: str) -> None:
    found = found_of(Row(host, subject), {"StringLike": {f"{host}:sub": subject}})

    assert [(f.rule, f.message) for f in found] == []


@pytest.mark.parametrize(("host", "subject", "part"), ENDS, ids=str)
def test_first_part_that_a_value_leaves_open_is_named(host: str, subject: str, part: str) -> None:
    (finding,) = found_of(Row(host, subject), {"StringLike": {f"{host}:sub": subject}})

    assert finding.message == f"`{subject}` lets tokens of more than one {part} assume this role"


BROAD = [(row, value) for row in ROWS for value in row.broad]


@pytest.mark.parametrize(("row", "value"), BROAD, ids=str)
def test_value_that_is_too_broad_is_found_at_the_value(row: Row, value: str) -> None:
    if row.key:
        (finding,) = loud(row, {"StringLike": {row.tested: value, **dict(row.beside)}})
        assert finding.pointer == ("Statement", "Principal", "Federated")
        return

    (finding,) = loud(row, {"StringLike": {row.tested: [row.right, value]}, **beside(row)})

    wanted = ("Statement", "Condition", "StringLike", row.tested)
    assert finding.pointer in (wanted, (*wanted, 1))


@ALL
@pytest.mark.parametrize("operator", ["StringEqualsIfExists", "ForAllValues:StringEquals"])
def test_test_that_a_token_without_the_claim_passes_is_found(row: Row, operator: str) -> None:
    if row.key or (row.claim == "aud" and row.host not in ISSUERS):
        pytest.skip("such a test is no test of this provider's tokens")

    found = loud(row, {operator: {row.tested: row.right}, **beside(row)})

    assert [f.pointer for f in found] == [("Statement", "Condition", operator, row.tested)]


@BY_SUBJECT
def test_claim_of_another_issuer_is_found_at_the_provider(row: Row) -> None:
    found = loud(row, {"StringEquals": {f"x.{row.host}:sub": row.right}})

    assert [(f.rule, f.pointer) for f in found] == [
        ("claim-of-other-issuer", ("Statement", "Principal", "Federated"))
    ]


@BY_SUBJECT
def test_claim_that_aws_does_not_pass_on_is_found_at_its_key(row: Row) -> None:
    key = f"{row.host}:no_such_claim"

    found = loud(row, {"StringEquals": {row.tested: row.right, key: "x", **dict(row.beside)}})

    assert [(f.rule, f.pointer) for f in found] == [
        ("unknown-token-claim", ("Statement", "Condition", "StringEquals", key))
    ]


@BY_SUBJECT
def test_wildcard_under_an_operator_without_wildcards_is_found_at_the_value(row: Row) -> None:
    if row.key:
        pytest.skip("the name of the session has no such rule")
    value = f"{row.right}*"

    found = loud(row, {"StringEquals": {row.tested: value}})

    assert [(f.rule, f.pointer) for f in found] == [
        ("wildcard-without-like", ("Statement", "Condition", "StringEquals", row.tested))
    ]


@ALL
def test_provider_without_any_condition_is_found_at_the_provider(row: Row) -> None:
    found = loud(row, {})

    assert [f.pointer for f in found] == [("Statement", "Principal", "Federated")]


@BY_SUBJECT
def test_audience_alone_is_found_where_programs_share_it(row: Row) -> None:
    users = ("auth0.com", "okta.com", "windows.net/a1b2", "microsoftonline.com", "accounts.google")
    found = loud(row, {"StringEquals": {f"{row.host}:aud": "aws.workload.identity"}})

    if row.host in ("api.pulumi.com/oidc", "oidc.vercel.com") or any(u in row.host for u in users):
        assert found == []
    else:
        assert [f.pointer for f in found] == [("Statement", "Principal", "Federated")]


def test_every_row_of_the_tables_has_a_case() -> None:
    hosts = {row.host for row in ROWS}

    assert set(ISSUERS) - {"api.pulumi.com"} <= hosts
    for hosts_pattern in [*(p.hosts for p in PRIVATE), *(f.hosts for f in FORMS)]:
        head = hosts_pattern.strip("*").split("*")[0]
        assert any(head in host for host in hosts), hosts_pattern
