"""The resources that a policy of a template is attached to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.load.cloudformation.references import arn_shapes
from iamlint.load.cloudformation.refs import beyond, find_referred, more, texts
from iamlint.load.cloudformation.table import Reached, reach
from iamlint.load.link import parts_of
from iamlint.load.manifests.queue_url import queue_arn
from iamlint.text.source import Unknown, join_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.cloudformation.intrinsics import Text
    from iamlint.load.cloudformation.references import ArnShape
    from iamlint.load.cloudformation.resources import Resource
    from iamlint.load.cloudformation.table import Row
    from iamlint.load.cloudformation.template import Template
    from iamlint.load.link import SourceCondition

# Properties that take a name, not an ARN.
_NAMES: Final = frozenset(
    {"Bucket", "EventBusName", "KnowledgeBaseId", "MrapName", "ProfileName", "RegistryName"}
)
_HALF_ARN: Final = ":function:"


def targets(
    template: Template, resource: Resource, row: Row
) -> Iterator[tuple[Text | None, frozenset[SourceCondition]]]:
    """Yield the ARNs of the resources that have a policy, with the conditions of each."""
    if not row.target:
        own = template.arn(resource.logical) if row.attached == resource.type else None
        yield own, frozenset()
        return
    shape = arn_shapes().get(row.attached or "")
    start = Reached((), dict(resource.properties), {**template.decided, **resource.given})
    found = False
    for node in reach(start, row.target):
        for arn in _arns(template, resource, row, node):
            found = True
            yield arn, more(template, node, start.given) | beyond(template, resource, arn)
    if not found:
        default = shape.default if shape else None
        arn = template.arn_of_named(shape, default) if shape and default else None
        yield arn, beyond(template, resource, arn)


def _arns(template: Template, resource: Resource, row: Row, node: Reached) -> Iterator[Text | None]:
    logical = find_referred(resource, node.value)
    target = template.resource_of(logical) if logical else None
    if logical and target and (own := template.arn(logical)) and target.type in arn_shapes():
        yield own
        return
    for name in texts(template, resource, node):
        yield _arn(template, row, name)


def _arn(template: Template, row: Row, name: Text) -> Text | None:
    """Return the ARN of the resource that a property names, by name, ARN, part of it, or URL."""
    shape = arn_shapes().get(row.attached or "")
    first = parts_of(name)[0]
    if isinstance(first, str) and first.startswith(("arn:", "https:")):
        return name if first.startswith("arn:") else queue_arn(name) or name
    if _is_half(name):
        unknown = template.unknown
        before = ("arn:", unknown("AWS::Partition"), ":lambda:", unknown("AWS::Region"), ":")
        return join_parts((*before, name))
    takes_names = not row.target or next(s for s in reversed(row.target) if s != "*") in _NAMES
    if isinstance(first, Unknown) and not takes_names:
        return name
    return _named(template, shape, name)


def _is_half(name: Text) -> bool:
    return any(_HALF_ARN in part for part in parts_of(name) if isinstance(part, str))


def _named(template: Template, shape: ArnShape | None, name: Text) -> Text | None:
    return template.arn_of_named(shape, name) if shape else None
