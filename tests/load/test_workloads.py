"""What runs with a role, in each format that describes resources: one row for each type and way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from iamlint.catalog import Catalog
from iamlint.load import LoadOptions, load
from iamlint.load.cloudformation import workloads as templates
from iamlint.load.link import Thing, glob_of, shown
from iamlint.load.terraform.aws import cloud_control, workload_types
from iamlint.load.workload_types import read_types
from iamlint.policy.wildcard import overlaps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.load import Workload
    from iamlint.load.workload_types import Way

JSON = dict[str, Any]
CATALOG = Catalog.open()
TABLE = Path(workload_types.__file__).with_name("workloads.json")
OF_MODULES = read_types(TABLE.read_text(encoding="utf-8"), ".")
OF_TEMPLATES = templates.workload_types()
OF_CLOUD_CONTROL = cloud_control.workloads()
REFERENCES = {
    Thing.ROLE: "aws_iam_role.app.arn",
    Thing.PROFILE: "aws_iam_instance_profile.web.arn",
    Thing.WORKLOAD: '"another"',
}
NAMES = {
    Thing.ROLE: "arn:aws:iam::111122223333:role/jobs/app",
    Thing.PROFILE: "web",
    Thing.WORKLOAD: "another",
}
MEANT = {Thing.ROLE: "app", Thing.PROFILE: "web", Thing.WORKLOAD: "another"}
PRINCIPALS = """
resource "aws_iam_role" "app" {
  name               = "app"
  path               = "/jobs/"
  assume_role_policy = "{}"
}
resource "aws_iam_instance_profile" "web" {
  name = "web"
  role = aws_iam_role.app.name
}
"""


def rows(table: Mapping[str, Any]) -> list[tuple[str, Thing, Way]]:
    return [(type_, thing, way) for type_, row in table.items() for thing, way in row.roles]


def loaded(folder: Path, *, asked: bool = True, **files: str) -> tuple[Workload, ...]:
    for name, text in files.items():
        place = folder / name.replace("__", "/").replace("_tf", ".tf").replace("_json", ".json")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    options = LoadOptions(here=folder, root=folder, workloads=asked, follow=True)
    found = load([folder], options)
    assert found.broken == ()
    return found.workloads


def named(one: Workload) -> list[tuple[Thing, str, list[str]]]:
    return [
        (held.ref.thing, shown(held.ref.name), sorted(map(str, held.given))) for held in one.roles
    ]


def has_arn_of_its_type(one: Workload) -> bool:
    """Return whether the ARN is one of those that the service reference shows for the type."""
    service, _, name = one.type.partition(":")
    found = CATALOG.service(service)
    assert found is not None
    assert one.arn is not None
    type_ = found.resource_types[name.lower()]
    assert type_.name == name
    return any(overlaps(glob_of(one.arn), as_glob(shape)) for shape in type_.arns)


def as_glob(shape: str) -> str:
    head, *rest = shape.split("${")
    return head + "".join("*" + part.partition("}")[2] for part in rest)


def block(way: Way, value: str) -> str:
    """Return an attribute in nested blocks, or in JSON, whose names have capitals."""
    name, *rest = way
    if not rest:
        return f"{name} = {value}"
    if any(char.isupper() for char in rest[0]):
        return f"{name} = jsonencode({as_object(rest, value)})"
    return f"{name} {{\n{block(tuple(rest), value)}\n}}"


def as_object(way: list[str], value: str) -> str:
    return f"[{{ {way[0]} = {as_object(way[1:], value)} }}]" if way else value


@pytest.mark.parametrize(("type_", "thing", "way"), rows(OF_MODULES))
def test_resource_of_a_module_runs_with_the_role_that_it_refers_to(
    type_: str, thing: Thing, way: Way, tmp_path: Path
) -> None:
    text = f'resource "{type_}" "it" {{\n{block(way, REFERENCES[thing])}\n}}'

    (one,) = loaded(tmp_path, main_tf=text + PRINCIPALS)

    assert (one.type, one.address) == (OF_MODULES[type_].type, f"{type_}.it")
    assert named(one) == [(thing, MEANT[thing], [])]
    assert has_arn_of_its_type(one)
    assert one.place == "main.tf:1"


@pytest.mark.parametrize(("type_", "thing", "way"), rows(OF_CLOUD_CONTROL))
def test_resource_of_cloud_control_runs_with_the_role_that_it_refers_to(
    type_: str, thing: Thing, way: Way, tmp_path: Path
) -> None:
    inner = as_object(list(way[1:]), REFERENCES[thing])
    text = f'resource "{type_}" "it" {{\n{way[0]} = {inner}\n}}'

    (one,) = loaded(tmp_path, main_tf=text + PRINCIPALS)

    assert (one.type, one.address) == (OF_CLOUD_CONTROL[type_].type, f"{type_}.it")
    assert named(one) == [(thing, MEANT[thing], [])]
    assert has_arn_of_its_type(one)


def value_at(way: Way, value: object) -> object:
    """Return a value in lists of nested blocks; JSON, whose names have capitals, is a text."""
    if not way:
        return value
    name, *rest = way
    inner = value_at(tuple(rest), value)
    if rest and any(char.isupper() for char in rest[0]) and not any(map(str.isupper, name)):
        return {name: json.dumps(inner)}
    return {name: [inner] if rest else inner}


@pytest.mark.parametrize("form", ["plan", "state"])
@pytest.mark.parametrize(("type_", "thing", "way"), rows(OF_MODULES))
def test_resource_of_a_plan_or_a_state_runs_with_the_role_that_it_names(
    type_: str, thing: Thing, way: Way, form: str, tmp_path: Path
) -> None:
    resource: JSON = {"address": f"{type_}.it", "type": type_, "name": "it", "mode": "managed"}
    values = value_at(way, NAMES[thing])
    if form == "plan":
        change = {"actions": ["create"], "after": values, "after_unknown": {"arn": True}}
        found: JSON = {"resource_changes": [{**resource, "change": change}]}
    else:
        found = {"values": {"root_module": {"resources": [{**resource, "values": values}]}}}

    (one,) = loaded(tmp_path, it_json=json.dumps({"format_version": "1.2", **found}))

    assert (one.type, one.address) == (OF_MODULES[type_].type, f"{type_}.it")
    assert named(one) == [(thing, MEANT[thing], [])]
    assert has_arn_of_its_type(one)
    assert one.place == "it.json:1"


def properties(way: Way, value: object) -> object:
    if not way:
        return value
    inner = properties(way[1:], value)
    return [inner] if way[0] == "*" else {way[0]: inner}


@pytest.mark.parametrize(("type_", "thing", "way"), rows(OF_TEMPLATES))
def test_resource_of_a_template_runs_with_the_role_that_it_refers_to(
    type_: str, thing: Thing, way: Way, tmp_path: Path
) -> None:
    role = {"RoleName": "app", "Path": "/jobs/", "AssumeRolePolicyDocument": {"Statement": []}}
    profile = {"InstanceProfileName": "web", "Roles": [{"Ref": "App"}]}
    references: dict[Thing, object] = {
        Thing.ROLE: {"Fn::GetAtt": ["App", "Arn"]},
        Thing.PROFILE: {"Fn::GetAtt": ["Web", "Arn"]},
        Thing.WORKLOAD: "another",
    }
    resources = {
        "App": {"Type": "AWS::IAM::Role", "Properties": role},
        "Web": {"Type": "AWS::IAM::InstanceProfile", "Properties": profile},
        "It": {"Type": type_, "Properties": properties(way, references[thing])},
    }

    (one,) = loaded(tmp_path, it_json=json.dumps({"Resources": resources}, indent=1))

    assert (one.type, one.address) == (OF_TEMPLATES[type_].type, "It")
    assert named(one) == [(thing, MEANT[thing], [])]
    assert has_arn_of_its_type(one)
    assert '"It"' in (tmp_path / "it.json").read_text().split("\n")[int(one.place[8:]) - 1]


FUNCTION = 'resource "aws_lambda_function" "f" {\n  role = %s\n}\n'


def test_workloads_are_not_read_unless_they_are_asked_for(tmp_path: Path) -> None:
    template = {"Resources": {"F": {"Type": "AWS::Lambda::Function", "Properties": {"Role": "r"}}}}
    text, found = FUNCTION % '"r"', {"aws_lambda_function.f", "F"}

    assert loaded(tmp_path, asked=False, main_tf=text, it_json=json.dumps(template)) == ()
    assert {one.address for one in loaded(tmp_path)} == found


def test_unknown_role_keeps_what_the_file_writes(tmp_path: Path) -> None:
    (one,) = loaded(tmp_path, main_tf=FUNCTION % "var.role")

    assert named(one) == [(Thing.ROLE, "${var.role}", [])]


def test_each_instance_is_a_workload_with_its_own_role(tmp_path: Path) -> None:
    role = '"arn:aws:iam::111122223333:role/${each.key}"\n  for_each = toset(["a", "b"])'

    found = loaded(tmp_path, main_tf=FUNCTION % role)

    assert [(one.address, named(one)) for one in found] == [
        ('aws_lambda_function.f["a"]', [(Thing.ROLE, "a", [])]),
        ('aws_lambda_function.f["b"]', [(Thing.ROLE, "b", [])]),
    ]


def test_each_call_of_a_module_is_a_workload_with_the_role_of_the_call(tmp_path: Path) -> None:
    calls = "".join(
        f'module "{name}" {{\n  source = "./fn"\n  role = "{name}-role"\n}}\n' for name in "ab"
    )

    found = loaded(
        tmp_path, main_tf=calls, fn__main_tf='variable "role" {}\n' + FUNCTION % "var.role"
    )

    assert [(one.address, named(one)) for one in found] == [
        ("module.a.aws_lambda_function.f", [(Thing.ROLE, "a-role", [])]),
        ("module.b.aws_lambda_function.f", [(Thing.ROLE, "b-role", [])]),
    ]


def test_role_of_a_module_is_found_by_its_output(tmp_path: Path) -> None:
    call = 'module "role" {\n  source = "./role"\n}\n'
    output = 'output "arn" {\n  value = aws_iam_role.app.arn\n}\n'

    (one,) = loaded(
        tmp_path, main_tf=call + FUNCTION % "module.role.arn", role__main_tf=PRINCIPALS + output
    )

    assert named(one) == [(Thing.ROLE, "app", [])]


def test_conditions_of_a_block_and_of_its_role_count(tmp_path: Path) -> None:
    role = 'var.b ? "x" : "y"\n  count = var.a ? 1 : 0'

    (one,) = loaded(tmp_path, main_tf=FUNCTION % role)

    assert named(one) == [
        (Thing.ROLE, "x", ["var.a", "var.b"]),
        (Thing.ROLE, "y", ["!(var.b)", "var.a"]),
    ]


def test_profile_in_a_block_that_a_condition_makes_depends_on_it(tmp_path: Path) -> None:
    text = """
