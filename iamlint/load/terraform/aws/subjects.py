"""The resources of a module that rules look at besides policies."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass, replace
from iamlint.load.file_value import OUTPUTS, Cases, Subject, SubjectKind
from iamlint.load.resource_types import resource_types
from iamlint.load.terraform.language.block import Inside
from iamlint.load.terraform.language.choices import explore
from iamlint.load.terraform.language.instances import every_instance
from iamlint.load.terraform.language.node import (
    Array,
    Json,
    Location,
    Member,
    Object,
    String,
    hidden,
)
from iamlint.load.terraform.language.override import place_of
from iamlint.load.terraform.language.shown import shown_by
from iamlint.load.terraform.language.unknown import parts_in
from iamlint.load.terraform.language.write import written
from iamlint.text.hcl.tree import Access, Attribute, FunctionCall, Name
from iamlint.text.source import key_of
from iamlint.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping

    from iamlint.load.file_value import Reading
    from iamlint.load.resource_types import ResourceRow
    from iamlint.load.terraform.language.choices import Choices
    from iamlint.load.terraform.language.folder import Folder, ModuleFile
    from iamlint.load.terraform.language.module import Module
    from iamlint.load.terraform.language.node import Node, Turn
    from iamlint.load.terraform.language.write import Written
    from iamlint.text.hcl.tree import Block


def subjects_of(module: Module, part: ModuleFile) -> Iterator[Subject]:
    """Yield the resources of a file, without those of a module that is called on a condition."""
    if module.given:
        return
    for block in part.blocks:
        row = _row(block)
        if row is not None and row.is_met(block.attributes, part.text.source):
            outputs = dict(_outputs(module, block.labels, row))
            for turn, _ in every_instance(block, module.evaluator(part)):
                yield from _of_instance(_Resource(module, part, block, row, turn), outputs)


def _row(block: Block) -> ResourceRow | None:
    is_resource = block.type == "resource" and len(block.labels) == 2  # noqa: PLR2004 - type, name
    return resource_types().get(block.labels[0]) if is_resource else None


@dataclass(frozen=True, slots=True)
class _Resource:
    """An instance of a block in a file of a module."""

    module: Module
    part: ModuleFile
    block: Block
    row: ResourceRow
    turn: Turn

    def written(self, outputs: Mapping[str, Member], choices: Choices) -> Written | None:
        """Return it in one reading of the conditions; None if it does not exist there."""
        evaluator = self.module.evaluator(self.part, choices)
        if not all(one.is_made(evaluator) for one in self.module.distinguished):
            return None
        made = self.module.turns(self.block, evaluator)
        now = next((one for one in made if one.key == self.turn.key), None)
        if now is None:
            return None
        inside = Inside(self.block, evaluator.within(**now.names), now.given, now.step)
        members = dict(_members(inside, self.row.reads))
        for name in self.row.documents:
            if name in members:
                members[name] = replace(members[name], node=_opened(inside, members[name].node))
        if outputs:
            members[OUTPUTS] = Member(None, Object(outputs, inside.spot))
        found = written(Object(members, inside.spot), self.module.spend)
        found.spots[0] = (), inside.spot, _header(inside)
        return found


def _of_instance(one: _Resource, outputs: Mapping[str, Member]) -> Iterator[Subject]:
    """Yield an instance in each reading of the conditions in which it exists."""
    groups = explore(partial(one.written, outputs))
    made = [(choices.reading, found) for choices, found in groups[0] if found is not None]
    if len(groups) > 1:
        return  # too many conditions
    alike: dict[Hashable, tuple[Written, list[Reading]]] = {}
    for reading, found in made:
        alike.setdefault(key_of(found.value), (found, []))[1].append(reading)
    is_conditional = bool(one.turn.given) or len(made) < len(groups[0])
    every = tuple(reading for reading, _ in made)
    cases = Cases(every, not is_conditional) if len(alike) > 1 else None
    text, labels = one.part.text, one.block.labels
    for found, several in alike.values():
        yield Subject(
            SubjectKind.RESOURCE,
            text.path,
            found.source(text),
            (one.block.type, *labels),
            (),
            name=".".join(labels),
            type=labels[0],
            readings=tuple(several) if cases else (),
            cases=cases,
            is_conditional=is_conditional,
            elsewhere=found.elsewhere(text),
            shown_by=shown_by(one.module.root, text, f"{one.module.prefix()}{'.'.join(labels)}"),
        )


def _members(inside: Inside, names: Iterable[str]) -> Iterator[tuple[str, Member]]:
    """Yield the attributes and the nested blocks of these names."""
    for name in names:
        member = _not_encoded(inside, name) or inside.member(name)
        blocks = [] if member else list(inside.blocks(name))
        more = None if member else inside.more(name)
        if member is not None:
            yield name, member
        elif more is not None:
            yield name, Member(None, more)
        elif blocks:
            inner = [Object(dict(_members(one, _names(one))), one.spot) for one in blocks]
            yield name, Member(blocks[0].key, Array(inner, inside.spot))


def _not_encoded(inside: Inside, name: str) -> Member | None:
    """Return the text that `base64encode` encodes, such as user data; None for other values."""
    match inside.block.attributes.get(name):
        case Attribute(_, key, FunctionCall("base64encode", (text,)) as call):
            spot = inside.evaluator.spot(call)
            node = inside.evaluator.value(text)
            return Member(Location(inside.evaluator.text, key), replace(node, spot=spot))
    return None


def _names(inside: Inside) -> Iterable[str]:
    return (*inside.block.attributes, *(one.type for one in inside.block.blocks))


def _opened(inside: Inside, node: Node) -> Node:
    """Return the policy in a string, if it can be read."""
    if isinstance(node, String):
        node = inside.evaluator.around.decoded(node) or node
    return node.node if isinstance(node, Json) else node


def _header(inside: Inside) -> Location | None:
    """Return the place of the words before the brace of a block; None if it is not in HCL."""
    text, start = inside.evaluator.text, inside.block.span.start
    head, brace, _ = text.source.text[start : inside.block.span.end].partition("{")
    return Location(text, Span(start, start + len(head.rstrip()))) if head and brace else None


def _outputs(
    module: Module, labels: tuple[str, ...], row: ResourceRow
) -> Iterator[tuple[str, Member]]:
    """Yield the outputs that return a secret of a resource, by name, with their places."""
    returned = _returned(module.folder) if row.secrets else {}
    for secret in row.secrets:
        for name, spot in returned.get((*labels, secret), {}).items():
            yield name, Member(None, hidden(spot))


@lru_cache(maxsize=1)
def _returned(folder: Folder) -> Mapping[tuple[str, ...], Mapping[str, Location]]:
    """Return the outputs of a folder that return an attribute of a resource or of an instance."""
    found: dict[tuple[str, ...], dict[str, Location]] = {}
    for part in folder.parts:
        for block in part.blocks:
            value = block.attributes.get("value") if block.type == "output" else None
            if value is None or not block.labels:
                continue
            for one in parts_in(value.expression):
                if isinstance(one, Access) and (attribute := _attribute(one)):
                    spot = Location(*place_of(value.expression, part.text))
                    found.setdefault(attribute, {}).setdefault(block.labels[0], spot)
    return found


def _attribute(access: Access) -> tuple[str, ...] | None:
    """Return the type and name of the resource, and the attribute, that an expression is."""
    match access:
        case Access(Name(of), (str(label), *_, str(attribute))):
            return of, label, attribute
    return None
