"""Faults of resources: each is found once in each carrier, at its place, and its twin is silent."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from random import Random
from typing import TYPE_CHECKING, TypeAlias

import pytest
import yaml

from iamlint import lint
from iamlint.fast_dataclass import dataclass, field
from tests.support.keys import key_id, secret_key

if TYPE_CHECKING:
    from pathlib import Path

    from iamlint.text.source import Value

ROLE = "arn:aws:iam::111122223333:role/jobs"
OUTSIDE = "arn:aws:iam::111122223333:root"

COMMAND = "aws configure set aws_secret_access_key "


def trust(principal: str) -> dict[str, Value]:
    statement: Value = {
        "Effect": "Allow",
        "Principal": {"AWS": principal},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": "4f1c"}} if principal == ROLE else {},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


@dataclass(frozen=True)
class Written:
    """A resource with a fault, and what its twin has in place of it; `place` names the member."""

    type: str
    bad: Mapping[str, Value]
    good: Mapping[str, Value]
    place: str = ""
    later: Mapping[str, Value] = field(default_factory=dict)  # in a state


@dataclass(frozen=True)
class Fault:
    """One fault, as templates and modules write it."""

    rule: str
    template: Written | None = None
    module: Written | None = None


def of_role(rule: str, seconds: int, good: int, principal: str) -> Fault:
    template = {"AssumeRolePolicyDocument": trust(principal)}
    module: dict[str, Value] = {"assume_role_policy": json.dumps(trust(principal))}
    names = "MaxSessionDuration", "max_session_duration"
    return Fault(
        rule,
        Written(
            "AWS::IAM::Role",
            {names[0]: seconds, **template},
            {names[0]: good, **template},
            names[0],
        ),
        Written(
            "aws_iam_role",
            {names[1]: seconds, **module},
            {names[1]: good, **module},
            names[1],
        ),
    )


FAULTS = (
    Fault(
        "key-from-template",
        None,
        Written(
            "aws_iam_access_key",
            {"user": "robot"},
            {"user": "robot", "pgp_key": "keybase:robin"},
            later={"secret": "of-the-state"},
        ),
    ),
    Fault(
        "key-from-template",
        Written("AWS::IAM::AccessKey", {"UserName": "robot"}, {"Condition": "IsWanted"}),
    ),
    Fault(
        "password-from-template",
        Written(
            "AWS::IAM::User",
            {"LoginProfile": {"Password": "Summer-2026"}},
            {"LoginProfile": {"Password": {"Ref": "First"}}},
            "LoginProfile/Password",
        ),
        Written(
            "aws_iam_user_login_profile",
            {"user": "robin"},
            {"user": "robin", "pgp_key": "keybase:robin"},
            later={"password": "of-the-state"},
        ),
    ),
    Fault(
        "weak-password-policy",
        None,
        Written(
            "aws_iam_account_password_policy",
            {"minimum_password_length": 8, "password_reuse_prevention": 24},
            {"minimum_password_length": 14, "password_reuse_prevention": 24},
            "minimum_password_length",
        ),
    ),
    Fault(
        "instance-key-instead-of-role",
        Written(
            "AWS::EC2::Instance",
            {"UserData": {"Fn::Base64": {"Fn::Sub": COMMAND + "${First}"}}},
            {"UserData": {"Fn::Base64": COMMAND + "${First}"}},
            "UserData",
        ),
    ),
    Fault(
        "instance-key-instead-of-role",
        Written(
            "AWS::EC2::LaunchTemplate",
            {"LaunchTemplateData": {"UserData": {"Fn::Base64": {"Fn::Sub": COMMAND + "${First}"}}}},
            {
                "LaunchTemplateData": {
                    "IamInstanceProfile": {"Name": "web"},
                    "UserData": {"Fn::Base64": {"Fn::Sub": COMMAND + "${First}"}},
                }
            },
            "LaunchTemplateData/UserData",
        ),
    ),
    Fault(
        "several-roles-in-profile",
        Written("AWS::IAM::InstanceProfile", {"Roles": ["a", "b"]}, {"Roles": ["a"]}, "Roles"),
    ),
    of_role("session-length-out-of-range", 900, 3600, ROLE),
    of_role("long-session-for-many", 43_200, 14_400, OUTSIDE),
    of_role("chained-session-too-long", 14_400, 3600, ROLE),
)
NAMES = sorted({fault.rule for fault in FAULTS})
PARAMETERS: Value = {"First": {"Type": "String"}, "Wanted": {"Type": "String"}}
CONDITIONS: Value = {"IsWanted": {"Fn::Equals": [{"Ref": "Wanted"}, "yes"]}}


def template_json(type_: str, properties: Mapping[str, Value], **more: Value) -> str:
    thing: dict[str, Value] = {"Type": type_, "Properties": dict(properties), **more}
    if condition := properties.get("Condition"):
        thing = {"Type": type_, "Condition": condition}
    head: dict[str, Value] = {"Parameters": PARAMETERS, "Conditions": CONDITIONS}
    return json.dumps({**head, "Resources": {"Thing": thing}}, indent=1)


def template_yaml(type_: str, properties: Mapping[str, Value]) -> str:
    found: str = yaml.safe_dump(json.loads(template_json(type_, properties)), sort_keys=False)
    return found


def sam(type_: str, properties: Mapping[str, Value]) -> str:
    return "Transform: AWS::Serverless-2016-10-31\n" + template_yaml(type_, properties)


def cdk(type_: str, properties: Mapping[str, Value]) -> str:
    return template_json(type_, properties, Metadata={"aws:cdk:path": "Stack/Thing/Resource"})


def module(type_: str, attributes: Mapping[str, Value]) -> str:
    lines = (f"  {name} = {json.dumps(value)}" for name, value in attributes.items())
    return "\n".join((f'resource "{type_}" "thing" {{', *lines, "}\n"))


def module_json(type_: str, attributes: Mapping[str, Value]) -> str:
    return json.dumps({"resource": {type_: {"thing": dict(attributes)}}})


def plan(type_: str, attributes: Mapping[str, Value]) -> str:
    change = {"actions": ["create"], "before": None, "after": dict(attributes)}
    one = {"address": f"{type_}.thing", "mode": "managed", "type": type_, "change": change}
    return json.dumps({"format_version": "1.2", "resource_changes": [one]})


def state(type_: str, attributes: Mapping[str, Value]) -> str:
    instances = [{"attributes": dict(attributes)}]
    one = {"mode": "managed", "type": type_, "name": "thing", "instances": instances}
    return json.dumps({"version": 4, "lineage": "l", "resources": [one]})


Write: TypeAlias = Callable[[str, Mapping[str, "Value"]], str]
TEMPLATES: dict[str, Write] = {
    "template.yaml": template_yaml,
    "template.json": template_json,
    "sam.yaml": sam,
    "Stack.template.json": cdk,
}
MODULES: dict[str, Write] = {
    "main.tf": module,
    "main.tf.json": module_json,
    "plan.json": plan,
    "terraform.tfstate": state,
}
WHOLE = {
    "template.yaml": "Thing",
    "sam.yaml": "Thing",
    "template.json": '"Thing"',
    "Stack.template.json": '"Thing"',
    "main.tf": 'resource "{type}" "thing"',
    "main.tf.json": "{attributes}",
    "plan.json": '"after"',
    "terraform.tfstate": '"attributes"',
}


def found_in(folder: Path, name: str, text: str) -> list[tuple[str, str]]:
    """Return the rules that report something in a file, and the text at each place."""
    (folder / name).write_text(text, encoding="utf-8")
    run = lint([name], here=folder, select=NAMES)
    assert [item.reason for item in run.not_analysed] == []
    return [
        (one.rule, " ".join(text[one.range.start.offset : one.range.end.offset].split()))
        for one in run.findings
    ]


CASES = [
    (fault, written, name, write)
    for fault in FAULTS
    for written, carriers in ((fault.template, TEMPLATES), (fault.module, MODULES))
    for name, write in carriers.items()
    if written is not None
]


@pytest.mark.parametrize(
    ("fault", "written", "name", "write"),
    CASES,
    ids=[f"{fault.rule} in {name}" for fault, _, name, _ in CASES],
)
def test_fault_is_found_once_at_its_place_and_its_twin_is_silent(
    tmp_path: Path, fault: Fault, written: Written, name: str, write: Write
) -> None:
    attributes = dict(written.bad)
    place = written.place
    if name == "terraform.tfstate" and written.later:
        attributes |= written.later
        place = next(iter(written.later))
    text = write(written.type, attributes)
    assert found_in(tmp_path, name, text) == [
        (fault.rule, expected(name, written, place, attributes))
    ]
    assert found_in(tmp_path, name, write(written.type, written.good)) == []


def expected(name: str, written: Written, place: str, attributes: Mapping[str, Value]) -> str:
    """Return the text at the place of a member, or of the resource."""
    if not place:
        whole = WHOLE[name]
        return whole.replace("{type}", written.type).replace("{attributes}", json.dumps(attributes))
    value: Value = dict(attributes)
    for step in place.split("/"):
        value = value[step] if isinstance(value, dict) else None
    if name.endswith(".yaml"):
        return " ".join(yaml.safe_dump(value).removesuffix("...\n").split())
    return (
        json.dumps(value)
        if isinstance(value, str | int)
        else " ".join(json.dumps(value, indent=1).split())
    )


@pytest.mark.parametrize(
    ("seconds", "wrong"), [("3599", ["3599"]), ("3600", []), ("43200", []), ("43201", ["43201"])]
)
def test_longest_session_is_of_one_to_twelve_hours(
    tmp_path: Path, seconds: str, wrong: list[str]
) -> None:
    found = found_in(
        tmp_path, "main.tf", module("aws_iam_role", {"max_session_duration": int(seconds)})
    )

    assert found == [("session-length-out-of-range", text) for text in wrong]


@pytest.mark.parametrize(
    ("rule", "seconds", "principal"),
    [
        ("long-session-for-many", 43_200, OUTSIDE),
        ("chained-session-too-long", 7200, ROLE),
    ],
)
def test_longest_session_is_found_in_a_list_of_roles(
    tmp_path: Path, rule: str, seconds: int, principal: str
) -> None:
    role = {
        "RoleName": "reader",
        "Arn": "arn:aws:iam::111122223333:role/reader",
        "MaxSessionDuration": seconds,
        "AssumeRolePolicyDocument": trust(principal),
    }
    text = json.dumps({"Roles": [role, {**role, "MaxSessionDuration": 3600}]})
    assert found_in(tmp_path, "roles.json", text) == [(rule, str(seconds))]


CONDITIONAL = {
    "template.yaml": """
