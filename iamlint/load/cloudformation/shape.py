"""Detection of templates and fragments by their resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.load.cloudformation.intrinsics import FOR_EACH
from iamlint.text.source import Tagged

if TYPE_CHECKING:
    from iamlint.text.source import Value


def is_template(value: dict[str, Value]) -> bool:
    """Return whether a value is a template, or a part of one, by its resources."""
    resources = value.get("Resources")
    if not isinstance(resources, dict):
        return False
    return "AWSTemplateFormatVersion" in value or any(
        name.startswith(FOR_EACH) or _has_type(item) for name, item in resources.items()
    )


def is_fragment(value: dict[str, Value]) -> bool:
    """Return whether a file consists of resources, or one, for a template to include."""
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
