"""Statements made of separate properties, in templates, modules, plans and states."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from iamlint.catalog import Catalog
from iamlint.linter.check import CheckOptions, check_documents
from iamlint.load import Certainty, Document
from iamlint.load.cloudformation.table import table as templates
from iamlint.load.permissions import forms
from iamlint.load.terraform.aws import cloud_control
from iamlint.load.terraform.aws.table import table as modules
from iamlint.policy.grammar import Kind
from iamlint.rule import OwnAccounts, Profile
from iamlint.rule.finding import Finding
from iamlint.rules import BUILTIN
from iamlint.text.source import Partial, Unknown
from tests.support.loading import load_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from iamlint.text.source import Value

SETTINGS = CheckOptions(rules=BUILTIN, catalog=Catalog.open())
DEFAULT = CheckOptions(
    rules=tuple(rule for rule in BUILTIN if rule.profile is Profile.DEFAULT),
    catalog=Catalog.open(),
    home=OwnAccounts("111122223333"),
)
FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:f"
TOPIC = "arn:aws:sns:eu-west-1:111122223333:t"
PROFILE = Partial(
    (
        *("arn:", Unknown("${AWS::Partition}"), ":signer:", Unknown("${AWS::Region}"), ":"),
        *(Unknown("${AWS::AccountId}"), ":/signing-profiles/p"),
    )
)


def read(text: str, name: str) -> list[Document]:
    loaded = load_text(text, name)
    assert [item.reason for item in loaded.not_analysed] == []
    assert loaded.broken == ()
    return list(loaded.documents)


def template(type_: str, properties: Value) -> str:
    thing = {"Type": type_, "Properties": properties}
    return json.dumps({"Resources": {"Thing": thing}})


def module(type_: str, attributes: dict[str, Value]) -> str:
    lines = [f'resource "{type_}" "x" {{']
    for name, value in attributes.items():
        if isinstance(value, dict):
            lines += [f"  {name} {{"]
            lines += [f"    {inner} = {json.dumps(each)}" for inner, each in value.items()]
            lines += ["  }"]
        else:
            lines.append(f"  {name} = {json.dumps(value)}")
    return "\n".join([*lines, "}\n"])


def plan(type_: str, attributes: dict[str, Value]) -> str:
    after = {n: [v] if isinstance(v, dict) else v for n, v in attributes.items()}
    change = {"before": None, "after": after}
    resource = {"address": f"{type_}.x", "type": type_, "mode": "managed", "change": change}
    return json.dumps({"format_version": "1.2", "resource_changes": [resource]})


def state(type_: str, attributes: dict[str, Value]) -> str:
    after = {n: [v] if isinstance(v, dict) else v for n, v in attributes.items()}
    resource = {"mode": "managed", "type": type_, "name": "x", "instances": [{"attributes": after}]}
    return json.dumps({"version": 4, "lineage": "l", "resources": [resource]})


def statement_of(document: Document) -> Value:
    value = document.value
    assert isinstance(value, dict)
    assert value["Version"] == "2012-10-17"
    assert isinstance(value["Statement"], list)
    (statement,) = value["Statement"]
    return statement


ALLOW: dict[str, Value] = {"Effect": "Allow"}
TEMPLATES: dict[str, tuple[dict[str, Value], dict[str, Value]]] = {
    "AWS::Lambda::Permission": (
        {
            "FunctionName": FUNCTION,
            "Action": "lambda:InvokeFunction",
            "Principal": "sns.amazonaws.com",
            "SourceArn": TOPIC,
            "SourceAccount": "111122223333",
            "PrincipalOrgID": "o-a1b2c3d4e5",
            "FunctionUrlAuthType": "AWS_IAM",
            "InvokedViaFunctionUrl": True,
            "EventSourceToken": "token",
        },
        {
            "Action": "lambda:InvokeFunction",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Resource": FUNCTION,
            "Condition": {
                "ArnLike": {"aws:SourceArn": TOPIC},
                "StringEquals": {
                    "aws:SourceAccount": "111122223333",
                    "aws:PrincipalOrgID": "o-a1b2c3d4e5",
                    "lambda:FunctionUrlAuthType": "AWS_IAM",
                    "lambda:EventSourceToken": "token",
                },
                "Bool": {"lambda:InvokedViaFunctionUrl": True},
            },
        },
    ),
    "AWS::Lambda::LayerVersionPermission": (
        {
            "LayerVersionArn": "arn:aws:lambda:eu-west-1:111122223333:layer:l:3",
            "Action": "lambda:GetLayerVersion",
            "Principal": "*",
            "OrganizationId": "o-a1b2c3d4e5",
        },
        {
            "Action": "lambda:GetLayerVersion",
            "Principal": "*",
            "Resource": "arn:aws:lambda:eu-west-1:111122223333:layer:l:3",
            "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
        },
    ),
    "AWS::Events::EventBusPolicy": (
        {
            "EventBusName": "arn:aws:events:eu-west-1:111122223333:event-bus/b",
            "StatementId": "Organization",
            "Action": "events:PutEvents",
            "Principal": "*",
            "Condition": {"Type": "StringEquals", "Key": "aws:PrincipalOrgID", "Value": "o-a1b2c3"},
        },
        {
            "Sid": "Organization",
            "Action": "events:PutEvents",
            "Principal": "*",
            "Resource": "arn:aws:events:eu-west-1:111122223333:event-bus/b",
            "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3"}},
        },
    ),
    "AWS::EntityResolution::PolicyStatement": (
        {
            "Arn": "arn:aws:entityresolution:eu-west-1:111122223333:idnamespace/n",
            "StatementId": "others",
            "Effect": "Deny",
            "Action": ["entityresolution:GetIdNamespace"],
            "Principal": ["444455556666", "cleanrooms.amazonaws.com"],
            "Condition": '{"StringEquals": {"aws:SourceAccount": "444455556666"}}',
        },
        {
            "Sid": "others",
            "Effect": "Deny",
            "Action": ["entityresolution:GetIdNamespace"],
            "Principal": {"AWS": ["444455556666"], "Service": ["cleanrooms.amazonaws.com"]},
            "Resource": "arn:aws:entityresolution:eu-west-1:111122223333:idnamespace/n",
            "Condition": {"StringEquals": {"aws:SourceAccount": "444455556666"}},
        },
    ),
    "AWS::Signer::ProfilePermission": (
        {
            "ProfileName": "p",
            "ProfileVersion": "abcdefghij",
            "StatementId": "sign",
            "Action": "signer:StartSigningJob",
            "Principal": "arn:aws:iam::444455556666:role/signer",
        },
        {
            "Sid": "sign",
            "Action": "signer:StartSigningJob",
            "Principal": {"AWS": "arn:aws:iam::444455556666:role/signer"},
            "Resource": PROFILE,
            "Condition": {"StringEquals": {"signer:ProfileVersion": "abcdefghij"}},
        },
    ),
    "AWS::QBusiness::Permission": (
        {
            "ApplicationId": "arn:aws:qbusiness:eu-west-1:111122223333:application/a",
            "StatementId": "search",
            "Actions": ["qbusiness:SearchRelevantContent"],
            "Principal": "arn:aws:iam::444455556666:role/isv",
            "Conditions": [
                {
                    "ConditionOperator": "StringEquals",
                    "ConditionKey": "aws:PrincipalTag/qbusiness-dataaccessor:ExternalId",
                    "ConditionValues": ["secret"],
                }
            ],
        },
        {
            "Sid": "search",
            "Action": ["qbusiness:SearchRelevantContent"],
            "Principal": {"AWS": "arn:aws:iam::444455556666:role/isv"},
            "Resource": "arn:aws:qbusiness:eu-west-1:111122223333:application/a",
            "Condition": {
                "StringEquals": {"aws:PrincipalTag/qbusiness-dataaccessor:ExternalId": ["secret"]}
            },
        },
    ),
}
MODULES: dict[str, tuple[dict[str, Value], dict[str, Value]]] = {
    "aws_lambda_permission": (
        {
            "statement_id": "topic",
            "function_name": FUNCTION,
            "qualifier": "live",
            "action": "lambda:InvokeFunction",
            "principal": "sns.amazonaws.com",
            "source_arn": TOPIC,
            "source_account": "111122223333",
            "principal_org_id": "o-a1b2c3d4e5",
            "function_url_auth_type": "AWS_IAM",
            "event_source_token": "token",
        },
        {
            "Sid": "topic",
            "Action": "lambda:InvokeFunction",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Resource": f"{FUNCTION}:live",
            "Condition": {
                "ArnLike": {"aws:SourceArn": TOPIC},
                "StringEquals": {
                    "aws:SourceAccount": "111122223333",
                    "aws:PrincipalOrgID": "o-a1b2c3d4e5",
                    "lambda:FunctionUrlAuthType": "AWS_IAM",
                    "lambda:EventSourceToken": "token",
                },
            },
        },
    ),
    "aws_lambda_function_url": (
        {"function_name": FUNCTION, "authorization_type": "NONE"},
        {
            "Action": "lambda:InvokeFunctionUrl",
            "Principal": "*",
            "Resource": FUNCTION,
            "Condition": {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}},
        },
    ),
    "aws_lambda_layer_version_permission": (
        {
            "statement_id": "organization",
            "layer_name": "arn:aws:lambda:eu-west-1:111122223333:layer:l",
            "version_number": 3,
            "action": "lambda:GetLayerVersion",
            "principal": "*",
            "organization_id": "o-a1b2c3d4e5",
        },
        {
            "Sid": "organization",
            "Action": "lambda:GetLayerVersion",
            "Principal": "*",
            "Resource": "arn:aws:lambda:eu-west-1:111122223333:layer:l:3",
            "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
        },
    ),
    "aws_cloudwatch_event_permission": (
        {
            "statement_id": "Organization",
            "event_bus_name": "arn:aws:events:eu-west-1:111122223333:event-bus/b",
            "action": "events:PutEvents",
            "principal": "*",
            "condition": {"type": "StringEquals", "key": "aws:PrincipalOrgID", "value": "o-a1b2c3"},
        },
        {
            "Sid": "Organization",
            "Action": "events:PutEvents",
            "Principal": "*",
            "Resource": "arn:aws:events:eu-west-1:111122223333:event-bus/b",
            "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3"}},
        },
    ),
    "aws_signer_signing_profile_permission": (
        {
            "statement_id": "sign",
            "profile_name": "p",
            "profile_version": "abcdefghij",
            "action": "signer:StartSigningJob",
            "principal": "444455556666",
        },
        {
            "Sid": "sign",
            "Action": "signer:StartSigningJob",
            "Principal": {"AWS": "444455556666"},
            "Resource": Unknown("…"),
            "Condition": {"StringEquals": {"signer:ProfileVersion": "abcdefghij"}},
        },
    ),
}
WRITTEN = {"main.tf": module, "plan.json": plan, "terraform.tfstate": state}


def test_every_row_without_a_path_is_tried_here() -> None:
    assert {t for t, rows in templates().rows.items() if any(not r.path for r in rows)} == set(
        TEMPLATES
    )
    assert {t for t, rows in modules().resources.items() if any(not r.path for r in rows)} == set(
        MODULES
    )


@pytest.mark.parametrize("type_", TEMPLATES)
def test_properties_of_a_template_are_the_statement_that_aws_adds(type_: str) -> None:
    properties, expected = TEMPLATES[type_]

    (document,) = read(template(type_, properties), "template.json")

    assert statement_of(document) == {**ALLOW, **expected}
    assert document.policy.problems == ()
    assert (document.kind, document.certainty) == (Kind.RESOURCE, Certainty.TABLE)
    assert document.pointer == ("Resources", "Thing", "Properties")
    arn = expected["Resource"]
    assert document.attachment.arn == (None if isinstance(arn, Unknown) else arn)


@pytest.mark.parametrize("type_", MODULES)
@pytest.mark.parametrize("name", WRITTEN)
def test_attributes_are_the_same_statement_in_modules_plans_and_states(
    name: str, type_: str
) -> None:
    attributes, expected = MODULES[type_]

    (document,) = read(WRITTEN[name](type_, attributes), name)

    assert statement_of(document) == {**ALLOW, **expected}
    assert document.policy.problems == ()
    assert (document.kind, document.certainty) == (Kind.RESOURCE, Certainty.TABLE)
    assert document.attachment.address == f"{type_}.x"
    arn = expected["Resource"]
    assert document.attachment.arn == (None if isinstance(arn, Unknown) else arn)


def spelt_by_cloud_control(value: Value) -> Value:
    """Return properties as the Cloud Control provider spells them."""
    if isinstance(value, list):
        return [spelt_by_cloud_control(item) for item in value]
    if not isinstance(value, dict):
        return value
    word = re.compile(r"(?<=[a-z])(?=[A-Z])")
    return {word.sub("_", n).lower(): spelt_by_cloud_control(v) for n, v in value.items()}


@pytest.mark.parametrize("type_", TEMPLATES)
@pytest.mark.parametrize("name", ["main.tf", "plan.json"])
def test_the_same_statement_comes_of_the_types_of_cloud_control(name: str, type_: str) -> None:
    properties, expected = TEMPLATES[type_]
    if expected["Resource"] == PROFILE:  # modules do not say what the ARNs of profiles are
        expected = {**expected, "Resource": Unknown("…")}
    attributes = spelt_by_cloud_control(properties)
    assert isinstance(attributes, dict)

    (document,) = read(WRITTEN[name](cloud_control.name_of(type_), attributes), name)

    assert statement_of(document) == {**ALLOW, **expected}
    assert document.joins


def marked(document: Document, *pointer: str | int) -> str:
    place = document.source.locate(("Statement", 0, *pointer))
    return document.source.text[place.start : place.end]


def _holds_tests(name: str, value: Value) -> bool:
    return name.lower().startswith("condition") and not isinstance(value, str)


PROPERTIES = [
    pytest.param(type_, name, id=f"{type_}.{name}")
    for type_, (properties, _) in {**TEMPLATES, **MODULES}.items()
    for name, value in properties.items()
    if name not in ("qualifier", "version_number") and not _holds_tests(name, value)
]
TESTS = {
    "AWS::Events::EventBusPolicy": ("aws:PrincipalOrgID", '"o-a1b2c3"'),
    "AWS::QBusiness::Permission": (
        "aws:PrincipalTag/qbusiness-dataaccessor:ExternalId",
        '["secret"]',
    ),
    "aws_cloudwatch_event_permission": ("aws:PrincipalOrgID", '"o-a1b2c3"'),
}


def documents_of(type_: str, more: dict[str, Value]) -> list[Document]:
    if type_ in TEMPLATES:
        return read(template(type_, {**TEMPLATES[type_][0], **more}), "template.json")
    return read(module(type_, {**MODULES[type_][0], **more}), "main.tf")


@pytest.mark.parametrize(("type_", "name"), PROPERTIES)
def test_each_property_stands_where_it_is_written(type_: str, name: str) -> None:
    rows = (templates().rows if type_ in TEMPLATES else modules().resources)[type_]
    element = next(forms()[row.shape].elements[name] for row in rows if not row.path)
    properties, _ = {**TEMPLATES, **MODULES}[type_]

    (document,) = documents_of(type_, {})

    assert marked(document, *element) == json.dumps(properties[name])


@pytest.mark.parametrize("type_", TESTS)
def test_parts_of_a_condition_stand_where_they_are_written(type_: str) -> None:
    key, values = TESTS[type_]

    (document,) = documents_of(type_, {})

    assert marked(document, "Condition", "StringEquals") == '"StringEquals"'
    assert marked(document, "Condition", "StringEquals", key) == values


ACTIONS = [
    *(pytest.param(template, t, TEMPLATES[t][0], "template.json", id=t) for t in TEMPLATES),
    *(
        pytest.param(write, t, MODULES[t][0], name, id=f"{t} in {name}")
        for name, write in WRITTEN.items()
        for t in MODULES
        if any(each.lower() in ("action", "actions") for each in MODULES[t][0])
    ),
]


@pytest.mark.parametrize(("write", "type_", "properties", "name"), ACTIONS)
def test_a_planted_fault_is_reported_on_its_characters(
    write: Callable[[str, dict[str, Value]], str],
    type_: str,
    properties: dict[str, Value],
    name: str,
) -> None:
    wrong = "lambda:InvokeFunktion"
    action = next(each for each in properties if each.lower() in ("action", "actions"))
    value: Value = [wrong] if isinstance(properties[action], list) else wrong
    text = write(type_, {**properties, action: value})

    findings = [f for f in check_documents(read(text, name), SETTINGS) if isinstance(f, Finding)]

    places = [
        text[f.range.start.offset : f.range.end.offset]
        for f in findings
        if f.rule == "unknown-action"
    ]
    assert places == [f'"{wrong}"']


def permission(**properties: Value) -> dict[str, Value]:
    allowed = {"FunctionName": "f", "Action": "lambda:InvokeFunction"}
    return {**allowed, **properties}


def of_lambda(**properties: Value) -> list[Document]:
    return read(template("AWS::Lambda::Permission", permission(**properties)), "template.json")


ACCOUNT = Unknown("${AWS::AccountId}")
PRINCIPALS: list[tuple[Value, Value]] = [
    ("*", "*"),
    ("111122223333", {"AWS": "111122223333"}),
    (111122223333, {"AWS": "111122223333"}),
    ("arn:aws:iam::111122223333:role/r", {"AWS": "arn:aws:iam::111122223333:role/r"}),
    ("sns.amazonaws.com", {"Service": "sns.amazonaws.com"}),
    ("alexa-appkit.amazon.com", {"Service": "alexa-appkit.amazon.com"}),
    ({"Ref": "AWS::AccountId"}, {"AWS": ACCOUNT}),
    (
        {"Fn::Sub": "logs.${AWS::Region}.amazonaws.com"},
        {"Service": Partial(("logs.", Unknown("${AWS::Region}"), ".amazonaws.com"))},
    ),
    (
        {"Fn::Join": ["", ["apigateway.", {"Ref": "AWS::URLSuffix"}]]},
        {"Service": Partial(("apigateway.", Unknown("${AWS::URLSuffix}")))},
    ),
    (
        {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"},
        {"AWS": Partial(("arn:aws:iam::", ACCOUNT, ":root"))},
    ),
    ({"Ref": "Parameter"}, Unknown("${Parameter}")),
    ({"Fn::GetAtt": ["Role", "Arn"]}, Unknown("${Role.Arn}")),
]


@pytest.mark.parametrize(("written", "expected"), PRINCIPALS)
def test_a_principal_is_what_its_form_says(written: Value, expected: Value) -> None:
    (document,) = of_lambda(Principal=written)

    statement = statement_of(document)
    assert isinstance(statement, dict)
    assert statement["Principal"] == expected


def test_each_choice_of_a_condition_is_a_statement_of_its_own() -> None:
    documents = of_lambda(
        Principal={"Fn::If": ["Open", "*", "sns.amazonaws.com"]},
        SourceArn={"Fn::If": ["Open", {"Ref": "AWS::NoValue"}, TOPIC]},
    )

    assert [(d.when, statement_of(d)) for d in documents] == [
        (when, {**ALLOW, "Action": "lambda:InvokeFunction", "Resource": resource, **rest})
        for when, resource, rest in (
            ("Open", RESOURCE, {"Principal": "*"}),
            (
                "not Open",
                RESOURCE,
                {
                    "Principal": {"Service": "sns.amazonaws.com"},
                    "Condition": {"ArnLike": {"aws:SourceArn": TOPIC}},
                },
            ),
        )
    ]


RESOURCE = Partial(
    (
        "arn:",
        Unknown("${AWS::Partition}"),
        ":lambda:",
        Unknown("${AWS::Region}"),
        ":",
        ACCOUNT,
        ":function:f",
    )
)


def test_a_resource_that_says_nothing_of_what_it_allows_is_no_statement() -> None:
    assert read(template("AWS::Events::EventBusPolicy", {"EventBusName": "b"}), "t.json") == []


def test_event_bus_policy_with_a_statement_is_that_statement_alone() -> None:
    statement: Value = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "events:PutEvents",
        "Resource": "*",
    }
    properties: Value = {"StatementId": "s", "Statement": statement}

    (document,) = read(template("AWS::Events::EventBusPolicy", properties), "t.json")

    assert document.value == {"Version": "2012-10-17", "Statement": statement}
    assert document.joins


def test_event_permission_of_a_module_allows_to_put_events_where_it_does_not_say() -> None:
    (document,) = read(
        module("aws_cloudwatch_event_permission", {"principal": "*", "statement_id": "s"}),
        "main.tf",
    )

    assert [a.text for a in document.policy.statements[0].actions] == ["events:PutEvents"]


def test_what_terraform_knows_only_later_is_unknown() -> None:
    change = {
        "after": {"action": "lambda:InvokeFunction", "principal": "sns.amazonaws.com"},
        "after_unknown": {"source_arn": True, "function_name": True},
    }
    resource = {"address": "p", "type": "aws_lambda_permission", "change": change}
    text = json.dumps({"format_version": "1.2", "resource_changes": [resource]})

    (document,) = read(text, "plan.json")

    assert statement_of(document) == {
        **ALLOW,
        "Action": "lambda:InvokeFunction",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Resource": Unknown("${p.function_name}"),
        "Condition": {"ArnLike": {"aws:SourceArn": Unknown("(known after apply)")}},
    }


def test_every_turn_of_a_loop_is_a_permission() -> None:
    text = f"""
