"""Writes policies the way formats carry them: one file for many, each under a name of its own.

A `Carrier` says which row of the table in `docs/formats.md` it belongs to; `WRITERS` has them all.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import yaml

from iamlint.policy.grammar import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Policy = Any

DATA: Final = "JSON, JSON5, YAML"
TEMPLATES: Final = "CloudFormation, SAM, CDK"
MODULES: Final = "Terraform, OpenTofu"
PLANS: Final = "plans and states"
DUMPS: Final = "dumps"
SERVERLESS: Final = "Serverless Framework"
MANIFESTS: Final = "Crossplane, ACK, Pulumi, Kubernetes"


@dataclass(frozen=True, slots=True)
class Item:
    """A policy of a kind under a name."""

    name: str
    kind: Kind
    policy: Policy


@dataclass(frozen=True, slots=True)
class Carrier:
    """One way to carry policies; one `by_shape` is for policies that look like one.

    One that `is_bare` carries statements only, and its language writes variables as AWS does.
    """

    name: str
    format: str
    file: str
    write: Callable[[Sequence[Item]], str]
    kinds: frozenset[Kind]
    by_shape: bool = False
    is_bare: bool = False

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Home:
    """Where a kind of policy is at home: types, the property, and what stands beside it."""

    template: tuple[str, str]
    module: tuple[str, str]
    pulumi: tuple[str, str]
    crossplane: tuple[str, str]
    beside: Mapping[str, str]


def _organizations(type_: str) -> Home:
    return Home(
        ("AWS::Organizations::Policy", "Content"),
        ("aws_organizations_policy", "content"),
        ("aws:organizations/policy:Policy", "content"),
        ("organizations.aws.upbound.io/Policy", "content"),
        {"type": type_},
    )


HOMES: Final = {
    Kind.IDENTITY: Home(
        ("AWS::IAM::ManagedPolicy", "PolicyDocument"),
        ("aws_iam_policy", "policy"),
        ("aws:iam/policy:Policy", "policy"),
        ("iam.aws.upbound.io/Policy", "policy"),
        {},
    ),
    Kind.TRUST: Home(
        ("AWS::IAM::Role", "AssumeRolePolicyDocument"),
        ("aws_iam_role", "assume_role_policy"),
        ("aws:iam/role:Role", "assumeRolePolicy"),
        ("iam.aws.upbound.io/Role", "assumeRolePolicy"),
        {},
    ),
    Kind.RESOURCE: Home(
        ("AWS::SQS::QueuePolicy", "PolicyDocument"),
        ("aws_sqs_queue_policy", "policy"),
        ("aws:sqs/queuePolicy:QueuePolicy", "policy"),
        ("sqs.aws.upbound.io/QueuePolicy", "policy"),
        {},
    ),
    Kind.ENDPOINT: Home(
        ("AWS::EC2::VPCEndpoint", "PolicyDocument"),
        ("aws_vpc_endpoint", "policy"),
        ("aws:ec2/vpcEndpoint:VpcEndpoint", "policy"),
        ("ec2.aws.upbound.io/VPCEndpoint", "policy"),
        {},
    ),
    Kind.SESSION: Home(
        ("AWS::Transfer::User", "Policy"),
        ("aws_transfer_user", "policy"),
        ("aws:transfer/user:User", "policy"),
        ("transfer.aws.upbound.io/User", "policy"),
        {},
    ),
    Kind.SCP: _organizations("SERVICE_CONTROL_POLICY"),
    Kind.RCP: _organizations("RESOURCE_CONTROL_POLICY"),
}
AT_HOME: Final = frozenset(HOMES)
ROLES: Final = frozenset({Kind.IDENTITY, Kind.TRUST})


def text(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False)


def dumped(value: object) -> str:
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=1000)


def escaped(value: Policy) -> Policy:
    """Return a value whose `${` and `%{` are no templates of Terraform and Pulumi."""
    if isinstance(value, dict):
        return {escaped(name): escaped(item) for name, item in value.items()}
    if isinstance(value, list):
        return [escaped(item) for item in value]
    return value.replace("${", "$${").replace("%{", "%%{") if isinstance(value, str) else value


def _dollars(value: Policy) -> Policy:
    if isinstance(value, dict):
        return {_dollars(name): _dollars(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_dollars(item) for item in value]
    return value.replace("${", "$${") if isinstance(value, str) else value


def template(items: Sequence[Item], *, as_string: bool = False) -> dict[str, Any]:
    resources = {}
    for item in items:
        home = HOMES[item.kind]
        type_, name = home.template
        beside = {key.capitalize(): value for key, value in home.beside.items()}
        policy = text(item.policy) if as_string else item.policy
        resources[item.name] = {"Type": type_, "Properties": {**beside, name: policy}}
    return {"Resources": resources}


def _attributes(beside: Mapping[str, str]) -> str:
    return "".join(f'  {key} = "{value}"\n' for key, value in beside.items())


def module(items: Sequence[Item], write: Callable[[Policy], str]) -> str:
    blocks = []
    for item in items:
        home = HOMES[item.kind]
        type_, name = home.module
        body = f"{_attributes(home.beside)}  {name} = {write(escaped(item.policy))}\n"
        blocks.append(f'resource "{type_}" "{item.name}" {{\n{body}}}\n')
    return "".join(blocks)


def in_json_form(items: Sequence[Item]) -> str:
    found: dict[str, dict[str, Any]] = {}
    for item in items:
        home = HOMES[item.kind]
        type_, name = home.module
        body = {**home.beside, name: text(escaped(item.policy))}
        found.setdefault(type_, {})[item.name] = body
    return text({"resource": found})


def _values(item: Item) -> dict[str, str]:
    home = HOMES[item.kind]
    return {**home.beside, home.module[1]: text(item.policy)}


def plan(items: Sequence[Item]) -> str:
    changes = [
        {
            "address": f"{HOMES[item.kind].module[0]}.{item.name}",
            "mode": "managed",
            "type": HOMES[item.kind].module[0],
            "name": item.name,
            "change": {"actions": ["create"], "after": _values(item), "after_unknown": {}},
        }
        for item in items
    ]
    return text({"format_version": "1.2", "planned_values": {}, "resource_changes": changes})


def state(items: Sequence[Item]) -> str:
    resources = [
        {
            "mode": "managed",
            "type": HOMES[item.kind].module[0],
            "name": item.name,
            "instances": [{"attributes": _values(item)}],
        }
        for item in items
    ]
    return text({"version": 4, "lineage": "x", "resources": resources})


def pulumi(items: Sequence[Item], write: Callable[[Policy], Policy]) -> str:
    resources = {}
    for item in items:
        home = HOMES[item.kind]
        type_, name = home.pulumi
        properties = {**home.beside, name: write(_dollars(item.policy))}
        resources[item.name] = {"type": type_, "properties": properties}
    return dumped({"name": "shelf", "runtime": "yaml", "resources": resources})


def stack(items: Sequence[Item]) -> str:
    resources = []
    for item in items:
        home = HOMES[item.kind]
        type_, name = home.pulumi
        values = {**home.beside, name: text(item.policy)}
        urn = f"urn:pulumi:dev::shelf::{type_}::{item.name}"
        resources.append({"urn": urn, "type": type_, "inputs": values, "outputs": values})
    return text({"version": 3, "deployment": {"resources": resources}})


def crossplane(items: Sequence[Item]) -> str:
    manifests = []
    for item in items:
        home = HOMES[item.kind]
        type_, name = home.crossplane
        group, _, kind = type_.partition("/")
        manifests.append(
            {
                "apiVersion": f"{group}/v1beta1",
                "kind": kind,
                "metadata": {"name": item.name},
                "spec": {"forProvider": {**home.beside, name: text(item.policy)}},
            }
        )
    return yaml.safe_dump_all(manifests, sort_keys=False, allow_unicode=True, width=1000)


def ack(items: Sequence[Item]) -> str:
    manifests = [
        {
            "apiVersion": "iam.services.k8s.aws/v1alpha1",
            "kind": "Policy" if item.kind is Kind.IDENTITY else "Role",
            "metadata": {"name": item.name},
            "spec": {
                "policyDocument"
                if item.kind is Kind.IDENTITY
                else "assumeRolePolicyDocument": text(item.policy)
            },
        }
        for item in items
    ]
    return yaml.safe_dump_all(manifests, sort_keys=False, allow_unicode=True, width=1000)


def config_map(items: Sequence[Item]) -> str:
    data = {f"{item.name}.json": text(item.policy) for item in items}
    return dumped({"apiVersion": "v1", "kind": "ConfigMap", "data": data})


def details(items: Sequence[Item]) -> str:
    """Write what `aws iam get-account-authorization-details` prints."""
    roles = [
        {
            "RoleName": item.name,
            "Arn": f"arn:aws:iam::111122223333:role/{item.name}",
            "RolePolicyList": [{"PolicyName": item.name, "PolicyDocument": item.policy}]
            if item.kind is Kind.IDENTITY
            else [],
            **({"AssumeRolePolicyDocument": item.policy} if item.kind is Kind.TRUST else {}),
        }
        for item in items
    ]
    return text({"RoleDetailList": roles, "UserDetailList": [], "Policies": []})


def in_config(items: Sequence[Item]) -> str:
    """Write a snapshot of AWS Config."""
    found = [
        {
            "resourceType": "AWS::SQS::Queue",
            "resourceName": item.name,
            "ARN": f"arn:aws:sqs:eu-west-1:111122223333:{item.name}",
            "configuration": {"Policy": text(item.policy)},
        }
        for item in items
    ]
    return text({"configurationItems": found})


def statements(policy: Policy) -> list[Any]:
    found = policy["Statement"]
    return found if isinstance(found, list) else [found]


def service(items: Sequence[Item]) -> str:
    functions = {
        item.name: {"handler": "x", "iamRoleStatements": statements(item.policy)} for item in items
    }
    return dumped({"service": "shelf", "provider": {"name": "aws"}, "functions": functions})


def nested(items: Sequence[Item]) -> dict[str, Any]:
    return {item.name: {"body": item.policy} for item in items}


def _heredoc(policy: Policy) -> str:
    return f"<<-EOT\n{text(policy)}\n  EOT"


def _jsonencode(policy: Policy) -> str:
    return f"jsonencode({text(policy)})"


OF_SHAPE: Final = frozenset({Kind.IDENTITY})
WRITERS: Final = (
    Carrier("json", DATA, "p.json", lambda i: text(nested(i)), OF_SHAPE, by_shape=True),
    Carrier(
        "json5", DATA, "p.json5", lambda i: f"// p\n{text(nested(i))}", OF_SHAPE, by_shape=True
    ),
    Carrier("yaml", DATA, "p.yaml", lambda i: dumped(nested(i)), OF_SHAPE, by_shape=True),
    Carrier(
        "json in strings",
        DATA,
        "p.json",
        lambda i: text({item.name: text(item.policy) for item in i}),
        OF_SHAPE,
        by_shape=True,
    ),
    Carrier("template in json", TEMPLATES, "t.json", lambda i: text(template(i)), AT_HOME),
    Carrier("template in yaml", TEMPLATES, "t.yaml", lambda i: dumped(template(i)), AT_HOME),
    Carrier(
        "template with strings",
        TEMPLATES,
        "t.json",
        lambda i: text(template(i, as_string=True)),
        AT_HOME,
    ),
    Carrier("jsonencode", MODULES, "main.tf", lambda i: module(i, _jsonencode), AT_HOME),
    Carrier("heredoc", MODULES, "main.tf", lambda i: module(i, _heredoc), AT_HOME),
    Carrier("tofu", MODULES, "main.tofu", lambda i: module(i, _jsonencode), AT_HOME),
    Carrier("json form", MODULES, "main.tf.json", in_json_form, AT_HOME),
    Carrier("plan", PLANS, "plan.json", plan, AT_HOME),
    Carrier("state", PLANS, "x.tfstate", state, AT_HOME),
    Carrier("account", DUMPS, "account.json", details, ROLES),
    Carrier("config", DUMPS, "config.json", in_config, frozenset({Kind.RESOURCE})),
    Carrier(
        "serverless",
        SERVERLESS,
        "serverless.yml",
        service,
        frozenset({Kind.IDENTITY}),
        by_shape=True,
        is_bare=True,
    ),
    Carrier(
        "pulumi with objects",
        MANIFESTS,
        "Pulumi.yaml",
        lambda i: pulumi(i, lambda policy: {"fn::toJSON": policy}),
        AT_HOME,
    ),
    Carrier("pulumi", MANIFESTS, "Pulumi.yaml", lambda i: pulumi(i, text), AT_HOME),
    Carrier("stack", MANIFESTS, "stack.json", stack, AT_HOME),
    Carrier("crossplane", MANIFESTS, "x.yaml", crossplane, AT_HOME),
    Carrier("ack", MANIFESTS, "a.yaml", ack, ROLES),
    Carrier("config map", MANIFESTS, "c.yaml", config_map, OF_SHAPE, by_shape=True),
)