resource "aws_launch_template" "it" {
  dynamic "iam_instance_profile" {
    for_each = var.on ? [1] : []
    content {
      name = "web"
    }
  }
}
"""

    (one,) = loaded(tmp_path, main_tf=text)

    assert named(one) == [(Thing.PROFILE, "web", ["var.on"])]


def test_condition_of_a_template_chooses_the_role(tmp_path: Path) -> None:
    role = {"Fn::If": ["Own", "own", {"Ref": "Given"}]}
    template = {
        "Parameters": {"Given": {"Type": "String"}},
        "Conditions": {"Own": {"Fn::Equals": [{"Ref": "Given"}, ""]}, "On": {"Fn::Not": ["x"]}},
        "Resources": {
            "F": {
                "Type": "AWS::Lambda::Function",
                "Condition": "On",
                "Properties": {"Role": role},
            }
        },
    }

    (one,) = loaded(tmp_path, it_json=json.dumps(template))

    assert named(one) == [
        (Thing.ROLE, "own", ["On", "Own"]),
        (Thing.ROLE, "${Given}", ["On", "not Own"]),
    ]


def test_function_of_sam_runs_with_the_role_that_sam_creates(tmp_path: Path) -> None:
    template = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {"F": {"Type": "AWS::Serverless::Function", "Properties": {}}},
    }

    (one,) = loaded(tmp_path, it_json=json.dumps(template))

    assert [held.ref.shown for held in one.roles] == ["FRole"]


def test_functions_of_sam_inherit_the_role_of_globals(tmp_path: Path) -> None:
    template = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Globals": {"Function": {"Role": "shared"}},
        "Resources": {"F": {"Type": "AWS::Serverless::Function", "Properties": {}}},
    }

    (one,) = loaded(tmp_path, it_json=json.dumps(template))

    assert named(one) == [(Thing.ROLE, "shared", [])]


def test_nested_template_has_the_role_that_its_parent_passes(tmp_path: Path) -> None:
    child = {
        "Parameters": {"Role": {"Type": "String"}},
        "Resources": {
            "F": {"Type": "AWS::Lambda::Function", "Properties": {"Role": {"Ref": "Role"}}}
        },
    }
    nesting = {"TemplateURL": "child.json", "Parameters": {"Role": "passed"}}
    parent = {"Resources": {"C": {"Type": "AWS::CloudFormation::Stack", "Properties": nesting}}}

    (one,) = loaded(tmp_path, it_json=json.dumps(parent), child_json=json.dumps(child))

    assert named(one) == [(Thing.ROLE, "passed", [])]


def test_another_workload_counts_only_without_a_role_of_its_own(tmp_path: Path) -> None:
    text = """
