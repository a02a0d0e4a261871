"""Who holds a policy of a template, and which resource it is about."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from iamlint.load.cloudformation import sam
from iamlint.load.cloudformation.intrinsics import call_of, scalar_text
from iamlint.load.cloudformation.network import network
from iamlint.load.cloudformation.references import arn_shapes
from iamlint.load.cloudformation.resolve import NoValue, Resolver
from iamlint.load.cloudformation.table import Reached, opened, reach, table
from iamlint.load.document import Attachment, Document, Held, Holder, NotAnalysed, Waiver
from iamlint.policy.grammar import Kind
from iamlint.text.source import Partial, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from iamlint.load.cloudformation.intrinsics import Text
    from iamlint.load.cloudformation.table import Path, Row
    from iamlint.load.cloudformation.template import Resource, Template
    from iamlint.load.document import Condition, Item
    from iamlint.text.source import Value
    from iamlint.text.span import Pointer

_HOLDERS: Final = {
    "AWS::IAM::Role": "role",
    "AWS::IAM::User": "user",
    "AWS::IAM::Group": "group",
}
# Properties of a policy that name who holds it.
_HELD_BY: Final = {
    "RoleName": "role",
    "UserName": "user",
    "GroupName": "group",
    "Roles": "role",
    "Users": "user",
    "Groups": "group",
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
_PROFILE: Final = "AWS::IAM::InstanceProfile"
_MANAGED: Final = "AWS::IAM::ManagedPolicy"


def attachment(template: Template, resource: Resource, row: Row, kind: Kind) -> Attachment:
    """Return what the policy of a row is attached to."""
    address = resource.logical or None
    if row.attached or row.target:
        return Attachment(
            resource_type=row.attached,
            arn=_target_arn(template, resource, row),
            address=address,
            network=network(template, resource),
        )
    holders = tuple(_principals(template, resource))
    return Attachment(
        principal=holders[0] if holders else None,
        resource_type=resource.type if kind is Kind.ENDPOINT else None,
        arn=_shown(template.arn(resource.logical)) if resource.type in _HOLDERS else None,
        address=address,
        principals=holders,
        policy_arn=_shown(template.arn(resource.logical)) if resource.type == _MANAGED else None,
        targets=tuple(_targets(template, resource)),
    )


def is_of_itself(resource: Resource, row: Row) -> bool:
    """Tell whether a policy is one of the resource that holds it, which is there when it is."""
    return resource.type in _HOLDERS or (row.attached == resource.type and not row.target)


def _targets(template: Template, resource: Resource) -> Iterator[str]:
    """Yield what an organization's policy is attached to; an id that is not sure is not known."""
    if resource.type == "AWS::Organizations::Policy":
        start = Reached((), dict(resource.properties), {})
        for target in reach(start, ("TargetIds", "*")):
            text = scalar_text(target.value) or _text(template, resource, target.value)
            yield text if isinstance(text, str) and not target.given else "${…}"


def _target_arn(template: Template, resource: Resource, row: Row) -> str | None:
    """Return the ARN of the resource that a policy is about."""
    if not row.target:
        return _shown(template.arn(resource.logical)) if row.attached == resource.type else None
    start = Reached((), dict(resource.properties), {})
    for reached in reach(start, row.target):
        call = call_of(reached.value, ())
        if call is not None and isinstance(call.argument, str) and call.name == "Ref":
            found = template.arn(call.argument)
            if found is not None:
                return _shown(found)
        text = _text(template, resource, reached.value)
        shape = arn_shapes().get(row.attached or "")
        if isinstance(text, Unknown) or str(text).startswith("arn:"):
            return None if isinstance(text, Unknown) else str(text)
        if shape is not None and not any(mark in str(text) for mark in _NO_NAMES):
            return shape.arn.replace("${@}", str(text))
    return None


def name(
    template: Template, resource: Resource, row: Row, parent: Mapping[str, Value]
) -> str | None:
    """Return the policy's name, which stands beside it or among the resource's properties."""
    if not row.name:
        return None
    holder = parent if "*" in row.name else resource.properties
    value = holder.get(row.name[-1])
    return None if value is None else _shown(_text(template, resource, value))


def _principals(template: Template, resource: Resource) -> Iterator[str]:
    """Yield who has the policies of a resource, whatever its conditions are."""
    if kind := _HOLDERS.get(resource.type):
        if resource.logical:
            yield f"{kind}/{_holder(template, resource.logical)}"
    elif resource.type in _POLICIES:
        yield from (who for who, conditions in _held_by(template, resource) if not conditions)
    yield from sam.roles_of(template, resource)


def _held_by(template: Template, resource: Resource) -> Iterator[tuple[str, frozenset[Condition]]]:
    """Yield who holds a policy, and the conditions on which that depends."""
    given = {**template.decided, **resource.given}
    start = Reached((), dict(resource.properties), given)
    for property_, kind in _HELD_BY.items():
        path: Path = (property_, "*") if property_.endswith("s") else (property_,)
        for node in reach(start, path):
            who = f"{kind}/{_named_holder(template, resource, node.value)}"
            yield who, _more(template, node, given)


def _more(template: Template, node: Reached, given: Mapping[str, bool]) -> frozenset[Condition]:
    """Return the conditions of a node that are not among the `given` ones."""
    return frozenset(
        template.conditions.condition(name, holds=holds)
        for name, holds in node.given.items()
        if name not in given
    )


