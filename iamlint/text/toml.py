"""Finds where the keys and tables of a TOML file are, which the standard reader does not say."""

from __future__ import annotations

import tomllib
from functools import cached_property
from typing import TYPE_CHECKING, Final, cast

from iamlint.fast_dataclass import dataclass
from iamlint.text.span import Lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tree_sitter import Node

    from iamlint.text.span import Pointer

_KEYS: Final = ("bare_key", "quoted_key", "dotted_key")

_DEEPEST: Final = 50
"""Tables within tables whose places are noted; no file of ours has so many."""


@dataclass(frozen=True)
class Toml:
    """A TOML file: what is in it, and on which line.

    Raises `tomllib.TOMLDecodeError` for a text that is not TOML.
    """

    text: str

    @cached_property
    def members(self) -> dict[str, object]:
        try:
            return tomllib.loads(self.text)
        except RecursionError:
            raise tomllib.TOMLDecodeError("lists or tables are nested too deep") from None

    @cached_property
    def lines(self) -> Lines:
        return Lines(self.text)

    def line(self, pointer: Pointer) -> int:
        """Return the line of a value, counted from 1; without such a value, of what is around."""
        while pointer and pointer not in self.places:
            pointer = pointer[:-1]
        return self.places.get(pointer, 1)

    @cached_property
    def places(self) -> Mapping[Pointer, int]:
        # Only errors, ignores and given values need places, and the parser takes time to import.
        import tree_sitter  # noqa: PLC0415
        import tree_sitter_toml  # noqa: PLC0415

        parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_toml.language()))
        lines: dict[Pointer, int] = {}
        items: dict[Pointer, int] = {}
        for node in parser.parse(self.text.encode()).root_node.named_children:
            if node.type == "pair":
                _add(node, (), lines)
            elif node.type in ("table", "table_array_element"):
                at = _named(node, items)
                _note(at, node, lines)
                for child in node.named_children:
                    if child.type == "pair":
                        _add(child, at, lines)
        return lines


def broken_line(text: str) -> int:
    """Return the line where a text stops to be TOML, counted from 1."""
    import tree_sitter  # noqa: PLC0415 - only errors need it
    import tree_sitter_toml  # noqa: PLC0415

    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_toml.language()))
    node: Node | None = parser.parse(text.encode()).root_node
    line = 1
    while node is not None and node.has_error:
        line = node.start_point.row + 1
        node = next((child for child in node.children if child.has_error), None)
    return line


def _named(node: Node, items: dict[Pointer, int]) -> Pointer:
    """Return where the members of a table go: a name means the last item of a list of tables."""
    at: Pointer = ()
    for key in _key(node):
        at = (*at, key)
        if at in items:
            at = (*at, items[at])
    if node.type == "table_array_element":
        at = at[:-1] if at and isinstance(at[-1], int) else at
        items[at] = items.get(at, -1) + 1
        at = (*at, items[at])
    return at


def _add(pair: Node, at: Pointer, lines: dict[Pointer, int]) -> None:
    """Add a key, and those of the tables that are written in its value."""
    todo = [(pair, at)]
    while todo:
        node, around = todo.pop()
        if node.type == "pair":
            around = (*around, *_key(node))
            _note(around, node, lines)
            todo.append((node.named_children[-1], around))
        elif node.type == "inline_table":
            todo += [(child, around) for child in node.named_children]
        elif node.type == "array":
            values = [child for child in node.named_children if child.type != "comment"]
            for number, child in enumerate(values):
                _note((*around, number), child, lines)
                todo.append((child, (*around, number)))


def _note(at: Pointer, node: Node, lines: dict[Pointer, int]) -> None:
    for length in range(1, min(len(at), _DEEPEST) + 1):
        lines.setdefault(at[:length], node.start_point.row + 1)


def _key(node: Node) -> Iterator[str]:
    """Yield the parts of a key, read as the standard reader reads them."""
    text = next((c.text for c in node.named_children if c.type in _KEYS), None)
    found: object = tomllib.loads(f"{(text or b'x').decode()} = 0")
    while isinstance(found, dict):
        [(name, found)] = cast("dict[str, object]", found).items()
        yield name
