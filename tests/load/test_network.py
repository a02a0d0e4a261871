"""The network from which an API can be reached, in each carrier of its policy."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from iamlint.policy.network import Network
from tests.support.loading import load_text

if TYPE_CHECKING:
    from collections.abc import Callable

POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": "*",
                "Action": "execute-api:Invoke",
                "Resource": "execute-api:/*",
            }
        ],
    }
)
VARIABLE = 'variable "types" { type = list(string) }\n'
API = 'resource "aws_api_gateway_rest_api" "a" {\n  name = "a"\n  %s\n}\n'


def own_block(inside: str) -> tuple[str, str]:
    return "main.tf", VARIABLE + API % f"policy = jsonencode({POLICY})\n{inside}"


def other_block(inside: str) -> tuple[str, str]:
    policy = f"rest_api_id = aws_api_gateway_rest_api.a.id\n  policy = jsonencode({POLICY})"
    other = f'resource "aws_api_gateway_rest_api_policy" "p" {{\n  {policy}\n}}\n'
    return "main.tf", VARIABLE + API % inside + other


def api_of_another_folder(_: str) -> tuple[str, str]:
    policy = f"rest_api_id = aws_api_gateway_rest_api.b.id\n  policy = jsonencode({POLICY})"
    return "main.tf", f'resource "aws_api_gateway_rest_api_policy" "p" {{\n  {policy}\n}}\n'


def template(type_: str) -> Callable[[str], tuple[str, str]]:
    head = (
        'AWSTemplateFormatVersion: "2010-09-09"\n'
        "Transform: AWS::Serverless-2016-10-31\n"
        "Parameters: {Types: {Type: CommaDelimitedList}, Type: {Type: String}}\n"
        "Conditions: {C: !Equals [!Ref Type, x]}\n"
    )

    def made(inside: str) -> tuple[str, str]:
        return "t.yaml", (
            f"{head}Resources:\n  A:\n    Type: {type_}\n    Properties:\n"
            f"      Policy: {POLICY}\n      {inside}\n"
        )

    return made


def plan(inside: str) -> tuple[str, str]:
    values = {"name": "a", "policy": POLICY, **json.loads(f"{{{inside}}}")}
    resource = {
        "address": "aws_api_gateway_rest_api.a",
        "mode": "managed",
        "type": "aws_api_gateway_rest_api",
        "name": "a",
        "values": values,
    }
    root = {"root_module": {"resources": [resource]}}
    return "plan.json", json.dumps({"format_version": "1.0", "planned_values": root})


NATIVE, SAM = template("AWS::ApiGateway::RestApi"), template("AWS::Serverless::Api")


@pytest.mark.parametrize(
    ("carrier", "inside", "network"),
    [
        *(
            (carrier, inside, network)
            for carrier in (own_block, other_block)
            for inside, network in (
                ("", Network.INTERNET),
                ('endpoint_configuration { types = ["PRIVATE"] }', Network.ENDPOINTS),
                ('endpoint_configuration { types = ["REGIONAL"] }', Network.INTERNET),
                ("endpoint_configuration { types = [var.types[0]] }", Network.UNKNOWN),
                ("endpoint_configuration { types = var.types }", Network.UNKNOWN),
            )
        ),
        (api_of_another_folder, "", Network.INTERNET),
        (NATIVE, "Name: a", Network.INTERNET),
        (NATIVE, "EndpointConfiguration: {Types: [PRIVATE]}", Network.ENDPOINTS),
        (NATIVE, "EndpointConfiguration: {Types: [EDGE]}", Network.INTERNET),
        (NATIVE, "EndpointConfiguration: {Types: [!Ref Type]}", Network.UNKNOWN),
        (NATIVE, "EndpointConfiguration: {Types: !Ref Types}", Network.UNKNOWN),
        (NATIVE, "EndpointConfiguration: {Types: [!If [C, PRIVATE, EDGE]]}", Network.UNKNOWN),
        (SAM, "EndpointConfiguration: {Type: PRIVATE}", Network.ENDPOINTS),
        (SAM, "EndpointConfiguration: PRIVATE", Network.ENDPOINTS),
        (SAM, "EndpointConfiguration: REGIONAL", Network.INTERNET),
        (SAM, "EndpointConfiguration: {Type: !Ref Type}", Network.UNKNOWN),
        (plan, "", Network.INTERNET),
        (plan, '"endpoint_configuration": [{"types": ["PRIVATE"]}]', Network.ENDPOINTS),
        (plan, '"endpoint_configuration": [{"types": ["EDGE"]}]', Network.INTERNET),
    ],
)
def test_api_is_reached_from_where_its_endpoints_are(
    carrier: Callable[[str], tuple[str, str]], inside: str, network: Network
) -> None:
    name, text = carrier(inside)

    loaded = load_text(text, name)

    assert {document.attachment.network for document in loaded.documents} == {network}
