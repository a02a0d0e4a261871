"""Who holds a policy of a template, and which resource it stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.load.cloudformation import sam
from iamlint.load.cloudformation.intrinsics import call_of
from iamlint.load.cloudformation.network import network
from iamlint.load.cloudformation.references import arn_shapes
from iamlint.load.cloudformation.refs import (
    IDENTITIES,
    THINGS,
    more,
    ref_to,
    refs,
    text,
    texts,
)
from iamlint.load.cloudformation.table import Reached, reach
from iamlint.load.document import Attachment, Waiver
from iamlint.load.link import Held, Thing, shown
from iamlint.policy.grammar import Kind
from iamlint.text.source import Partial, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.load.cloudformation.intrinsics import Text
    from iamlint.load.cloudformation.table import Path, Row
    from iamlint.load.cloudformation.template import Resource, Template
    from iamlint.text.source import Value

# Properties of a policy that name who holds it.
_HELD_BY: Final = {
    "RoleName": Thing.ROLE,
    "UserName": Thing.USER,
    "GroupName": Thing.GROUP,
    "Roles": Thing.ROLE,
    "Users": Thing.USER,
    "Groups": Thing.GROUP,
}
_POLICIES: Final = frozenset(
    {
        "AWS::IAM::GroupPolicy",
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::Policy",
        "AWS::IAM::RolePolicy",
        "AWS::IAM::UserPolicy",
    }
)
# What stands in the place of a resource's name and is none: a URL, half an ARN.
_NO_NAMES: Final = ("https:", ":function:")
_MANAGED: Final = "AWS::IAM::ManagedPolicy"


def attachments(
    template: Template, resource: Resource, row: Row, kind: Kind
) -> tuple[Attachment, ...]:
    """Return what the policy of a row is attached to, once for each resource that it stands on."""
    address, scope = resource.logical or None, template.scope
    if row.attached or row.target:
        reached_from = network(template, resource)
        return tuple(
            Attachment(
                resource_type=row.attached,
                arn=arn,
                address=address,
                scope=scope,
                network=reached_from,
            )
            for arn in tuple(_arns(template, resource, row)) or (None,)
        )
    of_itself = template.arn(resource.logical) if resource.type == _MANAGED else None
    about = Attachment(
        holders=tuple(_holders(template, resource)),
        resource_type=resource.type if kind is Kind.ENDPOINT else None,
        address=address,
        scope=scope,
        policy_arn=of_itself,
        targets=tuple(_targets(template, resource)),
    )
    return (about,)


def is_of_itself(resource: Resource, row: Row) -> bool:
    """Return whether a policy is one of the resource that holds it, which is there when it is."""
    return resource.type in IDENTITIES or (row.attached == resource.type and not row.target)


def _targets(template: Template, resource: Resource) -> Iterator[Held]:
    """Yield what an organization's policy is attached to."""
    if resource.type == "AWS::Organizations::Policy":
        start = Reached((), dict(resource.properties), resource.given)
        for node in reach(start, ("TargetIds", "*")):
            for target in refs(template, resource, Thing.TARGET, node):
                yield Held(target, more(template, node, start.given))


def _arns(template: Template, resource: Resource, row: Row) -> Iterator[Text]:
    """Yield the ARNs of the resources that a policy stands on."""
    if not row.target:
        found = template.arn(resource.logical) if row.attached == resource.type else None
        yield from (found,) if found else ()
        return
    for node in reach(Reached((), dict(resource.properties), {}), row.target):
        found = _arn(template, resource, row, node)
        yield from (found,) if found else ()


def _arn(template: Template, resource: Resource, row: Row, node: Reached) -> Text | None:
    call = call_of(node.value, ())
    if call is not None and isinstance(call.argument, str) and call.name == "Ref":
        found = template.arn(call.argument)
        if found is not None:
            return found
    shape = arn_shapes().get(row.attached or "")
    for name in texts(template, resource, node):
        begin = name.parts[0] if isinstance(name, Partial) else name
        if isinstance(begin, str) and begin.startswith("arn:"):
            return name
        is_name = not any(mark in shown(name) for mark in _NO_NAMES)
        if shape and is_name and not isinstance(name, Unknown):
            return template.arn_of_named(shape, name)
    return None


def name(
    template: Template, resource: Resource, row: Row, parent: Mapping[str, Value]
) -> str | None:
    """Return the policy's name, which stands beside it or among the resource's properties."""
    if not row.name:
        return None
    holder = parent if "*" in row.name else resource.properties
    value = holder.get(row.name[-1])
    return None if value is None else shown(text(template, resource, value))


def _holders(template: Template, resource: Resource) -> Iterator[Held]:
    """Yield who has the policies of a resource, on which conditions besides its own."""
    if resource.type in IDENTITIES and resource.logical:
        yield Held(ref_to(template, THINGS[resource.type], resource.logical))
    elif resource.type in _POLICIES:
        start = Reached((), dict(resource.properties), {**template.decided, **resource.given})
        for property_, thing in _HELD_BY.items():
            path: Path = (property_, "*") if property_.endswith("s") else (property_,)
            for node in reach(start, path):
                for holder in refs(template, resource, thing, node):
                    yield Held(holder, more(template, node, start.given))
    for logical in sam.roles_of(template, resource):
        yield Held(ref_to(template, Thing.ROLE, logical))


def construct(template: Template, resource: Resource) -> str | None:
    """Return the path of the construct of CDK that makes a resource.

    https://docs.aws.amazon.com/cdk/v2/guide/identifiers.html#identifiers-paths
    """
    try:
        value = template.source.value_at((*resource.at, "Metadata", "aws:cdk:path"))
    except LookupError:
        return None
    return value if isinstance(value, str) else None


def waivers(template: Template, resource: Resource) -> tuple[Waiver, ...]:
    """Read `Metadata: {iamlint: {ignore: [{rule, reason, expires}]}}`, about the whole resource."""
    found = template.source
    value: Value = None
    at = (*resource.at, "Metadata", "iamlint", "ignore")
    try:
        value = found.value_at(at)
    except LookupError:
        return ()
    entries = value if isinstance(value, list) else [value]
    scope = found.locate(resource.at)
    waived = []
    for index, entry in enumerate(entries):
        told = entry if isinstance(entry, dict) else {"rule": entry}
        rule, reason, expires = (_written(told.get(key)) for key in ("rule", "reason", "expires"))
        place = (*at, index) if isinstance(value, list) else at
        waived.append(Waiver(rule, reason, expires, found.locate(place), scope))
    return tuple(waived)


def _written(value: Value) -> str:
    """Return a text as it is, nothing as nothing, and anything else as what it would print."""
    return value if isinstance(value, str) else "" if value is None else str(value)
