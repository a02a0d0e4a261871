"""Resources that rules look at besides policies: their values, their places, and silence."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from iamlint.load import LoadOptions, SubjectKind, load
from iamlint.load.file_value import DEFAULTS, OUTPUTS
from iamlint.load.resource_types import resource_types
from iamlint.policy.at import At
from iamlint.text.source import Unknown
from tests.support.loading import load_text, write_files

if TYPE_CHECKING:
    from pathlib import Path

    from iamlint.load import Subject
    from iamlint.text.source import Value

KEY = "AWS::IAM::AccessKey"


def subjects(text: str, name: str) -> list[Subject]:
    loaded = load_text(text, name)
    assert loaded.broken == ()
    assert loaded.documents == ()
    return [one for one in loaded.subjects if one.kind is SubjectKind.RESOURCE]


def in_folder(folder: Path, files: dict[str, str], named: str = ".") -> list[Subject]:
    (folder / ".git").mkdir()
    write_files(folder, files)
    return list(load([folder / named], LoadOptions(here=folder)).subjects)


def members(subject: Subject, *pointer: str) -> list[str]:
    """Return the names of the members of a node."""
    node = subject.node(pointer)
    return list(node) if isinstance(node, dict) else []


def text_at(subject: Subject, *pointer: str | int, key: bool = False) -> str:
    """Return the text at the place of a node, on one line."""
    at = At(pointer, key=key)
    _, source = subject.file_of(at)
    span = subject.span(at)
    return " ".join(source.text[span.start : span.end].split())


TEMPLATE = """
Parameters:
  Wanted: {Type: String}
Conditions:
  IsWanted: !Equals [!Ref Wanted, "yes"]
Resources:
  Robot:
    Type: AWS::IAM::AccessKey
    Properties:
      UserName: robot
      Status: !If [IsWanted, Active, !Ref Wanted]
  Profile:
    Type: AWS::IAM::InstanceProfile
    Properties:
      Roles: [!Ref Wanted, b]
Outputs:
  Secret:
    Value: !GetAtt Robot.SecretAccessKey
  Both:
    Value: !Sub "${Robot}:${Robot.SecretAccessKey}"
  Perhaps:
    Condition: IsWanted
    Value: !GetAtt Robot.SecretAccessKey
  Id:
    Value: !Ref Robot
"""

MODULE = """
variable "name" {}

resource "aws_iam_access_key" "robot" {
  for_each = toset(["a", "b"])
  user     = each.key
  pgp_key  = var.name
}

resource "aws_iam_account_password_policy" "strict" {
  minimum_password_length = local.length
}

locals {
  length = 8
}

output "id" {
  value = aws_iam_access_key.robot["a"].id
}

