"""Policies of CloudFormation and SAM templates, and of what CDK makes, in YAML and JSON."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from iamlint.load.cloudformation.intrinsics import FOR_EACH
from iamlint.load.cloudformation.parameters import takers_of, values_of
from iamlint.load.cloudformation.readings import Spot, readings
from iamlint.load.cloudformation.template import Template
from iamlint.load.cloudformation.walk import Walk
from iamlint.text.source import Tagged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.document import Document, Item
    from iamlint.load.files import File
    from iamlint.text.source import Source, Value
    from iamlint.text.span import Pointer


def is_template(value: dict[str, Value]) -> bool:
    """Tell a template, or a part of one, by its resources."""
    resources = value.get("Resources")
    if not isinstance(resources, dict):
        return False
    return "AWSTemplateFormatVersion" in value or any(
        name.startswith(FOR_EACH) or _has_type(item) for name, item in resources.items()
    )


def is_fragment(value: dict[str, Value]) -> bool:
    """Tell resources, or one, that stand in a file of their own for a template to include."""
    if "Properties" in value and _has_type(value):
        return True
    return bool(value) and all(map(_has_type, value.values()))


def _has_type(resource: Value) -> bool:
    while isinstance(resource, Tagged):
        resource = resource.value
    if not isinstance(resource, dict):
        return False
    type_ = resource.get("Type")
    return isinstance(type_, str) and "::" in type_


def items(
    file: File, source: Source, at: Pointer, value: dict[str, Value], *, is_native: bool = True
) -> Iterator[Item]:
    """Yield the policies of the template or fragment at `at`, and what is left out.

    `is_native` is false where another framework fills in its own variables first.
    """
    is_part = not is_template(value)
    template = Template(source, at, value, is_native=is_native, is_fragment=is_part, path=file.path)
    declared = template.section("Parameters")
    template.take(values_of(declared, file.given))
    if file.given:
        yield from takers_of(file.path, source, at, declared, file.given)
    yield from Walk(file, template).items()


def resolved(found: Document, source: Source, at: Pointer, value: Value) -> Iterator[Document]:
    """Yield a policy that uses functions outside of any template, once for each thing it says."""
    for one in readings(Template(source, at, {}, path=found.path), Spot(at, value)):
        yield replace(
            found,
            source=one.source,
            root=(),
            readings=one.readings,
            cases=one.cases,
            problems=one.problems,
        )
