"""The origins of the parts of a resolved value, so that findings are in the template itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass
from iamlint.text.source import Place, Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.text.source import Value
    from iamlint.text.span import Pointer, Span


@dataclass(frozen=True, slots=True)
class NodeOrigin:
    """The node that a value comes from, and the member that has its name.

    A value that is computed as a `whole` has no parts in the template: its place is that of the
    expression, or that of its name if only `named` is written there.
    """

    at: Pointer
    key: Pointer
    whole: bool = False
    named: bool = False

    def child(self, step: str | int) -> NodeOrigin:
        return self if self.whole else NodeOrigin((*self.at, step), key=(*self.at, step))


def derive_source(
    outer: Source, value: Value, origins: Mapping[Pointer, NodeOrigin], root: NodeOrigin
) -> Source:
    """Return a source of a resolved value; its places are those of its origins in `outer`."""
    flaws = outer.flaws
    if flaws:
        whole = outer.locate(root.at)
        flaws = tuple(
            flaw for flaw in flaws if whole.start <= flaw.span.start and flaw.span.end <= whole.end
        )
    return Source(
        text=outer.text,
        value=value,
        dialect=outer.dialect,
        places=lambda: _places(outer, value, origins, root),
        flaws=flaws,
        outer=outer,
        seek=lambda pointer: _seek(outer, value, origins, root, pointer),
    )


def _places(
    outer: Source, value: Value, origins: Mapping[Pointer, NodeOrigin], root: NodeOrigin
) -> dict[Pointer, Place]:
    found: dict[Pointer, Place] = {}
    todo: list[tuple[Pointer, Value, NodeOrigin]] = [((), value, origins.get((), root))]
    while todo:
        to, node, origin = todo.pop()
        found[to] = _place(outer, origin)
        children = _children(node)
        todo += [
            ((*to, step), child, origins.get((*to, step)) or origin.child(step))
            for step, child in children
        ]
    return found


def _seek(
    outer: Source,
    value: Value,
    origins: Mapping[Pointer, NodeOrigin],
    root: NodeOrigin,
    pointer: Pointer,
) -> tuple[Place, int]:
    """Return the nearest place at or above a pointer, and the number of steps that lead to it."""
    node, origin, steps = value, origins.get((), root), 0
    for step in pointer:
        if isinstance(node, dict) and isinstance(step, str) and step in node:  # noqa: SIM114 - each narrows its own type
            node = node[step]
        elif isinstance(node, list) and isinstance(step, int) and 0 <= step < len(node):
            node = node[step]
        else:
            break
        steps += 1
        origin = origins.get(pointer[:steps]) or origin.child(step)
    return _place(outer, origin), steps


def _children(node: Value) -> list[tuple[str | int, Value]]:
    if isinstance(node, dict):
        return list(node.items())
    return list(enumerate(node)) if isinstance(node, list) else []


def _place(outer: Source, origin: NodeOrigin) -> Place:
    key = _key(outer, origin.key)
    span = key if origin.named and key else outer.locate(origin.at)
    return Place(span, None if origin.whole and not key else key)


def _key(outer: Source, pointer: Pointer) -> Span | None:
    place = outer.place(pointer)
    return place.key if place else None
