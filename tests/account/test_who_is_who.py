"""Principals of files that are deployed apart: each has its own rights, whatever it is called."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from iamlint.account.ask.answer import Ruling
from iamlint.account.origin import Origin
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


def stack(name: str, action: str, meta: str = "") -> str:
    body = f"<<-EOT\n{template(action)}\nEOT"
    return f'resource "aws_cloudformation_stack" "{name}" {{\n{meta}\ntemplate_body = {body}\n}}\n'


def test_stacks_of_one_module_have_roles_of_their_own(repository: Open) -> None:
    opened = repository({"main.tf": stack("a", GET) + stack("b", SEND)})
    one, two = opened.account.accounts.several["role/Worker"]

    assert [rights(opened, one), rights(opened, two)] == [[GET], [SEND]]


def test_instances_of_a_stack_have_roles_of_their_own(repository: Open) -> None:
    calls = "".join(f'module "{name}" {{ source = "./m" }}\n' for name in "ab")
    many = stack("s", GET, 'for_each = toset(["x", "y"])')
    opened = repository({"main.tf": calls, "m/main.tf": many})
    several = opened.account.accounts.several["role/Worker"]

    assert several == tuple(
        f'm/main.tf#module.{call}.aws_cloudformation_stack.s["{key}"]#role/Worker'
        for call in "ab"
        for key in "xy"
    )
    assert [rights(opened, one) for one in several] == [[GET]] * 4


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


STACK = """\
# The role of one file has a policy of another one.
Parameters: {Name: {Type: String}}
Resources:
  Worker:
    Type: AWS::IAM::Role
    Properties:
      RoleName: worker
"""
NESTING = """\
Resources:
  One: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: stack.yaml}}
"""


def where(opened: Repository, who: str) -> tuple[str | None, int | None, tuple[str, ...]]:
    identity = opened.account.accounts.identity(who)
    line = identity.node.line if identity.node else None
    return identity.file, line, identity.addresses


def of_role(action: str) -> str:
    return f"""
resource "aws_iam_role_policy" "p" {{
  role   = "worker"
  policy = jsonencode({json.dumps(policy(allow(action)))})
}}
"""


def test_principal_is_where_a_block_describes_it_and_not_where_its_policies_are(
    repository: Open,
) -> None:
    role_ = module(GET, 'name = "worker"')
    opened = repository({"a.tf": of_role(SEND), "b.tf": role_})

    assert rights(opened, "role/worker") == [GET, SEND]
    assert where(opened, "role/worker") == ("b.tf", 2, ("aws_iam_role.worker",))


def test_principal_that_no_block_describes_is_where_its_first_policy_is(repository: Open) -> None:
    files = {"roles/app/policy.json": policy(allow(GET)), "main.tf": of_role(SEND)}
    opened = repository(files)

    assert where(opened, "role/app") == ("roles/app/policy.json", None, ())
    assert where(opened, "role/worker") == ("main.tf", None, ())


def test_principal_of_a_template_has_its_logical_id_and_its_line(repository: Open) -> None:
    opened = repository({"stack.yaml": STACK})

    assert where(opened, "role/worker") == ("stack.yaml", 4, ("Worker",))


def test_principals_of_one_nested_template_have_scopes_of_their_own(repository: Open) -> None:
    nesting = NESTING + NESTING.partition("\n")[2].replace("One", "Other")
    opened = repository({"root.yaml": nesting, "stack.yaml": STACK})
    accounts = opened.account.accounts

    assert {(one.scope, one.addresses) for one in accounts.identities.values()} == {
        ("stack.yaml#@root.yaml#/Resources/One", ("Worker",)),
        ("stack.yaml#@root.yaml#/Resources/Other", ("Worker",)),
    }


def test_principal_of_several_sources_has_the_addresses_of_all(repository: Open) -> None:
    dump = {"Role": {"RoleName": "worker", "AssumeRolePolicyDocument": json.loads(TRUST)}}
    opened = repository({"dump.json": dump, "main.tf": module(GET, 'name = "worker"')})
    file, _, addresses = where(opened, "role/worker")

    assert file in ("dump.json", "main.tf")
    assert addresses == ("aws_iam_role.worker",)


def test_policy_of_a_resource_has_the_addresses_of_all_calls(repository: Open) -> None:
    bucket = """
resource "aws_s3_bucket_policy" "p" {
  bucket = "depot"
  policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}
"""
    calls = "".join(f'module "{name}" {{ source = "./m" }}\n' for name in "ab")
    opened = repository({"main.tf": calls, "m/main.tf": bucket})
    (resource,) = opened.account.accounts.resources.values()
    (origin,) = (policy.label for policy in resource.policies)
    assert isinstance(origin, Origin)
    assert (document := origin.document)

    assert document.path == "m/main.tf"
    assert document.attachment.addresses == (
        "module.a.aws_s3_bucket_policy.p",
        "module.b.aws_s3_bucket_policy.p",
    )