resource "aws_lambda_permission" "each" {{
  for_each      = toset(["sns.amazonaws.com", "*"])
  action        = "lambda:InvokeFunction"
  function_name = "{FUNCTION}"
  principal     = each.value
}}
"""
    documents = read(text, "main.tf")

    assert [[p.text for p in d.policy.statements[0].principals] for d in documents] == [
        ["*"],
        ["sns.amazonaws.com"],
    ]


def told(text: str, name: str, settings: CheckOptions = DEFAULT) -> list[tuple[str, str]]:
    found = [f for f in check_documents(read(text, name), settings) if isinstance(f, Finding)]
    return [(f.rule, text[f.range.start.offset : f.range.end.offset]) for f in found]


REST_API: Value = {
    "Fn::Sub": "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/GET/"
}
OWN: Value = {"Ref": "AWS::AccountId"}
# As AWS's guides, SAM and CDK write them.
QUIET: list[dict[str, Value]] = [
    {"Principal": "apigateway.amazonaws.com", "SourceArn": REST_API},
    {"Principal": "s3.amazonaws.com", "SourceArn": "arn:aws:s3:::b", "SourceAccount": OWN},
    {"Principal": "s3.amazonaws.com", "SourceAccount": OWN},
    {"Principal": "sns.amazonaws.com", "SourceArn": {"Ref": "Topic"}},
    {"Principal": "events.amazonaws.com", "SourceArn": {"Fn::GetAtt": ["Rule", "Arn"]}},
    {"Principal": "scheduler.amazonaws.com", "SourceArn": {"Ref": "Schedule"}},
    {"Principal": "cognito-idp.amazonaws.com", "SourceArn": {"Fn::GetAtt": ["Pool", "Arn"]}},
    {
        "Principal": {"Fn::Sub": "logs.${AWS::Region}.amazonaws.com"},
        "SourceArn": {"Fn::GetAtt": ["LogGroup", "Arn"]},
    },
    {"Principal": "iot.amazonaws.com", "SourceArn": {"Fn::GetAtt": ["Rule", "Arn"]}},
    {"Principal": "config.amazonaws.com", "SourceAccount": OWN},
    {"Principal": "elasticloadbalancing.amazonaws.com"},
    {"Principal": "secretsmanager.amazonaws.com"},
    {"Principal": "alexa-appkit.amazon.com", "EventSourceToken": "amzn1.ask.skill.x"},
    {"Principal": "*", "PrincipalOrgID": "o-a1b2c3d4e5"},
    {"Principal": {"Ref": "Caller"}},
    {"Principal": OWN},
    {"Principal": "cloudfront.amazonaws.com", "SourceArn": {"Fn::Sub": "arn:aws:cloudfront::${X}"}},
]


@pytest.mark.parametrize("properties", QUIET, ids=lambda p: str(p["Principal"]))
def test_permissions_as_guides_and_generators_write_them_are_no_finding(
    properties: dict[str, Value],
) -> None:
    text = template("AWS::Lambda::Permission", permission(**properties))

    assert told(text, "template.json") == []


LOUD: list[tuple[dict[str, Value], tuple[str, str]]] = [
    ({"Principal": "*"}, ("public-resource-policy", '"*"')),
    (
        {"Principal": "*", "FunctionUrlAuthType": "NONE", "Action": "lambda:InvokeFunctionUrl"},
        ("public-resource-policy", '"*"'),
    ),
    (
        {"Principal": "sns.amazonaws.com"},
        ("service-principal-without-source", '"sns.amazonaws.com"'),
    ),
    ({"Principal": "444455556666"}, ("cross-account-resource-policy", '"444455556666"')),
]


@pytest.mark.parametrize(("properties", "finding"), LOUD)
def test_what_opens_a_function_is_reported_on_the_principal(
    properties: dict[str, Value], finding: tuple[str, str]
) -> None:
    text = template("AWS::Lambda::Permission", permission(**properties))

    assert told(text, "template.json") == [finding]


def test_what_is_not_written_is_reported_on_the_resource() -> None:
    properties = permission()
    text = template("AWS::Lambda::Permission", properties)

    assert told(text, "template.json") == [("missing-principal", json.dumps(properties))]


@pytest.mark.parametrize("type_", [*TEMPLATES, *MODULES])
def test_nobody_is_told_of_elements_that_nobody_wrote(type_: str) -> None:
    found = [
        f for f in check_documents(documents_of(type_, {}), SETTINGS) if isinstance(f, Finding)
    ]

    assert [f.rule for f in found if f.family in ("syntax", "hygiene", "quotas")] == []


@pytest.mark.parametrize("type_", ["AWS::QBusiness::Permission", "aws_lambda_permission"])
def test_what_a_rule_could_mend_is_told_and_no_edit_is_offered(type_: str) -> None:
    name = "Actions" if type_ in TEMPLATES else "action"
    twice: Value = ["lambda:GetPolicy", "lambda:GetPolicy"]

    found = [
        f
        for f in check_documents(documents_of(type_, {name: twice}), SETTINGS)
        if isinstance(f, Finding)
    ]

    assert [(f.rule, f.fix) for f in found if f.family == "redundancy"] == [
        ("redundant-action", None)
    ]
