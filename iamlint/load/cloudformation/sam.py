"""What SAM adds to CloudFormation: `Policies` in three shapes, policy templates, `Globals`, roles.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass, replace
from iamlint.load.cloudformation.generated import GLOBALS, MAKERS
from iamlint.load.cloudformation.readings import Resolved, Spot, expanded_template
from iamlint.load.cloudformation.refs import name_in_arn, ref, text, text_of
from iamlint.load.cloudformation.resources import Resource
from iamlint.load.cloudformation.table import Reached, reach, split_by_condition
from iamlint.load.link import Thing
from iamlint.load.unread import signs
from iamlint.policy.spelling import closest
from iamlint.text.source import Unknown, join_parts, nodes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.load.cloudformation.intrinsics import Text
    from iamlint.load.cloudformation.template import Template
    from iamlint.load.link import Ref
    from iamlint.text.source import Value
    from iamlint.text.span import Pointer

_POLICY: Final = frozenset({"Statement", "Version", "Id"})
_CONNECTOR: Final = "AWS::Serverless::Connector"
# https://github.com/aws/serverless-application-model/blob/develop/samtranslator/model/sam_resources.py
_BASIC: Final = ":iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
_ADDING: Final = frozenset({"VpcConfig", "Tracing", "DeadLetterQueue", "EventInvokeConfig"})
_POLLED: Final = ("DocumentDB", "DynamoDB", "Kinesis", "MQ", "MSK", "SQS", "SelfManagedKafka")
# Event sources that a function or a state machine reads with a policy of its role.
_READ_FROM: Final = frozenset(
    {"AWS::DynamoDB::Table", "AWS::SQS::Queue", "AWS::Serverless::SimpleTable"}
)
ADDED: Final = Unknown("policies that SAM adds")
NO_NAME: Final = "policy where SAM takes the name of a managed policy"


@cache
def _templates() -> Mapping[str, Mapping[str, list[Value]]]:
    text = Path(__file__).with_name("sam_templates.json").read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, list[Value]]] = json.loads(text)["templates"]
    return found


def globals_of(template: Template) -> Iterator[Resource]:
    """Yield `Globals` as resources, one for each type that inherits from them."""
    at = (*template.root, "Globals")
    for name, properties in template.section("Globals").items():
        if name in GLOBALS and isinstance(properties, dict):
            yield Resource(
                f"Globals.{name}", GLOBALS[name], (*at, name), properties, None, {}, is_global=True
            )


def inherit_globals(template: Template, resource: Resource) -> Mapping[str, Value]:
    """Return the properties that a resource inherits from `Globals`."""
    return next((g.properties for g in globals_of(template) if g.type == resource.type), {})


def roles_of(template: Template, resource: Resource) -> Iterator[str]:
    """Yield the logical id of the role that SAM creates for a resource; for `Globals` all roles."""
    if resource.type not in MAKERS:
        return
    for one in template.resources() if resource.is_global else (resource,):
        has_own = resource.is_global and "AssumeRolePolicyDocument" in one.properties
        if one.type == resource.type and f"{one.logical}Role" in template.generated and not has_own:
            yield f"{one.logical}Role"


def added_policies(template: Template, resource: Resource) -> Iterator[Text]:
    """Yield the managed policies that SAM attaches to its role, and an unknown one for others."""
    if resource.type == "AWS::Serverless::Function":
        yield join_parts(("arn:", template.unknown("AWS::Partition"), _BASIC))
    properties = {**inherit_globals(template, resource), **resource.properties}
    events = properties.get("Events")
    sources = events.values() if isinstance(events, dict) else ()
    is_polling = any(isinstance(e, dict) and e.get("Type") in _POLLED for e in sources)
    if is_polling or _ADDING & properties.keys() or resource.logical in template.connected:
        yield ADDED


@dataclass(frozen=True, slots=True)
class Connector:
    """A connector at `at`; `roles` are the resources whose roles get policies.

    `named` are the ends that name a role in place of a resource.
    """

    at: Pointer
    roles: tuple[str, ...] = ()
    named: tuple[Value, ...] = ()


def connectors(template: Template) -> Iterator[Connector]:
    """Yield the connectors of a template, in the order of the text.

    https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/reference-sam-connector.html
    """
    for resource in template.resources():
        if resource.type == _CONNECTOR:
            yield _connector(template, resource.at, resource.properties)
        elif resource.has_connectors:
            at = (*resource.at, "Connectors")
            inner = template.source.value_at(at)
            for one in inner.values() if isinstance(inner, dict) else ():
                properties = one.get("Properties") if isinstance(one, dict) else None
                own: dict[str, Value] = {"Source": {"Id": resource.logical}}
                own |= properties if isinstance(properties, dict) else {}
                yield _connector(template, at, own)


def _connector(template: Template, at: Pointer, properties: Mapping[str, Value]) -> Connector:
    source = properties.get("Source")
    source = source if isinstance(source, dict) else {}
    ends = [source]
    logical = source.get("Id")
    one = template.resource_of(logical) if isinstance(logical, str) else None
    if (one.type if one else source.get("Type")) in _READ_FROM:
        to = properties.get("Destination")
        ends += [end for end in (to if isinstance(to, list) else [to]) if isinstance(end, dict)]
    ids = [end.get("Id") for end in ends]
    roles = tuple(one for one in ids if isinstance(one, str))
    return Connector(at, roles, tuple(end["RoleName"] for end in ends if "RoleName" in end))


def connected_roles(template: Template, connector: Connector) -> Iterator[Ref]:
    """Yield the roles named by the template that a connector attaches policies to."""
    for logical in connector.roles:
        one = template.resource_of(logical)
        properties = {**inherit_globals(template, one), **one.properties} if one else {}
        if one and (role := properties.get("Role", properties.get("RoleArn"))) is not None:
            yield ref(template, Thing.ROLE, name_in_arn(text(template, one, role)))
    for name in connector.named:
        yield ref(template, Thing.ROLE, text_of(template, name))


def policies(node: Reached) -> Iterator[Reached]:
    """Yield each item of `Policies`: one or a list, with conditions in and around it."""
    for choice in split_by_condition(node):
        if isinstance(choice.value, list):
            for item in reach(choice, ("*",)):
                yield from split_by_condition(item)
        else:
            yield choice


def speaks_of_a_policy(value: Value) -> bool:
    """Return whether a text or function that should name a managed policy holds a policy."""
    return any(
        signs.are_in_text(node) or (isinstance(node, dict) and signs.are_in_object(node))
        for node in nodes(value)
    )


def expand_template(template: Template, spot: Spot) -> Resolved | str | None:
    """Return the policy of a policy template of SAM, or why not; None for all other policies."""
    value = spot.value
    if not isinstance(value, dict) or len(value) != 1 or _POLICY & value.keys():
        return None
    ((name, arguments),) = value.items()
    if name not in _templates():
        return None if closest(name, _POLICY) else f"`{name}` is not a known policy template of SAM"
    return _expanded(template, spot, name, arguments if isinstance(arguments, dict) else {})


def generate_policy(template: Template, spot: Spot) -> Resolved:
    """Return the policy of the policy template of SAM at `spot` with unknown arguments."""
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
