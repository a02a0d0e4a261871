"""The values of references and functions of Pulumi's programs, in the names of roles.

https://www.pulumi.com/docs/iac/languages-sdks/yaml/yaml-language-reference/
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from iamlint.load.link import glob_of, shown
from tests.support.loading import load_text

if TYPE_CHECKING:
    from iamlint.load import Loaded

JSON = dict[str, Any]
TRUST: Final = json.dumps(
    {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": "*"}]}
)
OTHER: Final = "444455556666"


def program(resources: JSON, variables: JSON | None = None) -> Loaded:
    whole = {"name": "shop", "runtime": "yaml", "resources": resources}
    text = json.dumps({**whole, "variables": variables or {}})
    return load_text(text, "Pulumi.json")


def role(name: object = "app", **more: object) -> JSON:
    properties = {"name": name, "assumeRolePolicy": TRUST}
    return {"type": "aws:iam:Role", "properties": properties, **more}


VARIABLES: Final[JSON] = {
    "plain": "app",
    "number": 5,
    "list": ["a", "b"],
    "again": "${again}",
    "joined": {"fn::join": ["-", ["a", "${plain}"]]},
    "looked-up": {"fn::invoke": {"function": "aws:getRegion"}},
}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("app", "app"),
        (5, "5"),
        ("${plain}", "app"),
        ("a-${plain}-b", "a-app-b"),
        ("$${plain}", "${plain}"),
        ("a${plain", "a${plain"),
        ("${joined}", "a-app"),
        ("${number}", "5"),
        ("${list}", "*"),
        ("${again}", "*"),
        ("${looked-up}", "*"),
        ("${nothing}", "*"),
        ("${plain.of}", "*"),
        ("a-${not a name}", "a-*"),
        ({"fn::secret": "app"}, "app"),
        ({"fn::join": ["", ["a", "b", "${nothing}"]]}, "ab*"),
        ({"fn::join": "a"}, "*"),
        ({"fn::select": [1, ["x", "${plain}"]]}, "app"),
        ({"fn::select": [2, ["x", "${plain}"]]}, "*"),
        ({"fn::readFile": "x"}, "*"),
        (True, "*"),
        ("${depot.bucket}-r", "depot-r"),
        ("${depot.arn}", "arn:*:s3:::depot"),
        ("${depot.id}", "depot"),
        ("${depot.tags.team}", "*"),
        ("${depot.region}", "*"),
        ("${jobs.url}", "https://sqs.*.*/*/jobs"),
    ],
)
def test_name_of_a_role_comes_to(name: object, expected: str) -> None:
    resources = {
        "a": role(name),
        "depot": {"type": "aws:s3:Bucket", "properties": {"bucket": "depot"}},
        "jobs": {"type": "aws:sqs:Queue", "properties": {"name": "jobs"}},
    }

    (node,) = program(resources, VARIABLES).nodes

    assert glob_of(node.ref.name) == expected


@pytest.mark.parametrize(
    ("provider", "account"),
    [
        ({}, None),
        ({"region": "eu-west-1"}, None),
        ({"allowedAccountIds": [OTHER]}, OTHER),
        ({"allowedAccountIds": ["1", "2"]}, "${account of other}"),
        ({"profile": "other"}, "${account of other}"),
        ({"assumeRole": {"roleArn": f"arn:aws:iam::{OTHER}:role/x"}}, "${account of other}"),
    ],
)
def test_account_of_a_role_is_that_of_its_provider(provider: JSON, account: str | None) -> None:
    other = {"type": "pulumi:providers:aws", "properties": provider}
    one = role(options={"provider": "${other}"})

    (node,) = program({"a": one, "other": other}).nodes

    found = node.ref.account
    assert (None if found is None else shown(found)) == account


def test_role_that_a_program_only_looks_up_is_named_and_not_described() -> None:
    looked_up = {"type": "aws:iam:Role", "get": {"id": "app"}}
    held = {"role": "${a.name}", "policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}
    attached = {"type": "aws:iam:RolePolicyAttachment", "properties": held}

    found = program({"a": looked_up, "x": attached})

    assert found.nodes == ()
    assert [str(link.holder) for link in found.links] == ["role/app"]


def test_groups_of_a_variable_are_those_of_its_list() -> None:
    member = {"user": "kim", "groups": "${list}"}
    resources = {"x": {"type": "aws:iam:UserGroupMembership", "properties": member}}

    found = program(resources, VARIABLES)

    assert [str(link.target) for link in found.links] == ["group/a", "group/b"]
