"""The users, groups and roles of a module, with their links besides inline policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import replace
from iamlint.load.link import Link, LinkKind, Node, Thing
from iamlint.load.terraform.aws import permission_sets
from iamlint.load.terraform.aws.attach import (
    arn_of,
    depends,
    described,
    either,
    own,
    ref,
    resolve_names,
    where_named,
)
from iamlint.load.terraform.aws.linking import BETWEEN, MANAGED, OWN, PRINCIPALS
from iamlint.load.terraform.language.block import turns
from iamlint.load.terraform.language.node import Array, Object, Scalar, known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.link import Name, NamedAt, Ref
    from iamlint.load.terraform.aws.linking import Between
    from iamlint.load.terraform.language.block import Inside
    from iamlint.load.terraform.language.folder import ModuleFile
    from iamlint.load.terraform.language.module import Module
    from iamlint.load.terraform.language.node import Given


def holders(module: Module, part: ModuleFile) -> Iterator[Node | Link]:
    """Yield the users, groups and roles of a file, with their links besides inline policies."""
    for block in part.blocks:
        if block.type != "resource" or len(block.labels) < 2:  # noqa: PLR2004 - type and name
            continue
        type_ = block.labels[0]
        if type_ in permission_sets.TYPES:
            for inside in turns(block, module.evaluator(part)):
                yield from permission_sets.items(module, inside, part.path)
        if type_ in PRINCIPALS or type_ in BETWEEN or MANAGED.get(type_):
            for inside in turns(block, module.evaluator(part)):
                yield from _Block(module, inside, part.path).items()


class _Block:
    """A resource of one of these types."""

    def __init__(self, module: Module, inside: Inside, path: str) -> None:
        self.module = module
        self.inside = inside
        self.path = path
        self.at = (inside.block.type, *inside.block.labels)
        self.type = inside.block.labels[0]

    def items(self) -> Iterator[Node | Link]:
        if self.type in PRINCIPALS:
            for reading, _ in resolve_names(self.inside):
                yield from self._described(own(self.module, reading), arn_of(reading))
        elif self.type in BETWEEN:
            yield from self._between(BETWEEN[self.type])
        else:
            yield from self._managed()

    def _described(self, who: Ref, arn: Name | None) -> Iterator[Node | Link]:
        tags, lasts = tuple(_tags(self.inside)), _seconds(self.inside)
        yield described(self.inside, Node(self.path, self.at, who, arn, tags, lasts))
        for kind, thing, attribute in OWN.get(self.type, ()):
            yield from self._of_own(kind, who, thing, attribute)

    def _of_own(self, kind: LinkKind, who: Ref, thing: Thing, attribute: str) -> Iterator[Link]:
        for target, given, at in self._refs(thing, attribute):
            yield self._made(kind, who, target, given, at)

    def _managed(self) -> Iterator[Link]:
        """Yield the holders that a managed policy itself names."""
        policy = arn_of(self.inside)
        if policy is None:
            return
        for attribute, thing in MANAGED[self.type].items():
            for holder, given, at in self._refs(thing, attribute):
                held = replace(holder, thing=Thing.POLICY, name=policy)
                yield self._link(LinkKind.ATTACHED, holder, held, at, given)

    def _between(self, row: Between) -> Iterator[Link]:
        """Yield the links of a resource that only links."""
        targets = [
            found
            for attribute, thing in row.targets.items()
            for found in self._refs(thing, attribute)
        ]
        for attribute, thing in row.holders.items():
            for holder, given, _ in self._refs(thing, attribute):
                for target, more, at in targets:
                    yield self._link(row.kind, holder, target, at, given, more)

    def _link(self, kind: LinkKind, holder: Ref, target: Ref, at: NamedAt, *given: Given) -> Link:
        depending = depends(self.module, self.inside, holder, *given)
        return self._made(kind, holder, target, depending, at)

    def _made(self, kind: LinkKind, holder: Ref, target: Ref, given: Given, at: NamedAt) -> Link:
        source, span = self.inside.evaluator.text.source, self.inside.block.span
        return Link(self.path, self.at, kind, holder, target, given, source, span, at)

    def _refs(self, thing: Thing, attribute: str) -> Iterator[tuple[Ref, Given, NamedAt]]:
        for node, given in either(self.inside, attribute):
            yield (
                ref(self.module, self.inside, thing, node),
                given,
                where_named(self.inside, attribute, node),
            )


def _seconds(inside: Inside) -> int | None:
    node = inside.get("max_session_duration")
    return node.value if isinstance(node, Scalar) and type(node.value) is int else None


def _tags(inside: Inside) -> Iterator[tuple[str, str]]:
    tags = inside.get("tags")
    if isinstance(tags, Array):
        for tag in tags.items:
            members = tag.members if isinstance(tag, Object) else {}
            pair = [known(members[name].node) for name in ("key", "value") if name in members]
            if len(pair) == 2 and pair[0] is not None and pair[1] is not None:  # noqa: PLR2004
                yield pair[0], pair[1]
        return
    for name, member in tags.members.items() if isinstance(tags, Object) else ():
        if (value := known(member.node)) is not None:
            yield name, value
