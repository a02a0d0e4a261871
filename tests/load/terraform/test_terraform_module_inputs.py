"""Statements that modules of the registry are given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.load.terraform.aws.module_inputs import DOCUMENT, ModuleInput, inputs, module_of
from iamlint.policy.grammar import Kind
from iamlint.text.source import Unknown
from tests.support.loading import load_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.load import Document


STATEMENT = '{ actions = ["sqs:SendMessage"], resources = ["*"], sid = 1 }'


def call(source: str, *given: str) -> str:
    inside = "\n  ".join(given)
    return f'module "m" {{\n  source = "{source}"\n  {inside}\n}}\n'


def value(document: Document) -> object:
    return document.value["Statement"]  # type: ignore[index,call-overload]  # it has one


@pytest.mark.parametrize("form", ["[%s]", "{ a = %s }"])
@pytest.mark.parametrize(
    ("module", "name", "row"),
    [(module, name, row) for (module, name), row in inputs().items() if row.shape == DOCUMENT],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_statements_of_every_input_are_found(
    module: str, name: str, row: ModuleInput, form: str
) -> None:
    statements = form % STATEMENT
    if row.statements:
        statements = f"[{{ {row.statements} = {statements} }}]"
    switch = [f"{row.switch} = true"] if row.switch else []

    found = load_text(call(module, *switch, f"{name} = {statements}", "policy = null"))

    (document,) = found.documents
    assert (document.kind, document.attachment.resource_type) == (row.kind, row.attached)
    assert value(document) == [
        {"Sid": "1", "Action": ["sqs:SendMessage"], "Resource": ["*"], "Effect": "Allow"}
    ]
    start = document.source.text[: document.span(document.policy.statements[0].actions[0].at).start]
    assert start.endswith("actions = [")
    assert found.not_analysed == ()


@pytest.mark.parametrize(
    "form", ["{ version = 1, statements = [%s] }", "{ statements = { a = %s } }"]
)
def test_one_policy_in_place_of_a_list_of_them_is_found(form: str) -> None:
    given = form % STATEMENT

    (document,) = load_text(call("cloudposse/iam-policy/aws", f"iam_policy = {given}")).documents

    assert value(document) == [
        {"Sid": "1", "Action": ["sqs:SendMessage"], "Resource": ["*"], "Effect": "Allow"}
    ]


@pytest.mark.parametrize(
    "source",
    [
        "terraform-aws-modules/lambda/aws",
        "registry.terraform.io/terraform-aws-modules/lambda/aws",
        "git::https://github.com/terraform-aws-modules/terraform-aws-lambda.git?ref=v7",
        "github.com/terraform-aws-modules/terraform-aws-lambda?ref=v7",
        "git@github.com:terraform-aws-modules/terraform-aws-lambda.git",
    ],
)
def test_module_is_known_by_each_of_its_sources(source: str) -> None:
    assert module_of(source) == "terraform-aws-modules/lambda/aws"


@pytest.mark.parametrize(
    ("source", "is_known"),
    [
        ("github.com/acme/terraform-aws-iam.git//modules/iam-role?ref=v6", True),
        ("git@github.com:acme/terraform-aws-iam.git//modules/iam-role", True),
        ("github.com/acme/terraform-aws-iam.git//modules/other", False),
        ("acme/iam/aws//modules/iam-role", False),
    ],
)
def test_fork_does_what_the_module_does_whose_name_it_has(source: str, *, is_known: bool) -> None:
    found = load_text(call(source, f"inline_policy_statements = [{STATEMENT}]"))

    assert (len(found.documents), len(found.not_analysed)) == ((1, 0) if is_known else (0, 1))


@pytest.mark.parametrize("switch", ["attach_policy_statements = false", ""])
def test_statements_that_are_not_switched_on_do_not_count(switch: str) -> None:
    given = f"policy_statements = [{STATEMENT}]"

    found = load_text(call("terraform-aws-modules/lambda/aws", switch, given))

    assert (found.documents, found.not_analysed) == ((), ())


def test_statements_that_a_switch_may_turn_on_count() -> None:
    given = f"policy_statements = [{STATEMENT}]"

    found = load_text(
        call("terraform-aws-modules/lambda/aws", "attach_policy_statements = var.x", given)
    )

    assert len(found.documents) == 1


@pytest.mark.parametrize("given", ["[%s]", "{ a = %s }", "[{ inner = [%s] }]"])
def test_statements_of_a_module_that_is_not_known_are_listed(given: str) -> None:
    found = load_text(call("acme/thing/aws", f"rules_policy = {given % STATEMENT}"))

    assert [("/".join(map(str, n.pointer)), n.reason) for n in found.not_analysed] == [
        (
            "module/m/rules_policy",
            "how the module `acme/thing/aws` uses these statements is not known",
        )
    ]


def test_statements_that_are_not_known_are_listed() -> None:
    found = load_text(call("terraform-aws-modules/kms/aws", "key_statements = var.policy"))

    assert [(n.kind, n.reason) for n in found.not_analysed] == [
        (Kind.RESOURCE, "`${var.policy}` is not known")
    ]


def test_principals_and_conditions_of_a_statement_may_be_lists_or_maps() -> None:
    principal = '{ type = "AWS", identifiers = ["*"] }'
    condition = '{ test = "Bool", variable = "aws:SecureTransport", values = [true] }'
    lists = f"{{ actions = [], principals = [{principal}], conditions = [{condition}] }}"
    maps = (
        f"{{ actions = [], principals = {{ a = {principal} }}, condition = {{ a = {condition} }} }}"
    )

    found = load_text(call("terraform-aws-modules/kms/aws", f"key_statements = [{lists}, {maps}]"))

    (document,) = found.documents
    one, other = document.policy.statements
    assert one.principal is not None
    assert [p.text for p in one.principal.entries] == ["*"]
    assert [c.key for c in one.conditions] == ["aws:SecureTransport"]
    assert value(document)[0] == value(document)[1]  # type: ignore[index]  # it is a list
    assert other.has_more_conditions is False


@pytest.mark.parametrize(
    ("module", "given", "reasons"),
    [
        ("kms/aws", "key_statements = [var.s]", ["`${var.s}` is not known"]),
        ("kms/aws", "key_statements = 1", ["`${1}` is not known"]),
        ("kms/aws", "key_statements = [1]", ["`${1}` is not known"]),
        (
            "kms/aws",
            "key_statements = [merge(var.s, { sid = 1 })]",
            ["`${merge(var.s, { sid = 1 })}` is not known"],
        ),
        (
            "kms/aws",
            f"key_statements = [for x in var.s : {STATEMENT}]",
            [f"`${{[for x in var.s : {STATEMENT}]}}` is not known"],
        ),
    ],
)
def test_statement_that_is_not_known_is_listed(module: str, given: str, reasons: list[str]) -> None:
    found = load_text(call(f"terraform-aws-modules/{module}", given))

    assert [n.reason for n in found.not_analysed] == reasons


@pytest.mark.parametrize(
    ("module", "name"),
    [(module, name) for (module, name), row in inputs().items() if row.statements],
)
@pytest.mark.parametrize("given", ["var.p", "[var.p]", "[{ statements = var.p }]"])
def test_list_of_policies_that_is_not_known_is_listed(module: str, name: str, given: str) -> None:
    row = inputs()[module, name]
    switch = [f"{row.switch} = true"] if row.switch else []
    value_ = given.replace("statements", row.statements or "")

    found = load_text(call(module, *switch, f"{name} = {value_}"))

    assert [(n.kind, n.reason) for n in found.not_analysed] == [
        (row.kind, "`${var.p}` is not known")
    ]


@pytest.mark.parametrize("given", ["var.p", "[var.p]", "{ a = var.p }"])
@pytest.mark.parametrize(
    ("name", "element"), [("principals", "Principal"), ("conditions", "Condition")]
)
def test_principals_and_conditions_that_are_not_known_are_unknown(
    name: str, element: str, given: str
) -> None:
    statement = f'{{ actions = ["kms:*"], {name} = {given} }}'

    (document,) = load_text(
        call("terraform-aws-modules/kms/aws", f"key_statements = [{statement}]")
    ).documents

    assert isinstance(value(document)[0][element], Unknown)  # type: ignore[index]  # it is a list


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (
            '{ principal = "events.amazonaws.com", action = "lambda:GetFunction" }',
            {"Principal": {"Service": "events.amazonaws.com"}, "Action": "lambda:GetFunction"},
        ),
        (
            '{ service = "apigateway", source_arn = "arn:aws:execute-api:*:111122223333:a/*" }',
            {
                "Principal": {"Service": "apigateway.amazonaws.com"},
                "Action": "lambda:InvokeFunction",
                "Condition": {
                    "ArnLike": {"aws:SourceArn": "arn:aws:execute-api:*:111122223333:a/*"}
                },
            },
        ),
        (
            '{ principal = "*", principal_org_id = "o-a1b2c3d4e5", source_account = null }',
            {
                "Principal": "*",
                "Action": "lambda:InvokeFunction",
                "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
            },
        ),
        (
            "{ service = var.x }",
            {"Principal": Unknown("${var.x}"), "Action": "lambda:InvokeFunction"},
        ),
    ],
)
@pytest.mark.parametrize(
    "module",
    ["terraform-aws-modules/lambda/aws", "terraform-aws-modules/lambda/aws//modules/alias"],
)
def test_each_trigger_of_a_function_is_a_permission(
    module: str, given: str, wanted: Mapping[str, object]
) -> None:
    found = load_text(call(module, f"allowed_triggers = {{ x = {given}, y = var.other }}"))

    (document,) = found.documents
    assert document.attachment.resource_type == "AWS::Lambda::Function"
    assert value(document) == [{"Effect": "Allow", **wanted, "Resource": Unknown("…")}]
    assert [n.reason for n in found.not_analysed] == ["`${var.other}` is not known"]


@pytest.mark.parametrize(
    "given",
    [
        '{ X = { actions = ["s3:*"], effect = "Allow", resources = ["*"] } }',
        '{ X = { actions = ["s3:*"], effect = "Allow" } }',
        '{X={actions=["s3:*"],resources=["*"]}}',
        '[{\tAction = "s3:*", Resource = "*" }]',
        '{ "x" = { "principal" = "*", "action" = "lambda:InvokeFunction" } }',
    ],
)
def test_statements_are_listed_in_a_file_without_another_word_of_policies(given: str) -> None:
    found = load_text(call("acme/thing/aws", f"permissions = {given}"))

    assert [n.reason for n in found.not_analysed] == [
        "how the module `acme/thing/aws` uses these statements is not known"
    ]


@pytest.mark.parametrize(
    "given",
    [
        '{ alarm_actions = ["arn:aws:sns:eu-west-1:111122223333:t"], resources = ["a"] }',
        '{ action = "forward", target = "x" }',
        '{ principal = "ann", role = "admin" }',
    ],
)
def test_other_values_of_a_module_are_not_listed(given: str) -> None:
    found = load_text(call("acme/thing/aws", f"rules = [{given}]"))

    assert (found.documents, found.not_analysed) == ((), ())


@pytest.mark.parametrize(
    ("given", "is_listed"),
    [
        ('{ X = { actions = ["s3:*"], effect = "Allow", resources = ["*"] } }', True),
        ('{ X = { alarm_actions = ["a"], resources = ["*"] } }', False),
    ],
)
def test_statements_that_terragrunt_gives_are_listed(given: str, *, is_listed: bool) -> None:
    text = f'terraform {{ source = "tfr:///acme/thing/aws" }}\ninputs = {{ permissions = {given} }}'
    found = load_text(text, "terragrunt.hcl")

    wanted = [(("inputs",), "how the module uses these statements is not known")]
    assert [(n.pointer, n.reason) for n in found.not_analysed] == (wanted if is_listed else [])
