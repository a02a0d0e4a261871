"""The resources of a template that rules look at besides policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.load.cloudformation.intrinsics import call_of, references_in
from iamlint.load.cloudformation.readings import Spot, are_all_read, open_conditions, readings
from iamlint.load.file_value import DEFAULTS, OUTPUTS, Subject, SubjectKind
from iamlint.load.resource_types import resource_types
from iamlint.text.source import Partial, Place, Source, Tagged, nodes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.load.cloudformation.resources import Resource
    from iamlint.load.cloudformation.template import Template
    from iamlint.load.resource_types import ResourceRow
    from iamlint.text.source import Value
    from iamlint.text.span import Pointer


def subjects_of(path: str, template: Template, resource: Resource) -> Iterator[Subject]:
    """Yield a resource in each of its readings; none if it is not one resource as written."""
    row = resource_types().get(resource.type)
    if row is None or not _is_one(template, resource):
        return
    if not row.is_met(resource.properties, template.source):
        return
    own = resource.properties
    given = {name: _not_encoded(own[name]) for name in row.reads if name in own}
    condition = resource.condition
    holds = {**template.decided, condition: True} if condition else template.decided
    spot = Spot((*resource.at, "Properties"), given, holds, resource.loops)
    names = open_conditions(spot)
    if not are_all_read(names):
        return
    outputs = _outputs(template, resource.logical, row)
    about = {OUTPUTS: outputs, DEFAULTS: _defaults(template, resource, row)}
    for one in readings(template, spot, names, condition):
        yield Subject(
            SubjectKind.RESOURCE,
            path,
            _of_resource(one.source, resource.at, template.source, about),
            resource.at,
            (),
            name=resource.logical,
            type=resource.type,
            readings=one.readings,
            cases=one.cases,
            is_conditional=condition is not None,
        )


def _not_encoded(value: Value) -> Value:
    """Return a value with the texts that `Fn::Base64` encodes, such as user data."""
    call = call_of(value, ())
    if call is not None:
        return call.argument if call.name == "Fn::Base64" else value
    if isinstance(value, dict):
        return {name: _not_encoded(one) for name, one in value.items()}
    return value


def _is_one(template: Template, resource: Resource) -> bool:
    """Return whether a resource is as it is written, if its condition holds."""
    is_open = resource.is_open or resource.is_global or None in resource.loops.values()
    return not is_open and not template.given


def _of_resource(
    properties: Source, at: Pointer, template: Source, about: Mapping[str, Mapping[str, Pointer]]
) -> Source:
    """Return the properties of a resource as a source: their place as a whole is the resource.

    The members `about` it have the values of other places of the template, by their names.
    """
    value = properties.value if isinstance(properties.value, dict) else {}
    more = {
        member: {name: template.value_at(place) for name, place in named.items()}
        for member, named in about.items()
        if named
    }

    def places() -> Mapping[Pointer, Place]:
        key = template.place(at)
        found: dict[Pointer, Place] = {
            (member, name): Place(template.locate(place))
            for member, named in about.items()
            for name, place in named.items()
        }
        whole = Place(template.locate(at), key.key if key else None)
        return {**properties.places, **found, (): whole}

    return Source(
        text=properties.text,
        value={**value, **more},
        dialect=properties.dialect,
        places=places,
        flaws=properties.flaws,
        outer=properties,
    )


def _defaults(template: Template, resource: Resource, row: ResourceRow) -> dict[str, Pointer]:
    """Return the parameters that are secrets of a resource, each with the place of its default."""
    found: dict[str, Pointer] = {}
    declared = template.section("Parameters")
    for path in row.taken:
        node: Value = dict(resource.properties)
        for step in path.split("/"):
            node = node.get(step) if isinstance(node, dict) else None
        call = call_of(node, ())
        name = call.argument if call and call.name == "Ref" else None
        declaration = declared.get(name) if isinstance(name, str) else None
        if name in template.parameters or not isinstance(declaration, dict):
            continue
        if isinstance(declaration.get("Default"), str) and not _is_stored(declaration):
            found[str(name)] = (*template.root, "Parameters", str(name), "Default")
    return found


def _is_stored(declaration: Mapping[str, Value]) -> bool:
    """Return whether the value of a parameter is the name of a stored one."""
    return str(declaration.get("Type")).startswith("AWS::SSM::")


def _outputs(template: Template, logical: str, row: ResourceRow) -> dict[str, Pointer]:
    """Return the outputs that return a secret of a resource, each with the place of its value."""
    if not row.secrets:
        return {}
    if template.attributes_returned is None:
        template.attributes_returned = _returned(template)
    found: dict[str, Pointer] = {}
    for secret in row.secrets:
        for name in template.attributes_returned.get(f"{logical}.{secret}", ()):
            found[name] = (*template.root, "Outputs", name, "Value")
    return found


def _returned(template: Template) -> dict[str, dict[str, None]]:
    """Return the outputs that return each attribute of resources."""
    found: dict[str, dict[str, None]] = {}
    for name, output in template.section("Outputs").items():
        if isinstance(output, dict) and _is_returned(template, output):
            for attribute in _names_in(output.get("Value")):
                found.setdefault(attribute, {})[name] = None
    return found


def _is_returned(template: Template, output: Mapping[str, Value]) -> bool:
    condition = output.get("Condition")
    return condition is None or template.decided.get(str(condition)) is True


def _names_in(value: Value) -> Iterator[str]:
    """Yield the attributes of resources that a value refers to: `Key.SecretAccessKey`."""
    for node in nodes(value):
        call = call_of(node, ()) if isinstance(node, dict | Tagged) else None
        if call is None:
            continue
        argument = call.argument
        if call.name == "Fn::Sub" and isinstance(argument, list) and argument:
            argument = argument[0]
        if call.name == "Fn::Sub" and isinstance(argument, str | Partial):
            yield from (name for name, is_name in references_in(str(argument)) if is_name)
        elif call.name == "Fn::GetAtt" and isinstance(argument, list):
            yield ".".join(part for part in argument if isinstance(part, str))
