"""The users, groups, roles and instance profiles of a template, and their links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass, replace
from iamlint.load.cloudformation import identity_center, sam
from iamlint.load.cloudformation.refs import (
    IDENTITIES,
    THINGS,
    beyond,
    more,
    ref,
    ref_to,
    refs,
    text,
)
from iamlint.load.cloudformation.table import Reached, reach, split_by_condition, table
from iamlint.load.link import Link, LinkKind, Node, Thing
from iamlint.text.source import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from iamlint.load.cloudformation.resources import Resource
    from iamlint.load.cloudformation.table import Path
    from iamlint.load.cloudformation.template import Template
    from iamlint.load.link import Ref


_ADDITION: Final = "AWS::IAM::UserToGroupAddition"
_BROUGHT_IN: Final = Unknown("what a macro brings in")


def items(
    path: str, template: Template, resource: Resource, start: Reached
) -> Iterator[Node | Link]:
    """Yield the identity or instance profile that a resource is or creates, with its links."""
    if resource.is_global:
        return
    if resource.type in THINGS and resource.logical:
        one = ref_to(template, THINGS[resource.type], resource.logical)
        yield from _Links(path, template, resource, start, one).of_identity()
    for logical in sam.roles_of(template, resource):
        one = ref_to(template, Thing.ROLE, logical)
        yield from _Links(path, template, resource, start, one).of_sam(logical)
    if resource.type == _ADDITION:
        yield from _additions(path, template, resource, start)
    if resource.type == identity_center.PERMISSION_SET:
        for one in identity_center.roles(template, resource):
            yield from _Links(path, template, resource, start, one).of_permission_set()


def of_connectors(path: str, template: Template) -> Iterator[Link]:
    """Yield the links that connectors of SAM add to named roles."""
    for connector in sam.connectors(template):
        for role in sam.connected_roles(template, connector):
            policy = ref(template, Thing.POLICY, sam.ADDED)
            yield Link(path, connector.at, LinkKind.ATTACHED, role, policy, source=template.source)


def _additions(path: str, template: Template, resource: Resource, start: Reached) -> Iterator[Link]:
    """Yield the users that a resource adds to a group."""
    for node in reach(start, ("Users", "*")):
        for user in refs(template, resource, Thing.USER, node):
            given = more(template, node, start.given) | beyond(template, resource, user.name)
            one = _Links(path, template, resource, start, user)
            for link in one.links(LinkKind.MEMBER, Thing.GROUP, reach(start, ("GroupName",))):
                yield replace(link, given=link.given | given)


@dataclass(frozen=True, slots=True)
class _Links:
    """The links of one holder, from the properties at `start`."""

    path: str
    template: Template
    resource: Resource
    start: Reached
    holder: Ref

    def of_identity(self) -> Iterator[Node | Link]:
        type_, start = self.resource.type, self.start
        seconds = self.resource.properties.get("MaxSessionDuration")
        yield Node(
            self.path,
            self.resource.at,
            self.holder,
            arn=self.template.arn(self.resource.logical),
            tags=tuple(self._tags()),
            max_session=seconds if type(seconds) is int else None,
            addresses=(self.resource.logical,),
            source=self.template.source,
        )
        if type_ not in IDENTITIES:
            roles = reach(start, ("Roles", "*"))
            yield from self.links(LinkKind.PROFILE, Thing.ROLE, roles)
            return
        yield from self._brought_in()
        yield from self._all(LinkKind.ATTACHED, start, table().managed)
        yield from self._all(LinkKind.BOUNDARY, start, table().boundaries)
        if type_ == "AWS::IAM::User":
            yield from self.links(LinkKind.MEMBER, Thing.GROUP, reach(start, ("Groups", "*")))

    def of_sam(self, logical: str) -> Iterator[Node | Link]:
        """Yield the role that SAM creates for a resource, and its links."""
        template, resource, start = self.template, self.resource, self.start
        arn = template.arn(logical)
        yield Node(
            self.path,
            resource.at,
            self.holder,
            arn,
            tuple(self._tags()),
            addresses=(logical,),
            source=template.source,
        )
        for name in sam.added_policies(template, resource):
            yield self._link(LinkKind.ATTACHED, ref(template, Thing.POLICY, name))
        nodes = (choice for node in reach(start, ("Policies",)) for choice in sam.policies(node))
        yield from self.links(LinkKind.ATTACHED, Thing.POLICY, nodes)
        general = Reached((), dict(sam.inherit_globals(template, resource)), start.given)
        limits = list(self._all(LinkKind.BOUNDARY, start, table().boundaries))
        yield from limits or self._all(LinkKind.BOUNDARY, general, table().boundaries)
        yield from self._brought_in()

    def of_permission_set(self) -> Iterator[Node | Link]:
        """Yield the role of a permission set in one account, and its links."""
        template, resource = self.template, self.resource
        yield Node(
            self.path,
            resource.at,
            self.holder,
            identity_center.arn_of(template, self.holder),
            addresses=(resource.logical,),
            source=template.source,
        )
        managed = reach(self.start, ("ManagedPolicies", "*"))
        yield from self.links(LinkKind.ATTACHED, Thing.POLICY, managed)
        for policy in identity_center.named_policies(template, resource, self.holder):
            yield self._link(LinkKind.ATTACHED, policy)
        limit = identity_center.boundary(template, resource, self.holder)
        yield from [self._link(LinkKind.BOUNDARY, limit)] if limit else ()
        yield from self._brought_in()

    def _brought_in(self) -> Iterator[Link]:
        """Yield the links that a macro may add: all that an identity can have."""
        if self.resource.is_open or _has_macros(self.template):
            thing = ref(self.template, Thing.POLICY, _BROUGHT_IN)
            yield self._link(LinkKind.ATTACHED, thing)
            if self.holder.thing is not Thing.GROUP:
                yield self._link(LinkKind.BOUNDARY, thing)
            if self.holder.thing is Thing.USER:
                group = ref(self.template, Thing.GROUP, _BROUGHT_IN)
                yield self._link(LinkKind.MEMBER, group)

    def _all(
        self, kind: LinkKind, start: Reached, paths: Mapping[str, tuple[Path, ...]]
    ) -> Iterator[Link]:
        for path in paths.get(self.resource.type, ()):
            yield from self.links(kind, Thing.POLICY, reach(start, path))

    def links(self, kind: LinkKind, thing: Thing, nodes: Iterable[Reached]) -> Iterator[Link]:
        for node in nodes:
            for choice in split_by_condition(node):
                if choice.blocked is None and isinstance(choice.value, dict | list):
                    continue
                for target in refs(self.template, self.resource, thing, choice):
                    yield self._link(kind, target, choice)

    def _link(self, kind: LinkKind, target: Ref, node: Reached | None = None) -> Link:
        given = more(self.template, node, self.start.given) if node else frozenset()
        source = self.template.source
        at = node.at if node else None
        return Link(
            self.path, self.resource.at, kind, self.holder, target, given, source, target_at=at
        )

    def _tags(self) -> Iterator[tuple[str, str]]:
        for tag in reach(self.start, ("Tags", "*")):
            value = tag.value if isinstance(tag.value, dict) else {}
            pair = [text(self.template, self.resource, value.get(n)) for n in ("Key", "Value")]
            if all(isinstance(part, str) for part in pair):
                yield str(pair[0]), str(pair[1])


def _has_macros(template: Template) -> bool:
    """Return whether macros of the user may change all resources.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros.html
    """
    found = template.value.get("Transform")
    several = found if isinstance(found, list) else [found]
    names = [one.get("Name") if isinstance(one, dict) else one for one in several]
    own = [one for one in names if isinstance(one, str) and not one.startswith("AWS::")]
    return template.is_native and bool(own)
