"""What SAM adds to CloudFormation: `Policies` in three shapes, policy templates, `Globals`, roles.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from iamlint.load import signs
from iamlint.load.cloudformation.readings import Resolved, Spot, expanded_template
from iamlint.load.cloudformation.table import Reached, opened, reach
from iamlint.load.cloudformation.template import Resource
from iamlint.policy.spelling import closest
from iamlint.text.source import Unknown, nodes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.load.cloudformation.template import Template
    from iamlint.text.source import Value
    from iamlint.text.span import Pointer

_POLICY: Final = frozenset({"Statement", "Version", "Id"})
_GLOBALS: Final = {
    "Function": "AWS::Serverless::Function",
    "Api": "AWS::Serverless::Api",
    "StateMachine": "AWS::Serverless::StateMachine",
}

_CONNECTOR: Final = "AWS::Serverless::Connector"
_MAKERS: Final = frozenset({"AWS::Serverless::Function", "AWS::Serverless::StateMachine"})
# https://github.com/aws/serverless-application-model/blob/develop/samtranslator/model/sam_resources.py
_BASIC: Final = "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
_ADDING: Final = frozenset({"VpcConfig", "Tracing", "DeadLetterQueue", "EventInvokeConfig"})
_POLLED: Final = frozenset(
    {"DocumentDB", "DynamoDB", "Kinesis", "MQ", "MSK", "SQS", "SelfManagedKafka"}
)
ADDED: Final = "policies that SAM adds"
NO_NAME: Final = "policy where SAM takes the name of a managed policy"


@cache
def _templates() -> Mapping[str, Mapping[str, list[Value]]]:
    text = (files(__package__) / "sam_templates.json").read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, list[Value]]] = json.loads(text)["templates"]
    return found


def globals_of(template: Template) -> Iterator[Resource]:
    """Yield `Globals` as resources of the types that inherit from them."""
    at = (*template.root, "Globals")
    for name, properties in template.section("Globals").items():
        if name in _GLOBALS and isinstance(properties, dict):
            yield Resource(
                f"Globals.{name}", _GLOBALS[name], (*at, name), properties, None, {}, is_global=True
            )


def inherited(template: Template, resource: Resource) -> Mapping[str, Value]:
    """Return the properties that a resource has of `Globals`."""
    return next((g.properties for g in globals_of(template) if g.type == resource.type), {})


def roles_of(template: Template, resource: Resource) -> Iterator[str]:
    """Yield the role that SAM makes of a resource; for `Globals` those that it makes of them all.

    https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources-function.html
    """
    if resource.type not in _MAKERS:
        return
    others = template.resources() if resource.is_global else (resource,)
    general = inherited(template, resource)
    for one in others:
        has_own = resource.is_global and "AssumeRolePolicyDocument" in one.properties
        has_role = "Role" in one.properties or "Role" in general
        if one.type == resource.type and one.logical and not has_role and not has_own:
            yield f"role/{one.logical}Role"


def added(template: Template, resource: Resource) -> Iterator[str]:
    """Yield the managed policies that SAM gives the role it makes, and a name for all others."""
    if resource.type == "AWS::Serverless::Function":
        yield _BASIC
    properties = {**inherited(template, resource), **resource.properties}
    events = properties.get("Events")
    for event in events.values() if isinstance(events, dict) else ():
        if isinstance(event, dict) and event.get("Type") in _POLLED:
            yield ADDED
    if _ADDING & properties.keys() or resource.logical in template.connected:
        yield ADDED


def connectors(template: Template) -> Iterator[tuple[Pointer, str]]:
    """Yield each connector with its source, whose role SAM gives policies."""
    for resource in template.resources():
        if resource.type == _CONNECTOR:
            source = resource.properties.get("Source")
            name = source.get("Id") if isinstance(source, dict) else None
            yield resource.at, name if isinstance(name, str) else ""
        elif resource.has_connectors:
            yield (*resource.at, "Connectors"), resource.logical


def policies(node: Reached) -> Iterator[Reached]:
    """Yield each of `Policies`: one or a list, with conditions in and around it."""
    for choice in opened(node):
        if isinstance(choice.value, list):
            for item in reach(choice, ("*",)):
                yield from opened(item)
        else:
            yield choice


def speaks_of_a_policy(value: Value) -> bool:
    """Tell a policy where a managed policy is to be named, in a text or a function."""
    return any(
        signs.are_in_text(node) or (isinstance(node, dict) and signs.are_in_object(node))
        for node in nodes(value)
    )


def expanded(template: Template, spot: Spot) -> Resolved | str | None:
    """Return what a policy template of SAM stands for, or why not; None for all other policies."""
    value = spot.value
    if not isinstance(value, dict) or len(value) != 1 or _POLICY & value.keys():
        return None
    ((name, arguments),) = value.items()
    if name not in _templates():
        return None if closest(name, _POLICY) else f"`{name}` is no known policy template of SAM"
    return _expanded(template, spot, name, arguments if isinstance(arguments, dict) else {})


def generated(template: Template, spot: Spot) -> Resolved:
    """Return what the policy template of SAM at `spot` says by itself: no argument is known."""
    name = next(iter(spot.value)) if isinstance(spot.value, dict) else ""
    unknown = {
        word: Unknown("…") for word in _templates()[name]["parameters"] if isinstance(word, str)
    }
    return _expanded(template, spot, name, unknown)


def _expanded(
    template: Template, spot: Spot, name: str, arguments: Mapping[str, Value]
) -> Resolved:
    definition: Value = {
        "Version": "2012-10-17",
        "Statement": list(_templates()[name]["statements"]),
    }
    return expanded_template(template, replace(spot, at=(*spot.at, name)), definition, arguments)
