"""Carriers of CloudFormation, SAM and CDK."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from iamlint.policy.grammar import Kind
from tests.load.carriers.carrier import (
    AT_HOME,
    HOMES,
    ROLES,
    CannotSayError,
    Carrier,
    Item,
    Policy,
    dumped,
    statements,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FORMAT: Final = "CloudFormation, SAM, CDK"
PROPERTIES: Final = "the properties below"
FUNCTIONS: Final = "`Fn::If`, `Fn::ForEach` and `Fn::ToJsonString` in them"
STRINGS: Final = "JSON in strings and in `Fn::Sub`"
OF_RESOURCES: Final = frozenset({Kind.RESOURCE})
NO_VALUE: Final = {"Ref": "AWS::NoValue"}


def resource(item: Item, policy: Policy) -> dict[str, Any]:
    """Return the usual resource of a kind of policy."""
    home = HOMES[item.kind]
    type_, name = home.template
    beside = {key.capitalize(): value for key, value in home.beside.items()}
    return {"Type": type_, "Properties": {**beside, name: policy}}


def template(
    items: Sequence[Item], policy: Callable[[Policy], Policy] = lambda policy: policy
) -> dict[str, Any]:
    return {"Resources": {item.name: resource(item, policy(item.policy)) for item in items}}


def conditional(items: Sequence[Item]) -> str:
    found = template(items, lambda policy: {"Fn::If": ["Wanted", policy, NO_VALUE]})
    condition = {"Fn::Equals": [{"Ref": "Stage"}, "live"]}
    return text(
        {"Parameters": {"Stage": {"Type": "String"}}, "Conditions": {"Wanted": condition}, **found}
    )


def looped(items: Sequence[Item]) -> str:
    loops = {
        f"Fn::ForEach::{item.name}": [
            "Turn",
            ["One"],
            {f"{item.name}${{Turn}}": resource(item, item.policy)},
        ]
        for item in items
    }
    return text({"Transform": "AWS::LanguageExtensions", "Resources": loops})


def closed(policy: Policy) -> None:
    """Raise where a variable has no end: `Fn::Sub` takes the rest of the policy for its name."""
    if re.search(r'\$\{[^}"]*"', json.dumps(policy)):
        raise CannotSayError


def substituted(items: Sequence[Item]) -> str:
    def policy(value: Policy) -> Policy:
        return {"Fn::Sub": text(value).replace("${", "${!")}

    return text(template(items, policy))


def substituted_with_names(items: Sequence[Item]) -> str:
    def policy(value: Policy) -> Policy:
        return {"Fn::Sub": [text(value).replace("${", "${!"), {"Unused": "x"}]}

    return dumped(template(items, policy))


def joined(items: Sequence[Item]) -> str:
    def policy(value: Policy) -> Policy:
        before, colon, after = text(value).partition(":")
        return {"Fn::Join": ["", [before, colon, after]]}

    return text(template(items, policy))


def in_block(items: Sequence[Item]) -> str:
    """Return policies as block scalars of YAML, with a short form of `Fn::Sub`."""
    written = ["Resources:"]
    for item in items:
        home = HOMES[item.kind]
        type_, name = home.template
        written += [f"  {item.name}:", f"    Type: {type_}", "    Properties:"]
        written += [f"      {key.capitalize()}: {value}" for key, value in home.beside.items()]
        policy = text(item.policy).replace("${", "${!")
        written += [f"      {name}: !Sub |", *(f"        {line}" for line in policy.splitlines())]
    return "\n".join([*written, ""])


def inline(items: Sequence[Item]) -> str:
    resources = {
        item.name: {
            "Type": "AWS::IAM::Role",
            "Properties": {"Policies": [{"PolicyName": "x", "PolicyDocument": item.policy}]},
        }
        for item in items
    }
    return dumped({"Resources": resources})


def of_sam(items: Sequence[Item], *, is_list: bool) -> str:
    resources = {}
    for item in items:
        name = "Policies" if item.kind is Kind.IDENTITY else "AssumeRolePolicyDocument"
        is_in_list = is_list and item.kind is Kind.IDENTITY
        properties = {name: [item.policy] if is_in_list else item.policy}
        resources[item.name] = {"Type": "AWS::Serverless::Function", "Properties": properties}
    return dumped({"Transform": "AWS::Serverless-2016-10-31", "Resources": resources})


def of_apis(items: Sequence[Item]) -> str:
    resources = {
        item.name: {
            "Type": "AWS::Serverless::Api",
            "Properties": {
                "Auth": {"ResourcePolicy": {"CustomStatements": statements(item.policy)}}
            },
        }
        for item in items
    }
    return dumped({"Transform": "AWS::Serverless-2016-10-31", "Resources": resources})


def bodies(items: Sequence[Item]) -> str:
    resources = {
        item.name: {
            "Type": "AWS::ApiGateway::RestApi",
            "Properties": {"Body": {"x-amazon-apigateway-policy": item.policy, "paths": {}}},
        }
        for item in items
    }
    return text({"Resources": resources})


def of_buses(items: Sequence[Item]) -> str:
    resources = {
        item.name: {
            "Type": "AWS::Events::EventBusPolicy",
            "Properties": {"StatementId": "x", "Statement": item.policy["Statement"]},
        }
        for item in items
    }
    return text({"Resources": resources})


def synthesized(items: Sequence[Item]) -> str:
    found = template(items)
    for name, of_name in found["Resources"].items():
        of_name["Metadata"] = {"aws:cdk:path": f"Shop/{name}/Resource"}
    return text(found)


def stack_sets(items: Sequence[Item], write: Callable[[object], str]) -> str:
    resources = {
        item.name: {
            "Type": "AWS::CloudFormation::StackSet",
            "Properties": {"StackSetName": "x", "TemplateBody": write(template([item]))},
        }
        for item in items
    }
    return text({"Resources": resources})


def elsewhere(items: Sequence[Item]) -> str:
    resources = {
        item.name: {"Type": "Custom::Thing", "Properties": {"Grant": item.policy}} for item in items
    }
    return dumped({"Resources": resources})


def complete(policy: Policy) -> None:
    """Raise for a statement without resources, which the code of a custom resource may add."""
    for statement in statements(policy):
        if isinstance(statement, dict) and not {"Resource", "NotResource"} & statement.keys():
            raise CannotSayError


def including(items: Sequence[Item]) -> str:
    def policy(name: str) -> Policy:
        parameters = {"Location": f"{name}.inc.json"}
        return {"Fn::Transform": {"Name": "AWS::Include", "Parameters": parameters}}

    return text({"Resources": {item.name: resource(item, policy(item.name)) for item in items}})


def included(items: Sequence[Item]) -> dict[str, str]:
    return {f"{item.name}.inc.json": text(item.policy) for item in items}


def nesting(items: Sequence[Item]) -> str:
    resources = {
        item.name: {
            "Type": "AWS::CloudFormation::Stack",
            "Properties": {"TemplateURL": f"{item.name}.nested.yaml"},
        }
        for item in items
    }
    return text({"Resources": resources})


def nested(items: Sequence[Item]) -> dict[str, str]:
    return {f"{item.name}.nested.yaml": dumped(template([item])) for item in items}


def to_json(items: Sequence[Item]) -> str:
    found = template(items, lambda policy: {"Fn::ToJsonString": policy})
    return text({"Transform": "AWS::LanguageExtensions", **found})


CARRIERS: Final = (
    Carrier("template in json", FORMAT, PROPERTIES, "t.json", lambda i: text(template(i)), AT_HOME),
    Carrier(
        "template in yaml", FORMAT, PROPERTIES, "t.yaml", lambda i: dumped(template(i)), AT_HOME
    ),
    Carrier("inline policies", FORMAT, PROPERTIES, "t.yaml", inline, frozenset({Kind.IDENTITY})),
    Carrier(
        "event buses",
        FORMAT,
        PROPERTIES,
        "t.json",
        of_buses,
        OF_RESOURCES,
        is_bare=True,
        shape="statement",
    ),
    Carrier(
        "template with strings",
        FORMAT,
        STRINGS,
        "t.json",
        lambda i: text(template(i, text)),
        AT_HOME,
    ),
    Carrier("Fn::If", FORMAT, FUNCTIONS, "t.json", conditional, AT_HOME),
    Carrier("Fn::ForEach", FORMAT, FUNCTIONS, "t.json", looped, AT_HOME),
    Carrier("Fn::ToJsonString", FORMAT, FUNCTIONS, "t.json", to_json, AT_HOME),
    Carrier("Fn::Sub", FORMAT, STRINGS, "t.json", substituted, AT_HOME, says=closed),
    Carrier(
        "Fn::Sub with names",
        FORMAT,
        STRINGS,
        "t.yaml",
        substituted_with_names,
        AT_HOME,
        says=closed,
    ),
    Carrier("!Sub", FORMAT, STRINGS, "t.yaml", in_block, AT_HOME, says=closed),
    Carrier("Fn::Join", FORMAT, STRINGS, "t.json", joined, AT_HOME, rewrites=True),
    Carrier("api bodies", FORMAT, "OpenAPI bodies", "t.json", bodies, OF_RESOURCES),
    Carrier(
        "sam",
        FORMAT,
        "`Policies` of SAM, with its policy templates",
        "t.yaml",
        lambda i: of_sam(i, is_list=True),
        ROLES,
        shape="sam_policies",
    ),
    Carrier(
        "sam without a list",
        FORMAT,
        "`Policies` of SAM, with its policy templates",
        "t.yaml",
        lambda i: of_sam(i, is_list=False),
        ROLES,
        shape="sam_policies",
    ),
    Carrier(
        "sam apis",
        FORMAT,
        PROPERTIES,
        "t.yaml",
        of_apis,
        OF_RESOURCES,
        is_bare=True,
        shape="statement_list",
    ),
    Carrier("cdk.out", FORMAT, "output of CDK", "cdk.out/Shop.template.json", synthesized, AT_HOME),
    Carrier(
        "stack sets",
        FORMAT,
        "templates in the `TemplateBody` of stack sets",
        "t.json",
        lambda i: stack_sets(i, text),
        AT_HOME,
    ),
    Carrier(
        "stack sets in yaml",
        FORMAT,
        "templates in the `TemplateBody` of stack sets",
        "t.json",
        lambda i: stack_sets(i, dumped),
        AT_HOME,
        decodes=lambda text: text.replace("\\n", "\n"),
    ),
    Carrier(
        "included files",
        FORMAT,
        "files that `AWS::Include` and nested stacks name",
        "t.json",
        including,
        AT_HOME,
        beside=included,
    ),
    Carrier(
        "nested stacks",
        FORMAT,
        "files that `AWS::Include` and nested stacks name",
        "t.json",
        nesting,
        AT_HOME,
        beside=nested,
    ),
    Carrier(
        "elsewhere",
        FORMAT,
        "elsewhere values that look like a policy",
        "t.yaml",
        elsewhere,
        frozenset({Kind.IDENTITY}),
        by_shape=True,
        says=complete,
    ),
)
