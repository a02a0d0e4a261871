"""Users, groups, roles and policies, as a template names them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.load.cloudformation.intrinsics import scalar_text
from iamlint.load.cloudformation.resolve import NoValue, Resolver
from iamlint.load.link import Ref, Thing
from iamlint.text.source import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.load.cloudformation.intrinsics import Text
    from iamlint.load.cloudformation.table import Reached
    from iamlint.load.cloudformation.template import Resource, Template
    from iamlint.load.link import Condition
    from iamlint.text.source import Value

THINGS: Final = {
    "AWS::IAM::Group": Thing.GROUP,
    "AWS::IAM::InstanceProfile": Thing.PROFILE,
    "AWS::IAM::Role": Thing.ROLE,
    "AWS::IAM::User": Thing.USER,
}
IDENTITIES: Final = THINGS.keys() - {"AWS::IAM::InstanceProfile"}


def ref(template: Template, thing: Thing, name: Text) -> Ref:
    """Return a thing by its name; the name of a resource of the template has its logical id."""
    return Ref(thing, name, template.logical_of(name), template.scope)


def ref_to(template: Template, thing: Thing, logical: str) -> Ref:
    """Return the user, group, role or instance profile that a resource is."""
    return ref(template, thing, template.physical_name(logical))


def refs(template: Template, resource: Resource, thing: Thing, node: Reached) -> Iterator[Ref]:
    """Yield what a property names, one thing or a list of them."""
    yield from (ref(template, thing, name) for name in texts(template, resource, node))


def texts(template: Template, resource: Resource, node: Reached) -> list[Text]:
    """Return the texts that stand at a node: one, or those of a list."""
    resolver = Resolver(template, node.given, resource.loops)
    resolved = resolver.resolve(node.value, ())
    items = resolved if isinstance(resolved, list) else [resolved]
    return [_as_text(item) for item in items if not isinstance(item, NoValue)]


def text(template: Template, resource: Resource, value: Value) -> Text:
    """Return a value as text."""
    resolved = Resolver(template, loops=resource.loops).resolve(value, ())
    return _as_text(None if isinstance(resolved, NoValue) else resolved)


def _as_text(value: Value) -> Text:
    found = scalar_text(value)
    return Unknown("…") if found is None else found


def more(template: Template, node: Reached, given: Mapping[str, bool]) -> frozenset[Condition]:
    """Return the conditions of a node that are not among the `given` ones."""
    return frozenset(
        template.conditions.condition(name, holds=holds)
        for name, holds in node.given.items()
        if name not in given
    )
