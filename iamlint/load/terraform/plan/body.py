"""The body of a resource in a plan or a state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass
from iamlint.load.terraform.language.node import (
    Array,
    Hidden,
    Location,
    Member,
    Object,
    Scalar,
    String,
    Text,
)
from iamlint.load.terraform.language.node import chunk_of as as_computed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.load.terraform.language.node import Node
    from iamlint.text.source import Value
    from iamlint.text.span import Pointer

_AFTER_APPLY: Final = "(known after apply)"


@dataclass(frozen=True, slots=True)
class PlanBody:
    """A block of a data source in a plan."""

    text: Text
    at: Pointer
    values: Mapping[str, Value]
    unknown: Value

    @property
    def spot(self) -> Location:
        return Location(self.text, self.text.source.locate(self.at))

    @property
    def key(self) -> Location:
        last = max(index for index, step in enumerate(self.at, 1) if isinstance(step, str))
        return Location(self.text, self.text.source.locate(self.at[:last], key=True))

    def get(self, name: str) -> Node | None:
        value, unknown = self.values.get(name), part(self.unknown, name)
        if value is None and unknown is not True:
            return None
        return node_of(self.text, value, unknown, (*self.at, name))

    def member(self, name: str) -> Member | None:
        node = self.get(name)
        key = Location(self.text, self.text.source.locate((*self.at, name), key=True))
        return None if node is None or _is_empty(node) else Member(key, node)

    def blocks(self, type_: str) -> Iterator[PlanBody]:
        value, unknown = self.values.get(type_), part(self.unknown, type_)
        for index, item in enumerate(value if isinstance(value, list) else ()):
            if isinstance(item, dict):
                at = (*self.at, type_, index)
                yield PlanBody(self.text, at, item, part(unknown, index))

    def more(self, type_: str) -> Hidden | None:
        """Return an unknown for blocks of a type that are known after apply."""
        is_open = part(self.unknown, type_) is True
        return Hidden(_AFTER_APPLY, self.spot) if is_open else None

    def spend(self, count: int) -> bool:
        return count >= 0  # the size of the plan is the limit

    def decoded(self, node: Node) -> Node | None:
        from iamlint.load.terraform.language.decode import decode  # noqa: PLC0415 - seldom needed

        found = decode(node) if isinstance(node, String) else None
        return found.node if found else None


def node_of(text: Text, value: Value, unknown: Value, at: Pointer) -> Node:
    """Return plain data as a node; `unknown` mirrors it, with `True` for unknown values."""
    spot = Location(text, text.source.locate(at))
    if unknown is True:
        return Hidden(_AFTER_APPLY, spot)
    if isinstance(value, list):
        items = enumerate(value)
        return Array([node_of(text, v, part(unknown, i), (*at, i)) for i, v in items], spot)
    if isinstance(value, dict):
        members = {
            name: Member(
                Location(text, text.source.locate((*at, name), key=True)),
                node_of(text, item, part(unknown, name), (*at, name)),
            )
            for name, item in value.items()
        }
        return Object(members, spot)
    if isinstance(value, str):
        return String((as_computed(value, spot.span),), spot)
    if value is None or isinstance(value, bool | int | float):
        return Scalar(value, spot)
    return Hidden("…", spot)


def _is_empty(node: Node) -> bool:
    """Return whether the provider leaves a node out: an empty list or text."""
    return (isinstance(node, Array) and not node.items) or (
        isinstance(node, String) and not node.known and node.known is not None
    )


def part(unknown: Value, step: str | int) -> Value:
    """Return the mirror of a member or item; `True` means all of it."""
    if unknown is True:
        return True
    if isinstance(unknown, dict) and isinstance(step, str):
        return unknown.get(step)
    if isinstance(unknown, list) and isinstance(step, int) and step < len(unknown):
        return unknown[step]
    return None
