"""Principals of files that are deployed apart: each has its own rights, whatever it is called."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from iamlint.account.ask.answer import Ruling
from iamlint.errors import UsageError
from tests.account.holding_texts import allow, policy, trust

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from iamlint.repository import Repository
    from tests.account.conftest import Open

TRUST = json.dumps(trust({"Service": "lambda.amazonaws.com"}))
GET, SEND = "s3:GetObject", "sqs:SendMessage"
ASKED = {GET: "arn:aws:s3:::depot/key", SEND: "arn:aws:sqs:eu-west-1:111122223333:jobs"}


def template(action: str, **properties: str) -> str:
    held = {"PolicyName": "p", "PolicyDocument": policy(allow(action))}
    role = {**properties, "AssumeRolePolicyDocument": json.loads(TRUST), "Policies": [held]}
    resources = {"Worker": {"Type": "AWS::IAM::Role", "Properties": role}}
    return json.dumps({"Resources": resources})


def cdk(action: str) -> str:
    made = json.loads(template(action))
    made["Resources"]["Worker"]["Metadata"] = {"aws:cdk:path": "Stack/Worker/Resource"}
    return json.dumps(made)


def sam(action: str) -> str:
    function = {"Policies": [policy(allow(action))]}
    resources = {"Worker": {"Type": "AWS::Serverless::Function", "Properties": function}}
    return json.dumps({"Transform": "AWS::Serverless-2016-10-31", "Resources": resources})


def serverless(action: str) -> str:
    held = json.dumps([allow(action)])
    return f"service: worker\nprovider: {{name: aws, iam: {{role: {{statements: {held}}}}}}}\n"


def module(action: str, name: str = "") -> str:
    return f"""
resource "aws_iam_role" "worker" {{
  {name}
  assume_role_policy = jsonencode({TRUST})
  inline_policy {{
    name   = "p"
    policy = jsonencode({json.dumps(policy(allow(action)))})
  }}
}}
"""


def pulumi(action: str) -> str:
    return f"""
name: p
runtime: yaml
resources:
  worker:
    type: aws:iam:Role
    properties: {{assumeRolePolicy: '{TRUST}'}}
  held:
    type: aws:iam:RolePolicy
    properties: {{role: "${{worker.name}}", policy: '{json.dumps(policy(allow(action)))}'}}
"""


UNNAMED: Mapping[str, tuple[str, str, Callable[[str], str]]] = {
    "a template": ("%s.json", "role/Worker", template),
    "a template of CDK": ("%s.template.json", "role/Worker", cdk),
    "a function of SAM": ("%s.json", "role/WorkerRole", sam),
    "a service of Serverless Framework": ("%s/serverless.yml", "role/provider", serverless),
    "a module": ("%s/main.tf", "role/worker", module),
    "a module with a prefix of the name": (
        "%s/main.tf",
        "role/worker",
        lambda action: module(action, 'name_prefix = "worker-"'),
    ),
    "a program of Pulumi": ("%s/Pulumi.yaml", "role/worker", pulumi),
}
NAMED: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "a template": ("%s.json", lambda action: template(action, RoleName="worker")),
    "a module": ("%s/main.tf", lambda action: module(action, 'name = "worker"')),
}


def rights(opened: Repository, who: str) -> list[str]:
    asked = ((one, opened.account.ask(opened.subject(who), [one], on)) for one, on in ASKED.items())
    return [action for action, answer in asked if answer.ruling is Ruling.ALLOWED]


@pytest.mark.parametrize("made_by", UNNAMED)
def test_roles_without_a_name_are_two_roles_with_their_own_rights(
    made_by: str, repository: Open
) -> None:
    path, name, make = UNNAMED[made_by]
    opened = repository({path % "one": make(GET), path % "two": make(SEND)})
    accounts = opened.account.accounts
    one, two = accounts.several[name]

    assert [rights(opened, one), rights(opened, two)] == [[GET], [SEND]]
    assert [accounts.identity(each).is_named for each in (one, two)] == [False, False]
    with pytest.raises(UsageError, match=f"`{name}` matches several principals: `{one}` and"):
        accounts.identity(name)


@pytest.mark.parametrize("made_by", NAMED)
def test_roles_of_one_name_are_two_roles_where_two_stacks_make_them(
    made_by: str, repository: Open
) -> None:
    path, make = NAMED[made_by]
    opened = repository({path % "one": make(GET), path % "two": make(SEND)})
    accounts = opened.account.accounts
    one, two = accounts.several["role/worker"]

    assert [rights(opened, one), rights(opened, two)] == [[GET], [SEND]]
    assert [accounts.identity(each).is_named for each in (one, two)] == [True, True]


@pytest.mark.parametrize("other", ["live/main.tf", "live.json"])
def test_module_in_the_top_folder_is_a_stack_of_its_own(other: str, repository: Open) -> None:
    named = module if other.endswith(".tf") else template
    given = {"name": 'name = "worker"'} if other.endswith(".tf") else {"RoleName": "worker"}
    opened = repository({"main.tf": module(GET, 'name = "worker"'), other: named(SEND, **given)})
    several = opened.account.accounts.several["role/worker"]

    assert {who.rpartition("#")[0]: rights(opened, who) for who in several} == {
        "main.tf": [GET],
        other.removesuffix("/main.tf"): [SEND],
    }


def test_folder_and_module_in_the_top_folder_describe_one_role(repository: Open) -> None:
    folder = {"roles/worker/policy.json": policy(allow(SEND))}
    opened = repository({"main.tf": module(GET, 'name = "worker"'), **folder})

    assert rights(opened, "role/worker") == [GET, SEND]
