"""Policies of resources with little known about them: no ARN, no text, or neither."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pytest

from iamlint.account.ask.answer import Ruling
from iamlint.account.build.resources import any_of
from iamlint.catalog import Catalog
from iamlint.load import Attachment, NotAnalysed
from iamlint.load.cloudformation.table import table as of_cloudformation
from iamlint.load.link import glob_of
from iamlint.load.terraform.aws.table import table as of_terraform
from iamlint.policy.grammar import Kind
from tests.account.holding_texts import HOME, allow, deny, policy

if TYPE_CHECKING:
    from collections.abc import Callable

    from iamlint.repository import Repository

    JSON = dict[str, object]
    Files = dict[str, object]
    Open = Callable[..., Repository]

ROLE: Final = {"roles/app/all.json": policy(allow("dsql:*"), allow("s3:*"))}
CLUSTER: Final = f"arn:aws:dsql:eu-west-1:{HOME}:cluster/a1"
MODULE: Final = """
variable "text" {}
resource "aws_dsql_cluster_policy" "p" {
  identifier = "a1"
  policy     = %s
}
"""


@pytest.mark.parametrize("text", ["var.text", "jsonencode({Statement = var.text})"])
def test_text_that_is_not_known_leaves_resources_of_its_type_open(
    text: str, repository: Open
) -> None:
    opened = repository({**ROLE, "main.tf": MODULE % text})
    app = opened.subject("role/app")

    assert opened.account.ask(app, ["dsql:DbConnect"], CLUSTER).ruling is Ruling.DEPENDS
    assert opened.account.ask(app, ["s3:GetObject"], "arn:aws:s3:::depot/k").ruling is (
        Ruling.ALLOWED
    )


DENY: Final = json.dumps(policy(deny("*") | {"Principal": "*"}))
VALUES: Final[JSON] = {"identifier": "a1", "policy": DENY}


def instances(name: str) -> Files:
    about = {"address": "aws_dsql_cluster_policy.p", "type": "aws_dsql_cluster_policy", "name": "p"}
    one = {**about, "mode": "managed", "values": VALUES}
    return {f"{name}.json": {"format_version": "1.0", name: {"root_module": {"resources": [one]}}}}


def program(**resources: JSON) -> Files:
    return {"Pulumi.yaml": {"name": "shop", "runtime": "yaml", "resources": resources}}


def deployed(type_: str) -> Files:
    one = {"urn": f"urn:pulumi:dev::shop::{type_}::p", "type": type_, "outputs": VALUES}
    return {"stack.json": {"version": 3, "deployment": {"resources": [one]}}}


WITHOUT_ARN: Final[dict[str, Files]] = {
    "module": {"main.tf": MODULE % f"jsonencode({DENY})"},
    "plan": instances("planned_values"),
    "state": instances("values"),
    "program of Pulumi": program(p={"type": "aws:dsql:ClusterPolicy", "properties": VALUES}),
    "stack of Pulumi": deployed("aws:dsql/clusterPolicy:ClusterPolicy"),
    "Crossplane": {
        "p.json": {
            "apiVersion": "dsql.aws.upbound.io/v1beta1",
            "kind": "ClusterPolicy",
            "metadata": {"name": "p"},
            "spec": {"forProvider": VALUES},
        }
    },
}


@pytest.mark.parametrize("carrier", WITHOUT_ARN)
def test_policy_of_a_resource_without_an_arn_is_that_of_any_of_its_type(
    carrier: str, repository: Open
) -> None:
    opened = repository({**ROLE, **WITHOUT_ARN[carrier]})
    app = opened.subject("role/app")

    assert opened.account.ask(app, ["dsql:DbConnect"], CLUSTER).ruling is Ruling.DEPENDS
    assert opened.account.ask(app, ["s3:GetObject"], "arn:aws:s3:::depot/k").ruling is (
        Ruling.ALLOWED
    )


def test_each_type_of_the_tables_has_a_service_that_aws_has() -> None:
    terraform = of_terraform().resources.values()
    types = {row.attached for of_type in terraform for row in of_type}
    types |= {row.attached for of_type in of_cloudformation().rows.values() for row in of_type}

    def service(type_: str) -> str:
        item = NotAnalysed("", (), "", kind=Kind.RESOURCE, attachment=Attachment((), type_))
        return glob_of(any_of(item, None)).split(":")[2]

    services = {type_: service(type_) for type_ in types if type_}
    assert {t: s for t, s in services.items() if s not in Catalog.open().services()} == {}