Parameters: {{Env: {{Type: String}}}}
Conditions: {{IsProd: !Equals [!Ref Env, prod], IsTest: !Equals [!Ref Env, test]}}
Resources:
  Reader:
    Type: AWS::IAM::Role
    Condition: IsProd
    Properties: {{MaxSessionDuration: {seconds}, AssumeRolePolicyDocument: {{}}}}
  Key:
    Type: AWS::IAM::AccessKey
    Condition: IsProd
    Properties: {{UserName: robot}}
""",
    "main.tf": """
variable "env" {{}}
resource "aws_iam_role" "reader" {{
  count                = var.env == "prod" ? 1 : 0
  max_session_duration = {seconds}
  assume_role_policy   = ""
}}
resource "aws_iam_access_key" "key" {{
  count = var.env == "prod" ? 1 : 0
  user  = "robot"
}}
""",
}
ANY_KEYS = CONDITIONAL["main.tf"].replace(
    'count                = var.env == "prod" ? 1 : 0', "{each}"
)


@pytest.mark.parametrize(
    ("name", "seconds", "wrong"),
    [
        ("template.yaml", "60", ["60"]),
        ("template.yaml", "!If [IsProd, 60, 3600]", ["60"]),
        ("template.yaml", "!If [IsTest, 3600, 60]", ["60"]),
        ("template.yaml", "!If [IsProd, 3600, 60]", []),
        ("main.tf", "60", ["60"]),
        ("main.tf", 'var.env == "prod" ? 60 : 3600', ["60"]),
        ("main.tf", 'var.env == "prod" ? 3600 : 60', []),
        ("main.tf", "var.env", []),
    ],
)
def test_value_that_is_wrong_wherever_a_resource_exists_is_a_fact_but_not_that_it_exists(
    tmp_path: Path, name: str, seconds: str, wrong: list[str]
) -> None:
    found = found_in(tmp_path, name, CONDITIONAL[name].format(seconds=seconds))

    assert found == [("session-length-out-of-range", text) for text in wrong]


@pytest.mark.parametrize("each", ["for_each = toset(var.env)", "count = var.env"])
def test_value_of_any_number_of_resources_is_a_fact(tmp_path: Path, each: str) -> None:
    text = ANY_KEYS.format(each=each, seconds="60")

    assert found_in(tmp_path, "main.tf", text) == [("session-length-out-of-range", "60")]


def test_outputs_that_return_the_secret_are_beside_the_key(tmp_path: Path) -> None:
    key = module("aws_iam_access_key", {"user": "robot"})
    output = 'output "secret" {\n  value = aws_iam_access_key.thing.secret\n}\n'
    (tmp_path / "main.tf").write_text(key)
    (tmp_path / "outputs.tf").write_text(output)
    (found,) = lint(".", here=tmp_path, select=NAMES).findings
    (note,) = found.related
    assert (found.path, note.path, note.range.start.line) == ("main.tf", "outputs.tf", 2)
    assert note.message == "the output `secret` returns the secret"


def test_attribute_that_is_missing_has_its_default_and_the_place_of_the_block(
    tmp_path: Path,
) -> None:
    (tmp_path / "main.tf").write_text(module("aws_iam_account_password_policy", {}))
    found = lint(".", here=tmp_path, select=NAMES).findings
    assert [(one.message, one.range.start.line, one.range.end.line) for one in found] == [
        ("AWS remembers 0 of a user's earlier passwords, fewer than 24", 1, 2),
        ("passwords of 6 characters are accepted, fewer than 14", 1, 2),
    ]


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("aws_instance", "TEXT"),
        ("aws_launch_configuration", "base64encode(TEXT)"),
        ("aws_launch_template", "base64encode(TEXT)"),
    ],
)
def test_key_in_user_data_of_a_module_is_found_without_a_role_alone(
    tmp_path: Path, type_: str, value: str
) -> None:
    text = value.replace("TEXT", f'"{COMMAND}${{var.key}}"')
    lines = ['variable "key" {}', f'resource "{type_}" "x" {{', f"  user_data = {text}"]
    rule = "instance-key-instead-of-role"
    bad = "\n".join((*lines, "}\n"))
    assert found_in(tmp_path, "main.tf", bad) == [(rule, text)]
    block = 'iam_instance_profile { name = "web" }'
    plain = 'iam_instance_profile = "web"'
    profile = block if type_ == "aws_launch_template" else plain
    assert found_in(tmp_path, "main.tf", "\n".join((*lines, profile, "}\n"))) == []
    shell = bad.replace("${var.key}", "$${key}")
    assert found_in(tmp_path, "main.tf", shell) == []
    dynamic = 'dynamic "iam_instance_profile" {\n  for_each = var.key\n  content {}\n}'
    if type_ == "aws_launch_template":
        assert found_in(tmp_path, "main.tf", "\n".join((*lines, dynamic, "}\n"))) == []


RANDOM = Random(13)  # noqa: S311 - the same keys in each run
ID, SECRET = key_id(RANDOM), secret_key(RANDOM)
SCRIPT = f"export AWS_ACCESS_KEY_ID={ID}\nexport AWS_SECRET_ACCESS_KEY={SECRET}\n"
SAID = "and is in the user data of an instance, in place of a role"


@pytest.mark.parametrize(
    ("name", "type_", "members", "role"),
    [
        (
            "template.json",
            "AWS::EC2::Instance",
            {"UserData": {"Fn::Base64": SCRIPT}},
            {"IamInstanceProfile": "web"},
        ),
        ("main.tf", "aws_instance", {"user_data": SCRIPT}, {"iam_instance_profile": "web"}),
        ("plan.json", "aws_instance", {"user_data": SCRIPT}, {"iam_instance_profile": "web"}),
    ],
)
def test_key_in_user_data_gives_one_finding_that_names_the_role(
    tmp_path: Path, name: str, type_: str, members: dict[str, Value], role: dict[str, Value]
) -> None:
    write = {**TEMPLATES, **MODULES}[name]

    def found(attributes: dict[str, Value]) -> list[tuple[str, bool]]:
        (tmp_path / name).write_text(write(type_, attributes), encoding="utf-8")
        run = lint([name], here=tmp_path, select="hygiene")
        return [(one.rule, SAID in one.message) for one in run.findings]

    assert found(members) == [("secret-in-the-open", True)]
    assert found({**members, **role}) == [("secret-in-the-open", False)]


def test_key_in_a_state_is_one_finding_with_the_other_inside(tmp_path: Path) -> None:
    attributes: dict[str, Value] = {"id": ID, "user": "robot", "secret": SECRET}
    (tmp_path / "a.tfstate").write_text(state("aws_iam_access_key", attributes), encoding="utf-8")
    found = lint(["a.tfstate"], here=tmp_path, select="hygiene").findings
    assert {one.rule: (one.implied, one.implied_by) for one in found} == {
        "secret-in-the-open": (("key-from-template",), ""),
        "key-from-template": ((), "secret-in-the-open"),
    }