resource "aws_instance" "it" {
  iam_instance_profile = "own"
  launch_template {
    name = "web"
  }
}
"""

    (one,) = loaded(tmp_path, main_tf=text)

    assert named(one) == [(Thing.PROFILE, "own", [])]


def test_plan_names_the_role_that_is_known_after_apply(tmp_path: Path) -> None:
    after = {"role": True, "arn": True}
    change = {"actions": ["create"], "after": {"function_name": "f"}, "after_unknown": after}
    made = {"actions": ["create"], "after": {"name": "app"}, "after_unknown": {"arn": True}}
    function = {"address": "aws_lambda_function.f", "type": "aws_lambda_function", "name": "f"}
    role = {"address": "aws_iam_role.app", "type": "aws_iam_role", "name": "app"}
    refers = {"role": {"references": ["aws_iam_role.app.arn", "aws_iam_role.app"]}}
    plan = {
        "format_version": "1.2",
        "resource_changes": [{**function, "change": change}, {**role, "change": made}],
        "configuration": {
            "root_module": {"resources": [{**function, "expressions": refers}, role]}
        },
    }

    (one,) = loaded(tmp_path, it_json=json.dumps(plan))

    assert named(one) == [(Thing.ROLE, "app", [])]


SERVICE = """
service: shop
provider: {name: aws%s}
functions:
  f: {handler: a.b%s}