output "secret" {
  value     = [for one in ["a"] : 1] == [] ? "" : try(aws_iam_access_key.robot["a"].secret, "")
  sensitive = true
}
"""


def test_resource_of_a_template_has_its_values_and_places_in_each_reading() -> None:
    first, second, profile = subjects(TEMPLATE, "template.yaml")
    assert [one.node(("Status",)) for one in (first, second)] == ["Active", Unknown("${Wanted}")]
    assert members(first) == ["Status", OUTPUTS]
    assert members(first, OUTPUTS) == ["Secret", "Both"]
    assert first.cases is second.cases is not None
    assert (first.type, first.name, first.pointer) == (KEY, "Robot", ("Resources", "Robot"))
    assert text_at(first, key=True) == "Robot"
    assert text_at(first).startswith("Type: AWS::IAM::AccessKey Properties:")
    assert text_at(first, "Status") == "Active"
    assert text_at(first, "Absent") == text_at(first)
    assert text_at(first, OUTPUTS, "Both") == '!Sub "${Robot}:${Robot.SecretAccessKey}"'
    assert profile.value == {"Roles": [Unknown("${Wanted}"), "b"]}
    assert profile.cases is None
    assert text_at(profile, "Roles") == "[!Ref Wanted, b]"


def test_default_of_a_secret_has_its_place() -> None:
    text = """
        Parameters:
          First: {Type: String, NoEcho: true, Default: Summer-2026}
          Stored: {Type: "AWS::SSM::Parameter::Value<String>", Default: /password}
        Resources:
          A: {Type: "AWS::IAM::User", Properties: {LoginProfile: {Password: !Ref First}}}
          B: {Type: "AWS::IAM::User", Properties: {LoginProfile: {Password: !Ref Stored}}}
        """
    first, second = subjects(text, "template.yaml")
    assert first.node((DEFAULTS,)) == {"First": "Summer-2026"}
    assert text_at(first, DEFAULTS, "First") == "Summer-2026"
    assert second.node((DEFAULTS,)) is None


def test_resource_of_a_module_has_its_values_and_places_once_for_all_instances() -> None:
    key, policy = subjects(MODULE, "main.tf")
    assert key.node(("pgp_key",)) == Unknown("${var.name}")
    assert members(key, OUTPUTS) == ["secret"]
    assert (key.type, key.name) == ("aws_iam_access_key", "aws_iam_access_key.robot")
    assert text_at(key, key=True) == 'resource "aws_iam_access_key" "robot"'
    assert text_at(key, "pgp_key") == "var.name"
    assert text_at(key, OUTPUTS, "secret").startswith("[for one in")
    assert policy.value == {"minimum_password_length": 8}
    assert text_at(policy, "minimum_password_length") == "8"
    assert text_at(policy, "hard_expiry").startswith('resource "aws_iam_account_password_policy"')


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        (
            "main.tf.json",
            {"resource": {"aws_iam_user_login_profile": {"x": {"user": "u", "pgp_key": "k"}}}},
            ("resource", "aws_iam_user_login_profile", "x"),
        ),
        (
            "plan.json",
            {
                "format_version": "1.2",
                "resource_changes": [
                    {
                        "address": "aws_iam_user_login_profile.x",
                        "mode": "managed",
                        "type": "aws_iam_user_login_profile",
                        "change": {
                            "actions": ["create"],
                            "after": {"user": "u", "pgp_key": "k"},
                            "after_unknown": {"password": True},
                        },
                    }
                ],
            },
            ("resource_changes", 0, "change", "after"),
        ),
        (
            "x.tfstate",
            {
                "version": 4,
                "lineage": "l",
                "resources": [
                    {
                        "mode": "managed",
                        "type": "aws_iam_user_login_profile",
                        "name": "x",
                        "instances": [{"attributes": {"pgp_key": "k", "password": None}}],
                    }
                ],
            },
            ("resources", 0, "instances", 0, "attributes"),
        ),
    ],
)
def test_resource_of_json_of_terraform(
    name: str, text: Value, place: tuple[str | int, ...]
) -> None:
    (one,) = subjects(json.dumps(text), name)
    known = {"pgp_key": "k"}
    later: dict[str, Value] = {"password": Unknown("(known after apply)")}
    assert one.value == (known | later if name == "plan.json" else known)
    assert (one.name, one.pointer) == ("aws_iam_user_login_profile.x", place)
    assert text_at(one, "pgp_key") == '"k"'
    assert text_at(one, "absent") == text_at(one)


def test_template_beside_functions_and_in_a_module_has_its_resources() -> None:
    resources = {"Robot": {"Type": KEY, "Properties": {"UserName": "u"}}}
    service = {"service": "s", "provider": {"name": "aws"}, "resources": {"Resources": resources}}
    (one,) = subjects(json.dumps(service), "serverless.json")
    assert one.pointer == ("resources", "Resources", "Robot")
    body = json.dumps({"Resources": resources})
    stack = {"resource": {"aws_cloudformation_stack": {"s": {"template_body": body}}}}
    (one,) = subjects(json.dumps(stack), "main.tf.json")
    assert one.pointer[-2:] == ("Resources", "Robot")


OPEN = {
    "a condition of the resource": (
        "template.yaml",
        """
        Conditions: {IsWanted: !Equals [!Ref "AWS::Region", eu-west-1]}
        Resources: {Robot: {Type: "AWS::IAM::AccessKey", Condition: IsWanted, Properties: {}}}
        """,
    ),
    "items of a loop": (
        "template.yaml",
        """
        Parameters: {Names: {Type: CommaDelimitedList}}
        Resources:
          "Fn::ForEach::All": [Name, !Ref Names, {"Key${Name}": {Type: "AWS::IAM::AccessKey"}}]
        """,
    ),
    "a macro": (
        "template.yaml",
        """
        Resources:
          Robot: {Type: "AWS::IAM::AccessKey", Properties: {"Fn::Transform": {Name: Mine}}}
        """,
    ),
    "an unknown count": (
        "main.tf",
        'variable "n" {}\nresource "aws_iam_access_key" "x" {\n  count = var.n\n  user = "u"\n}',
    ),
    "a condition": (
        "main.tf",
        """
        variable "wanted" {}
        resource "aws_iam_access_key" "x" {
          count = var.wanted ? 1 : 0
          user = "u"
        }""",
    ),
    "unknown keys": (
        "main.tf",
        """
        variable "names" {}
        resource "aws_iam_access_key" "x" {
          for_each = toset(var.names)
          user = each.key
        }""",
    ),
    "no instance": (
        "main.tf",
        'resource "aws_iam_access_key" "x" {\n  count = 0\n  user = "u"\n}',
    ),
    "a data source": ("main.tf", 'data "aws_iam_access_keys" "x" {\n  user = "u"\n}'),
    "no property that a rule looks at": (
        "main.tf",
        'resource "aws_iam_role" "x" {\n  name = "n"\n  path = "/p/"\n}',
    ),
}


@pytest.mark.parametrize("case", OPEN.values(), ids=OPEN.keys())
def test_no_resource_is_a_fact_that_may_not_exist(case: tuple[str, str]) -> None:
    name, text = case
    assert [one for one in subjects(text, name) if not one.is_conditional] == []


def test_condition_that_a_value_decides_is_known(tmp_path: Path) -> None:
    text = """
        Conditions: {IsWanted: !Equals [a, a]}
        Resources: {Robot: {Type: "AWS::IAM::AccessKey", Condition: IsWanted, Properties: {}}}
        """
    (one,) = in_folder(tmp_path, {"template.yaml": text})
    assert one.name == "Robot"


CALLED = """
variable "length" {}
variable "key" { default = null }
resource "aws_iam_account_password_policy" "x" {
  minimum_password_length = var.length
}
resource "aws_iam_access_key" "x" {
  count   = var.key == null ? 1 : 0
  user    = "u"
}
"""


def test_module_has_the_values_of_each_call_once(tmp_path: Path) -> None:
    files = {
        "m/main.tf": CALLED,
        "main.tf": """
            module "a" {
              source = "./m"
              length = 8
              key    = "k"
            }
            module "b" {
              source = "./m"
              length = 9
            }
            module "c" {
              source   = "./m"
              for_each = toset(["x", "y"])
              length   = 9
            }
            variable "wanted" {}
            module "perhaps" {
              source = "./m"
              count  = var.wanted ? 1 : 0
              length = 7
            }
            """,
    }
    found = in_folder(tmp_path, files)
    assert [(one.type, one.value) for one in found] == [
        ("aws_iam_account_password_policy", {"minimum_password_length": 8}),
        ("aws_iam_account_password_policy", {"minimum_password_length": 9}),
        ("aws_iam_access_key", {}),
    ]
    assert {one.path for one in found} == {"m/main.tf"}
    assert found[0].file_of(At(("minimum_password_length",)))[0] == "main.tf"
    assert text_at(found[0], "minimum_password_length") == "8"


def test_values_of_an_example_name_its_call(tmp_path: Path) -> None:
    example = 'module "it" {\n  source = "../.."\n  length = 8\n}\n'
    files = {"main.tf": CALLED, "examples/all/main.tf": example}
    found = in_folder(tmp_path, files)
    said = {(one.type, str(one.value), str(one.shown_by)) for one in found}
    call = "`module.it` in `examples/all/main.tf`"
    policy = "aws_iam_account_password_policy"
    unknown = Unknown("${var.length}")
    assert said == {
        (policy, str({"minimum_password_length": unknown}), "None"),
        (policy, str({"minimum_password_length": 8}), call),
        ("aws_iam_access_key", "{}", "None"),  # which may not exist
        ("aws_iam_access_key", "{}", call),
    }
    assert {one.is_conditional for one in found if one.type == "aws_iam_access_key"} == {
        one.shown_by is None for one in found if one.type == "aws_iam_access_key"
    }


def test_output_in_another_file_of_the_module_has_its_place_there(tmp_path: Path) -> None:
    files = {
        "main.tf": 'resource "aws_iam_access_key" "x" {\n  user = "u"\n}\n',
        "outputs.tf": 'output "secret" {\n  value = aws_iam_access_key.x.secret\n}\n',
    }
    (one,) = in_folder(tmp_path, files)
    at = At((OUTPUTS, "secret"))
    assert one.file_of(at)[0] == "outputs.tf"
    assert text_at(one, OUTPUTS, "secret") == "aws_iam_access_key.x.secret"


NESTED = """
Parameters: {State: {Type: String}, Wanted: {Type: String, Default: "no"}}
Conditions: {IsWanted: !Equals [!Ref Wanted, "yes"]}
Resources:
  Robot: {Type: "AWS::IAM::AccessKey", Properties: {UserName: u, Status: !Ref State}}
  Other: {Type: "AWS::IAM::AccessKey", Condition: IsWanted, Properties: {UserName: o}}
"""


def nesting(**extra: str) -> str:
    parameters = {"State": "Inactive", "Wanted": "yes"}
    properties = {"TemplateURL": "inner.yaml", "Parameters": parameters}
    stack = {"Type": "AWS::CloudFormation::Stack", "Properties": properties, **extra}
    return json.dumps(
        {"Conditions": {"C": {"Fn::Equals": [{"Ref": "X"}, "x"]}}, "Resources": {"S": stack}}
    )


def test_nested_template_has_the_values_that_it_is_passed(tmp_path: Path) -> None:
    found = in_folder(tmp_path, {"inner.yaml": NESTED, "outer.json": nesting()})
    assert [(one.name, one.value) for one in found] == [
        ("Robot", {"Status": "Inactive"}),
        ("Other", {}),
    ]


def test_nothing_is_said_of_a_nested_template_that_may_not_exist(tmp_path: Path) -> None:
    files = {"inner.yaml": NESTED, "outer.json": nesting(Condition="C")}
    assert in_folder(tmp_path, files) == []


def test_types_of_the_table_read_what_they_need() -> None:
    for name, row in resource_types().items():
        assert {*row.needs, *row.documents} <= {*row.reads}, name
        assert name.startswith(("AWS::", "aws_")), name
