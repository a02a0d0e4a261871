"""Every shared OIDC issuer: a role that is right, and one for each way to be wrong."""

from __future__ import annotations

import json

import pytest

from iamlint.catalog import Catalog
from iamlint.linter.check import CheckOptions, check_documents
from iamlint.policy.grammar import Kind
from iamlint.rule import Example
from iamlint.rule.finding import Finding
from iamlint.rules.trust import shared_oidc_without_tenant
from iamlint.rules.trust._shared_issuers import ISSUERS
from iamlint.testing.examples import document

HOSTS = pytest.mark.parametrize("host", sorted(h for h in ISSUERS if not ISSUERS[h].by_session))


def found(host: str, operator: str, claim: str, value: str) -> list[Finding]:
    provider = f"arn:aws:iam::111122223333:oidc-provider/{host}"
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {operator: {f"{host}:{claim}": value}},
    }
    example = Example("", json.dumps(statement), kind=Kind.TRUST)
    settings = CheckOptions(rules=(shared_oidc_without_tenant.RULE,), catalog=Catalog.open())
    findings = list(check_documents([document(example)], settings))
    return [f for f in findings if isinstance(f, Finding)]


def tenant(host: str) -> tuple[str, str, str]:
    """The claim that names the customer, a value that does, and one that others can continue."""
    issuer = ISSUERS[host]
    if issuer.subject is None:
        return min(issuer.claims), "octo", "octo*"
    return "sub", f"{issuer.subject}octo{issuer.end}shelf", f"{issuer.subject}octo*"


@HOSTS
def test_a_claim_that_names_the_customer_is_enough(host: str) -> None:
    claim, value, _ = tenant(host)

    assert found(host, "StringEquals", claim, value) == []
    assert found(host, "StringLike", claim, value) == []


@HOSTS
@pytest.mark.parametrize("operator", ["StringEqualsIfExists", "ForAllValues:StringEquals"])
def test_an_operator_that_passes_without_the_claim_names_nobody(host: str, operator: str) -> None:
    claim, value, _ = tenant(host)

    (finding,) = found(host, operator, claim, value)

    assert finding.pointer == ("Statement", "Condition", operator, f"{host}:{claim}")


@HOSTS
def test_a_name_that_others_can_continue_names_nobody(host: str) -> None:
    claim, _, broad = tenant(host)

    (finding,) = found(host, "StringLike", claim, broad)

    assert finding.pointer == ("Statement", "Condition", "StringLike", f"{host}:{claim}")


@HOSTS
def test_a_claim_that_all_customers_share_names_nobody(host: str) -> None:
    (finding,) = found(host, "StringEquals", "amr", "authenticated")

    assert finding.pointer == ("Statement", "Principal", "Federated")


@HOSTS
def test_a_claim_that_must_not_have_a_value_names_nobody(host: str) -> None:
    claim, value, _ = tenant(host)

    assert len(found(host, "StringNotEquals", claim, value)) == 1
