"""Carriers of the Serverless Framework, Kubernetes, Crossplane, ACK, eksctl and Pulumi."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import yaml

from iamlint.policy.grammar import Kind
from tests.load.carriers.carrier import (
    AT_HOME,
    HOMES,
    ROLES,
    Carrier,
    Item,
    Policy,
    dollars,
    dumped,
    statements,
    text,
)
from tests.load.carriers.data import OF_SHAPE
from tests.load.carriers.templates import template

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SERVERLESS: Final = "Serverless Framework"
MANIFESTS: Final = "Crossplane, ACK, eksctl, Pulumi, Kubernetes"
LISTS: Final = "its lists of statements"
PROPERTIES: Final = "policies in their properties, as objects or JSON in strings"
IDENTITY: Final = frozenset({Kind.IDENTITY})


def functions(items: Sequence[Item]) -> str:
    found = {
        item.name: {"handler": "x", "iamRoleStatements": statements(item.policy)} for item in items
    }
    return dumped({"service": "shelf", "provider": {"name": "aws"}, "functions": found})


def roles_of_functions(items: Sequence[Item]) -> str:
    found = {
        item.name: {"handler": "x", "iam": {"role": {"statements": statements(item.policy)}}}
        for item in items
    }
    return dumped({"service": "shelf", "provider": {"name": "aws"}, "functions": found})


def provider(items: Sequence[Item], *way: str) -> str:
    """Return a service whose provider has one policy, at a place of it."""
    found: Any = statements(items[0].policy)
    for name in reversed(way):
        found = {name: found}
    return dumped({"service": "shelf", "provider": {"name": "aws", **found}})


def resources(items: Sequence[Item], *, is_list: bool) -> str:
    found = template(items)
    about = {"service": "shelf", "provider": {"name": "aws"}}
    return dumped({**about, "resources": [found] if is_list else found})


def pulumi(items: Sequence[Item], write: Callable[[Policy], Policy]) -> str:
    found = {}
    for item in items:
        home = HOMES[item.kind]
        type_, name = home.pulumi
        properties = {**home.beside, name: write(dollars(item.policy))}
        found[item.name] = {"type": type_, "properties": properties}
    return dumped({"name": "shelf", "runtime": "yaml", "resources": found})


NATIVE: Final = {
    Kind.IDENTITY: ("aws-native:iam:ManagedPolicy", "policyDocument"),
    Kind.TRUST: ("aws-native:iam:Role", "assumeRolePolicyDocument"),
    Kind.RESOURCE: ("aws-native:sqs:QueuePolicy", "policyDocument"),
}


def native(items: Sequence[Item]) -> str:
    """Return a program with resources of the provider `aws-native`, which takes objects."""
    found = {}
    for item in items:
        type_, name = NATIVE[item.kind]
        found[item.name] = {"type": type_, "properties": {name: dollars(item.policy)}}
    return dumped({"name": "shelf", "runtime": "yaml", "resources": found})


def stack(items: Sequence[Item]) -> str:
    found = []
    for item in items:
        home = HOMES[item.kind]
        type_, name = home.pulumi
        values = {**home.beside, name: text(item.policy)}
        urn = f"urn:pulumi:dev::shelf::{type_}::{item.name}"
        found.append({"urn": urn, "type": type_, "inputs": values, "outputs": values})
    return text({"version": 3, "deployment": {"resources": found}})


def native_stack(items: Sequence[Item]) -> str:
    found = []
    for item in items:
        type_, name = NATIVE[item.kind]
        urn = f"urn:pulumi:dev::shelf::{type_}::{item.name}"
        found.append({"urn": urn, "type": type_, "inputs": {name: item.policy}, "outputs": {}})
    return text({"version": 3, "deployment": {"resources": found}})


def crossplane_resource(item: Item, policy: Policy) -> dict[str, Any]:
    home = HOMES[item.kind]
    type_, name = home.crossplane
    group, _, kind = type_.partition("/")
    return {
        "apiVersion": f"{group}/v1beta1",
        "kind": kind,
        "metadata": {"name": item.name},
        "spec": {"forProvider": {**home.beside, name: policy}},
    }


def manifests(found: Sequence[object]) -> str:
    return yaml.safe_dump_all(found, sort_keys=False, allow_unicode=True, width=1000)


def crossplane(items: Sequence[Item]) -> str:
    return manifests([crossplane_resource(item, text(item.policy)) for item in items])


def composition(items: Sequence[Item]) -> str:
    found = [
        {"name": item.name, "base": crossplane_resource(item, text(item.policy))} for item in items
    ]
    about = {"apiVersion": "apiextensions.crossplane.io/v1", "kind": "Composition"}
    return dumped({**about, "spec": {"resources": found}})


def ack(items: Sequence[Item]) -> str:
    found = []
    for item in items:
        is_identity = item.kind is Kind.IDENTITY
        name = "policyDocument" if is_identity else "assumeRolePolicyDocument"
        found.append(
            {
                "apiVersion": "iam.services.k8s.aws/v1alpha1",
                "kind": "Policy" if is_identity else "Role",
                "metadata": {"name": item.name},
                "spec": {name: text(item.policy)},
            }
        )
    return manifests(found)


def config_map(items: Sequence[Item]) -> str:
    data = {f"{item.name}.json": text(item.policy) for item in items}
    return dumped({"apiVersion": "v1", "kind": "ConfigMap", "data": data})


CLUSTER: Final = {"apiVersion": "eksctl.io/v1alpha5", "kind": "ClusterConfig"}


def accounts(items: Sequence[Item], name: str) -> str:
    """Return the service accounts for which eksctl creates roles."""
    found = [
        {"metadata": {"name": item.name, "namespace": "default"}, name: item.policy}
        for item in items
    ]
    return dumped({**CLUSTER, "iam": {"withOIDC": True, "serviceAccounts": found}})


def associations(items: Sequence[Item]) -> str:
    found = [{"serviceAccountName": item.name, "permissionPolicy": item.policy} for item in items]
    return dumped({**CLUSTER, "iam": {"podIdentityAssociations": found}})


def nodes(items: Sequence[Item], name: str) -> str:
    found = [{"name": item.name, "iam": {"attachPolicy": item.policy}} for item in items]
    return dumped({**CLUSTER, name: found})


def _service(
    name: str,
    file: str,
    write: Callable[[Sequence[Item]], str],
    kinds: frozenset[Kind] = IDENTITY,
) -> Carrier:
    return Carrier(name, SERVERLESS, LISTS, file, write, kinds, is_bare=True)


def _manifest(
    name: str,
    file: str,
    write: Callable[[Sequence[Item]], str],
    kinds: frozenset[Kind] = AT_HOME,
    way: str = PROPERTIES,
) -> Carrier:
    return Carrier(name, MANIFESTS, way, file, write, kinds)


CARRIERS: Final = (
    _service("serverless", "serverless.yml", functions),
    _service("roles of functions", "serverless.yml", roles_of_functions),
    _service(
        "serverless provider",
        "{name}/serverless.yml",
        lambda i: provider(i, "iam", "role", "statements"),
    ),
    _service(
        "old serverless provider",
        "{name}/serverless.yml",
        lambda i: provider(i, "iamRoleStatements"),
    ),
    _service(
        "serverless api",
        "{name}/serverless.yml",
        lambda i: provider(i, "apiGateway", "resourcePolicy"),
        frozenset({Kind.RESOURCE}),
    ),
    Carrier(
        "serverless resources",
        SERVERLESS,
        "`resources` as a template",
        "serverless.yml",
        lambda i: resources(i, is_list=False),
        AT_HOME,
    ),
    Carrier(
        "serverless parts",
        SERVERLESS,
        "`resources` as a template",
        "serverless.yml",
        lambda i: resources(i, is_list=True),
        AT_HOME,
    ),
    _manifest(
        "pulumi with objects", "Pulumi.yaml", lambda i: pulumi(i, lambda p: {"fn::toJSON": p})
    ),
    _manifest(
        "pulumi with secrets", "Pulumi.yaml", lambda i: pulumi(i, lambda p: {"fn::secret": text(p)})
    ),
    _manifest("pulumi", "Pulumi.yaml", lambda i: pulumi(i, text)),
    _manifest("pulumi native", "Pulumi.yaml", native, frozenset(NATIVE)),
    _manifest("stack", "stack.json", stack, way="the state that `pulumi stack export` writes"),
    _manifest(
        "native stack",
        "stack.json",
        native_stack,
        frozenset(NATIVE),
        way="the state that `pulumi stack export` writes",
    ),
    _manifest("crossplane", "x.yaml", crossplane),
    _manifest("composition", "x.yaml", composition),
    _manifest("ack", "a.yaml", ack, ROLES),
    Carrier("config map", MANIFESTS, PROPERTIES, "c.yaml", config_map, OF_SHAPE, by_shape=True),
    _manifest("eksctl accounts", "c.yaml", lambda i: accounts(i, "attachPolicy"), IDENTITY),
    _manifest("eksctl associations", "c.yaml", associations, IDENTITY),
    _manifest("eksctl nodes", "c.yaml", lambda i: nodes(i, "nodeGroups"), IDENTITY),
    _manifest("eksctl managed nodes", "c.yaml", lambda i: nodes(i, "managedNodeGroups"), IDENTITY),
)
