"""The users, groups and roles of a plan or a state, with their links besides inline policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.load.link import Link, LinkKind, Node, Ref, Thing
from iamlint.load.terraform.aws.linking import BETWEEN, MANAGED, OWN, PRINCIPALS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.terraform.language.node import Given
    from iamlint.load.terraform.plan.instances import Instance
    from iamlint.load.terraform.plan.names import InstanceNames
    from iamlint.text.source import Source


def holders(
    path: str, source: Source, names: InstanceNames, instance: Instance
) -> Iterator[Node | Link]:
    """Yield the principals and links of an instance, besides inline policies."""
    if instance.is_data:
        return
    one = _One(path, source, names, instance)
    if instance.type in PRINCIPALS:
        yield from one.described()
    elif instance.type in BETWEEN:
        yield from one.between()
    elif instance.type in MANAGED:
        yield from one.managed()


class _One:
    def __init__(self, path: str, source: Source, names: InstanceNames, instance: Instance) -> None:
        self.path = path
        self.source = source
        self.names = names
        self.instance = instance

    def described(self) -> Iterator[Node | Link]:
        instance = self.instance
        who = self.names.ref(instance)
        seconds = instance.values.get("max_session_duration")
        yield Node(
            self.path,
            instance.at,
            who,
            self.names.arn(instance),
            tags=tuple(_tags(instance)),
            max_session=seconds if type(seconds) is int else None,
            addresses=(instance.address,),
            source=self.source,
        )
        for kind, thing, attribute in OWN.get(instance.type, ()):
            for target, given in self.names.refs(instance, attribute, thing):
                yield self._link(kind, who, target, given, attribute)

    def between(self) -> Iterator[Link]:
        """Yield the links that a resource is."""
        row = BETWEEN[self.instance.type]
        targets = [
            (attribute, *found)
            for attribute, thing in row.targets.items()
            for found in self.names.refs(self.instance, attribute, thing)
        ]
        for attribute, thing in row.holders.items():
            for holder, given in self.names.refs(self.instance, attribute, thing):
                for named, target, more in targets:
                    yield self._link(row.kind, holder, target, given | more, named)

    def managed(self) -> Iterator[Link]:
        """Yield the holders that a managed policy itself names."""
        target = Ref(Thing.POLICY, self.names.arn(self.instance), scope=self.names.scope)
        for attribute, thing in MANAGED[self.instance.type].items():
            for holder, given in self.names.refs(self.instance, attribute, thing):
                yield self._link(LinkKind.ATTACHED, holder, target, given)

    def _link(
        self, kind: LinkKind, holder: Ref, target: Ref, given: Given, attribute: str | None = None
    ) -> Link:
        """Return a link, whose target an attribute names: alone, or as one of several."""
        at = self.instance.at
        is_text = attribute is not None and isinstance(self.instance.values.get(attribute), str)
        named = (*at, attribute) if is_text and attribute is not None else None
        return Link(self.path, at, kind, holder, target, given, self.source, target_at=named)


def _tags(instance: Instance) -> Iterator[tuple[str, str]]:
    """Yield the known tags, with those of the provider."""
    every = instance.values.get("tags_all") or instance.values.get("tags")
    match every:
        case dict():
            yield from ((k, v) for k, v in every.items() if isinstance(v, str))
        case list():  # in the format of Cloud Control
            for tag in every:
                match tag:
                    case {"key": str(key), "value": str(value)}:
                        yield key, value
