"""Users, groups, roles and policies, as a template names them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.load.cloudformation.dynamic import without_dynamic
from iamlint.load.cloudformation.intrinsics import (
    IntrinsicCall,
    call_of,
    in_turn,
    references_in,
    scalar_text,
)
from iamlint.load.cloudformation.resolve import NoValue, Resolver
from iamlint.load.cloudformation.resources import Resource
from iamlint.load.link import Ref, Thing, parts_of
from iamlint.text.source import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.load.cloudformation.intrinsics import Text
    from iamlint.load.cloudformation.table import Reached
    from iamlint.load.cloudformation.template import Template
    from iamlint.load.link import SourceCondition
    from iamlint.text.source import Value

THINGS: Final = {
    "AWS::IAM::Group": Thing.GROUP,
    "AWS::IAM::InstanceProfile": Thing.PROFILE,
    "AWS::IAM::Role": Thing.ROLE,
    "AWS::IAM::User": Thing.USER,
}
IDENTITIES: Final = THINGS.keys() - {"AWS::IAM::InstanceProfile"}


def ref(template: Template, thing: Thing, name: Text) -> Ref:
    """Return a ref by its name; the name of a resource of the template has its logical id."""
    return Ref(thing, name, template.logical_of(name), template.scope, template.account)


def ref_to(template: Template, thing: Thing, logical: str) -> Ref:
    """Return the user, group, role or instance profile that a resource is."""
    return ref(template, thing, template.physical_name(logical))


def refs(template: Template, resource: Resource, thing: Thing, node: Reached) -> Iterator[Ref]:
    """Yield the refs that a property names, one or a list."""
    yield from (ref(template, thing, name) for name in texts(template, resource, node))


def texts(template: Template, resource: Resource, node: Reached) -> list[Text]:
    """Return the texts of a node: one, or those of a list."""

    def known(found: Value, value: Value) -> Text:
        return template.identified(without_dynamic(_as_text(found)), resource, value)

    resolver = Resolver(template, node.given, resource.loops)
    resolved = resolver.resolve(node.value, ())
    if not isinstance(resolved, list):
        return [] if isinstance(resolved, NoValue) else [known(resolved, node.value)]
    return [known(item, [node.value, number]) for number, item in enumerate(resolved)]


def text(template: Template, resource: Resource, value: Value) -> Text:
    """Return a value as text."""
    resolved = Resolver(template, loops=resource.loops).resolve(value, ())
    return _as_text(None if isinstance(resolved, NoValue) else resolved)


def text_of(template: Template, value: Value) -> Text:
    """Return a value that is outside of the resources as text."""
    nowhere = Resource("", "", (), {}, None, {})
    found = without_dynamic(text(template, nowhere, value))
    return template.identified(found, nowhere, value)


def _as_text(value: Value) -> Text:
    found = scalar_text(value)
    return Unknown("…") if found is None else found


def more(
    template: Template, node: Reached, given: Mapping[str, bool]
) -> frozenset[SourceCondition]:
    """Return the conditions of a node that are not among the `given` ones."""
    return frozenset(
        template.conditions.condition(name, holds=holds)
        for name, holds in node.given.items()
        if name not in given
    )


def beyond(
    template: Template, resource: Resource, linked: Text | None
) -> frozenset[SourceCondition]:
    """Return the conditions of a policy that its named holder or resource does not have.

    The holder or resource exists on its own conditions only.
    """
    if not resource.condition and not template.given:
        return frozenset()
    other = template.named(linked) if linked is not None else None
    given = set() if other else set(template.given)
    needs = resource.condition
    if needs and not (other and template.implies(other, needs)):
        given.add(template.conditions.condition(needs, holds=True))
    return frozenset(given)


def find_referred(resource: Resource, value: Value) -> str | None:
    """Return the logical id of the one resource that a function refers to."""
    match call_of(value, ()):
        case IntrinsicCall("Ref", str(name)) | IntrinsicCall("Fn::GetAtt", [str(name), str()]):
            return in_turn(name, resource.loops)
        case IntrinsicCall("Fn::Sub", str(text)):
            pieces = list(references_in(in_turn(text, resource.loops)))
            return pieces[0][0].partition(".")[0] if [is_ for _, is_ in pieces] == [True] else None
    return None


def name_in_arn(arn: Text) -> Text:
    """Return the name at the end of an ARN; unknown if the ARN is."""
    *before, last = parts_of(arn)
    if isinstance(last, str):
        return last.rpartition("/")[2] if "/" in last else Unknown("…")
    is_end = before and isinstance(before[-1], str) and before[-1].endswith("/")
    return last if is_end else Unknown("…")
