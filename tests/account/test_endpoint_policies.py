"""The policy of a VPC endpoint limits what passes the endpoint, and says nothing of other requests.

https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pytest

from iamlint.account.ask.answer import Ruling
from tests.account.holding_texts import HOME, allow, deny, policy

if TYPE_CHECKING:
    from collections.abc import Callable

    from iamlint.repository import Repository

    JSON = dict[str, object]
    Files = dict[str, object]
    Open = Callable[..., Repository]

OBJECT: Final = "arn:aws:s3:::depot/key"
ENDPOINT: Final = f"arn:aws:ec2:eu-west-1:{HOME}:vpc-endpoint/vpce-1"
INSTANCE: Final = f"arn:aws:ec2:eu-west-1:{HOME}:instance/i-0123456789abcdef0"
LIMIT: Final = policy(
    allow("*") | {"Principal": "*"},
    deny("s3:GetObject", "arn:aws:s3:::depot/*") | {"Principal": "*"},
    deny("ec2:*") | {"Principal": "*"},
)
TEXT: Final = json.dumps(LIMIT)


def instance(values: JSON) -> JSON:
    about = {"address": "aws_vpc_endpoint.e", "type": "aws_vpc_endpoint", "name": "e"}
    return {**about, "mode": "managed", "values": values}


def resources(values: JSON) -> JSON:
    return {"root_module": {"resources": [instance(values)]}}


def template(type_: str, properties: JSON) -> Files:
    return {"t.json": {"Resources": {"E": {"Type": type_, "Properties": properties}}}}


def pulumi(type_: str, properties: JSON) -> Files:
    program = {"e": {"type": type_, "properties": properties}}
    return {"Pulumi.yaml": {"name": "shop", "runtime": "yaml", "resources": program}}


def manifest(version: str, spec: JSON) -> Files:
    about = {"apiVersion": version, "kind": "VPCEndpoint", "metadata": {"name": "e"}}
    return {"e.json": {**about, "spec": spec}}


def recorded(arn: str | None) -> Files:
    item: JSON = {
        "resourceType": "AWS::EC2::VPCEndpoint",
        "resourceId": "vpce-1",
        "configuration": {"policyDocument": TEXT},
        **({"ARN": arn} if arn else {}),
    }
    return {"c.json": {"configurationItems": [item]}}


APPLIED: Final[JSON] = {"id": "vpce-1", "arn": ENDPOINT, "policy": TEXT}
OUTPUT: Final[JSON] = {"VpcEndpointId": "vpce-1", "OwnerId": HOME, "PolicyDocument": TEXT}

# Files that say of which endpoint the policy is.
KNOWN: Final[dict[str, Files]] = {
    "module": {
        "main.tf": 'resource "aws_vpc_endpoint_policy" "e" {\n  vpc_endpoint_id = "vpce-1"\n'
        f"  policy = jsonencode({TEXT})\n}}\n"
    },
    "plan": {"plan.json": {"format_version": "1.2", "planned_values": resources(APPLIED)}},
    "state": {"state.json": {"format_version": "1.0", "values": resources(APPLIED)}},
    "output of the command line": {"vpc.json": {"VpcEndpoints": [OUTPUT]}},
    "output without an owner": {
        "vpc.json": {"VpcEndpoints": [{n: OUTPUT[n] for n in ("VpcEndpointId", "PolicyDocument")}]}
    },
    "AWS Config": recorded(ENDPOINT),
    "stack of Pulumi": {
        "stack.json": {
            "version": 3,
            "deployment": {
                "resources": [
                    {
                        "urn": "urn:pulumi:dev::shop::aws:ec2/vpcEndpoint:VpcEndpoint::e",
                        "type": "aws:ec2/vpcEndpoint:VpcEndpoint",
                        "id": "vpce-1",
                        "outputs": APPLIED,
                    }
                ]
            },
        }
    },
}
# Files that have a policy of some endpoint, whose id AWS makes.
MADE: Final[dict[str, Files]] = {
    "module": {
        "main.tf": f'resource "aws_vpc_endpoint" "e" {{\n  policy = jsonencode({TEXT})\n}}\n'
    },
    "template": template("AWS::EC2::VPCEndpoint", {"PolicyDocument": LIMIT}),
    "program of Pulumi": pulumi("aws:ec2:VpcEndpoint", {"policy": TEXT}),
    "Crossplane": manifest("ec2.aws.upbound.io/v1beta1", {"forProvider": {"policy": TEXT}}),
    "ACK": manifest("ec2.services.k8s.aws/v1alpha1", {"policyDocument": TEXT}),
    "file of its own": {"vpc-endpoints/e.json": LIMIT},
}


def ruling(opened: Repository, action: str, on: str, **context: str) -> Ruling:
    subject = opened.subject("role/app").with_context({f"aws:{k}": v for k, v in context.items()})
    return opened.account.ask(subject, [action], on).ruling


def with_role(files: Files) -> Files:
    return {"roles/app/all.json": policy(allow("s3:*"), allow("ec2:*")), **files}


@pytest.mark.parametrize("carrier", KNOWN)
def test_policy_of_an_endpoint_limits_what_passes_that_endpoint(
    carrier: str, repository: Open
) -> None:
    opened = repository(with_role(KNOWN[carrier]))

    assert ruling(opened, "s3:GetObject", OBJECT, sourcevpce="vpce-1") is Ruling.DENIED
    assert ruling(opened, "s3:PutObject", OBJECT, sourcevpce="vpce-1") is Ruling.ALLOWED
    assert ruling(opened, "s3:GetObject", OBJECT, sourcevpce="vpce-2") is Ruling.ALLOWED


@pytest.mark.parametrize("carrier", MADE)
def test_policy_of_some_endpoint_may_limit_what_passes_any(carrier: str, repository: Open) -> None:
    opened = repository(with_role(MADE[carrier]))

    assert ruling(opened, "s3:GetObject", OBJECT, sourcevpce="vpce-1") is Ruling.DEPENDS
    assert ruling(opened, "s3:PutObject", OBJECT, sourcevpce="vpce-1") is Ruling.ALLOWED


@pytest.mark.parametrize("files", [*KNOWN.values(), *MADE.values()], ids=[*KNOWN, *MADE])
def test_policy_of_an_endpoint_says_nothing_of_what_does_not_pass_it(
    files: Files, repository: Open
) -> None:
    opened = repository(with_role(files))

    assert ruling(opened, "s3:GetObject", OBJECT) is Ruling.ALLOWED
    assert ruling(opened, "ec2:StopInstances", INSTANCE) is Ruling.ALLOWED
    assert ruling(opened, "ec2:DeleteVpcEndpoints", ENDPOINT) is Ruling.ALLOWED


def test_policies_of_two_endpoints_of_which_one_allows_less_leave_open_what_passes(
    repository: Open,
) -> None:
    both = {**MADE["template"], "vpc-endpoints/all.json": policy(allow("*") | {"Principal": "*"})}
    opened = repository(with_role(both))

    assert ruling(opened, "s3:GetObject", OBJECT, sourcevpce="vpce-1") is Ruling.DEPENDS
    assert ruling(opened, "s3:GetObject", OBJECT) is Ruling.ALLOWED