def _holder(template: Template, logical: str) -> str:
    """Return the name of a user, group or role; its logical id where the template gives none."""
    physical = template.physical_name(logical)
    return logical if isinstance(physical, Unknown) else str(physical)


def _named_holder(template: Template, resource: Resource, value: Value) -> str:
    call = call_of(value, ())
    if call is not None and call.name == "Ref" and isinstance(call.argument, str):
        found = template.properties_of(call.argument)
        if found and found[0] in _HOLDERS:
            return _holder(template, call.argument)
    return _shown(_text(template, resource, value)) or "…"


def holders(path: str, template: Template, resource: Resource, start: Reached) -> Iterator[Holder]:
    """Yield the user, group or role that a resource is, with what else it holds."""
    if resource.type == _PROFILE and resource.logical:
        name, roles = _holder(template, resource.logical), reach(start, ("Roles", "*"))
        held = (_named_holder(template, resource, r.value) for r in roles if r.given == start.given)
        yield Holder(path, resource.at, f"instance-profile/{name}", roles=tuple(held))
    if resource.type in _POLICIES:
        for who, conditions in _held_by(template, resource):
            if conditions:
                policy = Held(resource.logical, conditions)
                yield Holder(path, resource.at, who, inline=(policy,), whole=False)
        return
    principal = next(_principals(template, resource), None)
    if principal is None or resource.is_global:
        return
    seconds = resource.properties.get("MaxSessionDuration")
    boundaries = _all(template, resource, start, table().boundaries)
    if resource.type in _HOLDERS:
        managed = _all(template, resource, start, table().managed)
    else:
        general = Reached((), dict(sam.inherited(template, resource)), {})
        boundaries = boundaries or _all(template, resource, general, table().boundaries)
        managed = _sam_managed(template, resource, start)
    yield Holder(
        path,
        resource.at,
        principal,
        arn=_shown(template.arn(resource.logical)) if resource.type in _HOLDERS else None,
        managed=tuple(managed),
        boundary=next(iter(boundaries), None),
        groups=tuple(_groups(template, resource, start)),
        tags=tuple(_tags(template, resource, start)),
        max_session=seconds if type(seconds) is int else None,
    )


def _groups(template: Template, resource: Resource, start: Reached) -> Iterator[Held]:
    """Yield the groups of a user."""
    for group in reach(start, ("Groups", "*")) if resource.type == "AWS::IAM::User" else ():
        name = _named_holder(template, resource, group.value)
        yield Held(name, _more(template, group, start.given))


def _tags(template: Template, resource: Resource, start: Reached) -> Iterator[tuple[str, str]]:
    for tag in reach(start, ("Tags", "*")):
        value = tag.value if isinstance(tag.value, dict) else {}
        pair = [_text(template, resource, value.get(name)) for name in ("Key", "Value")]
        if all(isinstance(text, str) for text in pair):
            yield str(pair[0]), str(pair[1])


def _all(
    template: Template, resource: Resource, start: Reached, paths: Mapping[str, tuple[Path, ...]]
) -> list[Held]:
    nodes = (node for path in paths.get(resource.type, ()) for node in reach(start, path))
    return list(_held(template, resource, nodes, start.given))


def _sam_managed(template: Template, resource: Resource, start: Reached) -> list[Held]:
    nodes = (choice for node in reach(start, ("Policies",)) for choice in sam.policies(node))
    added = map(Held, sam.added(template, resource))
    return list(dict.fromkeys((*added, *_held(template, resource, nodes, start.given))))


def _held(
    template: Template, resource: Resource, nodes: Iterable[Reached], given: Mapping[str, bool]
) -> Iterator[Held]:
    """Yield ARNs and names, with the conditions that are not among the `given` ones."""
    for node in nodes:
        for choice in opened(node):
            is_text = choice.blocked or not isinstance(choice.value, dict | list)
            if is_text and (text := _shown(_text(template, resource, choice.value))):
                yield Held(text, _more(template, choice, given))


def with_metadata(
    template: Template, resource: Resource, items: Iterable[tuple[Pointer, Item]]
) -> Iterator[tuple[Pointer, Item]]:
    """Yield the items of a resource with its waivers and its construct."""
    of_resource, by = _waivers(template, resource), _construct(template, resource)
    for at, found in items:
        item = found
        if of_resource and isinstance(item, Document):
            item = replace(item, waivers=of_resource)
        if by and isinstance(item, Document | NotAnalysed):
            item = replace(item, attachment=replace(item.attachment, construct=by))
        yield at, item


def _construct(template: Template, resource: Resource) -> str | None:
    """Return the path of the construct of CDK that makes a resource.

    https://docs.aws.amazon.com/cdk/v2/guide/identifiers.html#identifiers-paths
    """
    try:
        value = template.source.value_at((*resource.at, "Metadata", "aws:cdk:path"))
    except LookupError:
        return None
    return value if isinstance(value, str) else None


def _waivers(template: Template, resource: Resource) -> tuple[Waiver, ...]:
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


def _text(template: Template, resource: Resource, value: Value) -> Text:
    resolver = Resolver(template, loops=resource.loops)
    resolved = resolver.resolve(value, ())
    if isinstance(resolved, NoValue) or not isinstance(resolved, str | Partial):
        return resolved if isinstance(resolved, Unknown) else Unknown("…")
    return resolved


def _shown(text: Text | None) -> str | None:
    if text is None:
        return None
    return text.text if isinstance(text, Unknown) else str(text)