resources:
  Resources:
    Own: {Type: AWS::IAM::Role, Properties: {RoleName: own, AssumeRolePolicyDocument: {}}}
"""


@pytest.mark.parametrize(
    ("provider", "function", "role"),
    [
        ("", "", "shop-${stage}-${region}-lambdaRole"),
        ("", ", role: Own", "own"),
        ("", ", role: !GetAtt Own.Arn", "own"),
        ("", ", role: 'arn:aws:iam::111122223333:role/x/given'", "given"),
        (", iam: {role: Own}", "", "own"),
        (", iam: {role: !GetAtt Own.Arn}", "", "own"),
        (", iam: {role: {name: made}}", "", "made"),
        (", role: Own", ", iamRoleStatements: [{}], iamRoleStatementsName: mine", "mine"),
    ],
)
def test_function_of_a_serverless_service_runs_with_its_role_or_that_of_the_service(
    provider: str, function: str, role: str, tmp_path: Path
) -> None:
    (tmp_path / "serverless.yml").write_text(SERVICE % (provider, function), encoding="utf-8")

    (one,) = loaded(tmp_path)

    assert (one.type, one.address, one.place) == (
        "lambda:function",
        "functions.f",
        "serverless.yml:5",
    )
    assert named(one) == [(Thing.ROLE, role, [])]
    assert shown(one.arn or "").endswith(":function:shop-${stage}-f")
    assert has_arn_of_its_type(one)
