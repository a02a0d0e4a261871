"""The identities and the resources that a policy of a template is attached to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import replace
from iamlint.load.cloudformation import identity_center, sam
from iamlint.load.cloudformation.network import network
from iamlint.load.cloudformation.refs import (
    IDENTITIES,
    THINGS,
    beyond,
    more,
    ref_to,
    refs,
    text,
    text_of,
)
from iamlint.load.cloudformation.table import Reached, reach
from iamlint.load.cloudformation.targets import targets
from iamlint.load.document import Attachment, Document, NotAnalysed
from iamlint.load.file_value import Subject, Waiver
from iamlint.load.link import Held, Thing, key_of_name, shown
from iamlint.policy.grammar import Kind
from iamlint.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from iamlint.load.cloudformation.intrinsics import Text
    from iamlint.load.cloudformation.resources import Resource
    from iamlint.load.cloudformation.table import Path, Row
    from iamlint.load.cloudformation.template import Template
    from iamlint.load.document import Item
    from iamlint.text.source import Value
    from iamlint.text.span import Pointer

# Properties of a policy that name the identities it is attached to.
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
_MANAGED: Final = "AWS::IAM::ManagedPolicy"


def attachments(
    template: Template, resource: Resource, row: Row, kind: Kind
) -> tuple[Attachment, ...]:
    """Return the attachments of the policy of a row, one for each resource that has it."""
    address, scope = resource.logical or None, template.scope
    if row.attached or row.target:
        reached_from = network(template, resource)
        return tuple(
            Attachment(
                resource_type=row.attached,
                arn=arn,
                given=given,
                address=address,
                scope=scope,
                network=reached_from,
            )
            for arn, given in targets(template, resource, row)
        )
    own = template.arn(resource.logical)
    is_endpoint, is_managed = kind is Kind.ENDPOINT, resource.type == _MANAGED
    about = Attachment(
        holders=tuple(_holders(template, resource)),
        resource_type=resource.type if is_endpoint else None,
        arn=own if is_endpoint else None,
        address=address,
        scope=scope,
        policy_arn=own if is_managed else None,
        is_exported=is_managed and _is_exported(template, own),
        targets=tuple(_limited(template, resource)),
    )
    return (about,)


def _is_exported(template: Template, arn: Text | None) -> bool:
    """Return whether an output of a template may be the ARN of a policy."""
    if template.returned is None:  # each policy of the template asks
        template.returned = frozenset(
            key_of_name(text_of(template, output.get("Value")))
            for output in template.section("Outputs").values()
            if isinstance(output, dict)
        )
    return arn is None or not template.returned.isdisjoint((None, key_of_name(arn)))


def _limited(template: Template, resource: Resource) -> Iterator[Held]:
    """Yield the targets of a policy of an organization."""
    if resource.type == "AWS::Organizations::Policy":
        start = Reached((), dict(resource.properties), resource.given)
        for node in reach(start, ("TargetIds", "*")):
            for target in refs(template, resource, Thing.TARGET, node):
                given = more(template, node, start.given) | beyond(template, resource, None)
                yield Held(target, given)


def name(
    template: Template, resource: Resource, row: Row, parent: Mapping[str, Value]
) -> str | None:
    """Return the name of the policy, beside it or in the properties of the resource."""
    if not row.name:
        return None
    holder = parent if "*" in row.name else resource.properties
    value = holder.get(row.name[-1])
    return None if value is None else shown(text(template, resource, value))


def _holders(template: Template, resource: Resource) -> Iterator[Held]:
    """Yield the holders of the policies of a resource, with the conditions besides its own."""
    if resource.type in IDENTITIES and resource.logical:
        yield Held(ref_to(template, THINGS[resource.type], resource.logical))
    elif resource.type in _POLICIES:
        start = Reached((), dict(resource.properties), {**template.decided, **resource.given})
        for property_, thing in _HELD_BY.items():
            path: Path = (property_, "*") if property_.endswith("s") else (property_,)
            for node in reach(start, path):
                for holder in refs(template, resource, thing, node):
                    given = beyond(template, resource, holder.name)
                    yield Held(holder, more(template, node, start.given) | given)
    elif resource.type == identity_center.PERMISSION_SET:
        yield from map(Held, identity_center.roles(template, resource))
    for logical in sam.roles_of(template, resource):
        yield Held(ref_to(template, Thing.ROLE, logical))


def with_metadata(
    template: Template, resource: Resource, items: Iterable[tuple[Pointer, Item]]
) -> Iterator[tuple[Pointer, Item]]:
    """Yield the items of a resource with its waivers and its construct."""
    of_resource, by = _waivers(template, resource), _construct(template, resource)
    for at, found in items:
        item = found
        if of_resource and isinstance(item, Document | Subject):
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
    """Return `Metadata: {iamlint: {ignore: [{rule, reason, expires}]}}` of the whole resource.

    Its scope begins with the logical id, at which a finding about the resource itself is.
    """
    found = template.source
    value: Value = None
    at = (*resource.at, "Metadata", "iamlint", "ignore")
    try:
        value = found.value_at(at)
    except LookupError:
        return ()
    entries = value if isinstance(value, list) else [value]
    start = found.locate(resource.at, key=True).start
    scope = Span(start, found.locate(resource.at).end)
    waived = []
    for index, entry in enumerate(entries):
        told = entry if isinstance(entry, dict) else {"rule": entry}
        rule, reason, expires = (_written(told.get(key)) for key in ("rule", "reason", "expires"))
        place = (*at, index) if isinstance(value, list) else at
        waived.append(Waiver(rule, reason, expires, found.locate(place), scope))
    return tuple(waived)


def _written(value: Value) -> str:
    """Return a text unchanged, `""` for null, and the printed form of any other value."""
    return value if isinstance(value, str) else "" if value is None else str(value)
