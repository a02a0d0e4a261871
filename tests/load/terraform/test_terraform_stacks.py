"""Templates of CloudFormation, and properties of its types, inside of modules and plans."""

from __future__ import annotations

import json

import pytest

from iamlint.catalog import Catalog
from iamlint.linter.check import CheckOptions, check_documents
from iamlint.load import Certainty, Document, Loaded
from iamlint.rule.finding import Finding
from iamlint.rules.actions import unknown_action
from tests.support.loading import load_text

WRONG = "s3:GetObjekt"
POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": WRONG, "Resource": "*"}],
}
PROPERTIES = {"PolicyName": "read", "Roles": ["app"], "PolicyDocument": POLICY}
TEMPLATE = {"Resources": {"Read": {"Type": "AWS::IAM::Policy", "Properties": PROPERTIES}}}
YAML = f"""\
    Resources:
      Read:
        Type: AWS::IAM::Policy
        Properties:
          PolicyName: read
          Roles: [app]
          PolicyDocument:
            Version: 2012-10-17
            Statement:
              - Effect: Allow
                Action: {WRONG}
                Resource: !Sub "arn:aws:s3:::$${{Bucket}}/*"
"""
STACK = ("resource", "aws_cloudformation_stack", "x", "template_body")
STATE = ("resource", "aws_cloudcontrolapi_resource", "x", "desired_state")
IN_STACK = ("Resources", "Read", "Properties", "PolicyDocument")
INSIDE = {
    "encoded": (
        (
            'resource "aws_cloudformation_stack" "x" {\n'
            f"  template_body = jsonencode({json.dumps(TEMPLATE)})\n}}\n"
        ),
        (*STACK, *IN_STACK),
        "Read",
    ),
    "json": (
        (
            'resource "aws_cloudformation_stack" "x" {\n'
            f"  template_body = <<EOT\n{json.dumps(TEMPLATE, indent=1)}\nEOT\n}}\n"
        ),
        (*STACK, *IN_STACK),
        "Read",
    ),
    "yaml": (
        f'resource "aws_cloudformation_stack" "x" {{\n  template_body = <<-EOT\n{YAML}  EOT\n}}\n',
        (*STACK, *IN_STACK),
        "Read",
    ),
    "state": (
        (
            'resource "aws_cloudcontrolapi_resource" "x" {\n  type_name = "AWS::IAM::Policy"\n'
            f"  desired_state = jsonencode({json.dumps(PROPERTIES)})\n}}\n"
        ),
        (*STATE, "PolicyDocument"),
        "aws_cloudcontrolapi_resource.x",
    ),
}


def read(text: str, name: str) -> list[Document]:
    return list(load_text(text, name).documents)


def places(text: str, documents: list[Document]) -> list[tuple[str, object]]:
    """Return the reported characters, and their fixes."""
    settings = CheckOptions(rules=(unknown_action.RULE,), catalog=Catalog.open())
    return [
        (text[f.range.start.offset : f.range.end.offset].strip('\\"'), f.fix)
        for f in check_documents(documents, settings)
        if isinstance(f, Finding)
    ]


@pytest.mark.parametrize("name", INSIDE)
def test_policy_of_a_template_in_an_attribute_is_known_by_its_type(name: str) -> None:
    text, pointer, address = INSIDE[name]

    (document,) = read(text, "main.tf")

    assert (document.pointer, document.certainty) == (pointer, Certainty.TABLE)
    assert (document.name, *map(str, document.attachment.holders)) == ("read", "role/app")
    assert document.attachment.address == address
    assert places(text, [document]) == [(WRONG, None)]


PLANNED = {
    "aws_cloudformation_stack": ({"template_body": json.dumps(TEMPLATE)}, IN_STACK),
    "aws_cloudformation_stack_set": ({"template_body": YAML.replace("$$", "$")}, IN_STACK),
    "aws_cloudcontrolapi_resource": (
        {"type_name": "AWS::IAM::Policy", "desired_state": json.dumps(PROPERTIES)},
        ("PolicyDocument",),
    ),
}


@pytest.mark.parametrize("type_", PLANNED)
def test_policy_of_a_template_in_a_plan_is_known_by_its_type(type_: str) -> None:
    values, inside = PLANNED[type_]
    change = {"before": None, "after": values}
    resource = {"address": f"{type_}.x", "type": type_, "mode": "managed", "change": change}
    text = json.dumps({"format_version": "1.2", "resource_changes": [resource]})

    (document,) = read(text, "plan.json")

    assert document.pointer[-len(inside) :] == inside
    assert (document.certainty, *map(str, document.attachment.holders)) == (
        Certainty.TABLE,
        "role/app",
    )
    assert places(text, [document]) == [(WRONG, None)]


def test_template_of_which_a_part_is_not_known_is_searched_for_what_looks_like_a_policy() -> None:
    text, _, _ = INSIDE["json"]
    text = text.replace('"Resource": "*"', '"Resource": "${var.bucket}"')

    (document,) = read(text, "main.tf")

    assert (document.pointer, document.certainty) == (STACK, Certainty.SHAPE)
    assert [found for found, _ in places(text, [document])] == [WRONG]


def test_permissions_inside_of_a_template_are_read_where_nothing_speaks_of_a_statement() -> None:
    allowed = {"FunctionName": "f", "Action": "lambda:InvokeFunction", "Principal": "*"}
    template = {"Resources": {"P": {"Type": "AWS::Lambda::Permission", "Properties": allowed}}}
    text = (
        'resource "aws_cloudformation_stack" "x" {\n'
        f"  template_body = jsonencode({json.dumps(template)})\n}}\n"
    )

    (document,) = read(text, "main.tf")

    assert [p.text for p in document.policy.statements[0].principals] == ["*"]
    assert document.joins


def in_stack(body: str) -> Loaded:
    text = f'variable "v" {{}}\nresource "aws_cloudformation_stack" "x" {{\n  {body}\n}}\n'
    return load_text(text)


def test_template_in_a_stack_exports_names_and_is_judged_with_no_default_of_its_own() -> None:
    properties = {**PROPERTIES, "PolicyDocument": {"Statement": {"Resource": {"Ref": "Where"}}}}
    template = {
        "Parameters": {"Where": {"Type": "String", "Default": "*"}},
        "Resources": {"Read": {"Type": "AWS::IAM::Policy", "Properties": properties}},
        "Outputs": {"Role": {"Value": "app", "Export": {"Name": "role"}}},
    }

    found = in_stack(f"template_body = jsonencode({json.dumps(template)})")

    assert [(one.identity, one.value) for one in found.bindings] == [("export role", "app")]
    assert (len(found.documents), found.by_default) == (1, ())


@pytest.mark.parametrize(
    "body",
    ['template_body = "nothing"', 'template_body = "{"', "template_body = var.v", 'name = "x"'],
)
def test_text_that_is_no_template_has_no_policies(body: str) -> None:
    found = in_stack(body)

    assert (found.documents, found.nodes, found.links) == ((), (), ())


def test_role_in_a_template_has_its_logical_id_and_its_line() -> None:
    template = """\
    Resources:
      Worker:
        Type: AWS::IAM::Role
        Properties:
          AssumeRolePolicyDocument: {Version: 2012-10-17, Statement: []}
"""
    body = f"template_body = <<-EOT\n{template}  EOT\n"
    (node,) = load_text(f'resource "aws_cloudformation_stack" "x" {{\n  {body}}}\n').nodes

    assert (node.addresses, node.line) == (("Worker",), 4)
