"""Reads JSON and YAML in strings of a module; their parts keep their places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass
from iamlint.late_pattern import late_pattern
from iamlint.load.terraform.language.node import (
    Array,
    Hidden,
    Json,
    Location,
    Member,
    Node,
    Object,
    Scalar,
    String,
    Text,
    chunk_of,
    name_of,
)
from iamlint.text.embed import embedded_yaml, read_embedded
from iamlint.text.hcl.tree import Chunk, Mistake
from iamlint.text.source import (
    MAX_DEPTH,
    Dialect,
    Partial,
    Place,
    Source,
    SyntaxFault,
    SyntaxFlaw,
    Unknown,
    as_written,
)
from iamlint.text.span import Span

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping, Sequence

    from iamlint.text.source import Value
    from iamlint.text.span import Pointer

_FIRST: Final = "${\ue000"
_PLACEHOLDER: Final = late_pattern("\\$\\{\ue000([0-9]{1,9})\\}")


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """The value of the text in a string; `node` is None when it cannot be read.

    Then `source` holds the reason with its place, and `is_open` says whether an unknown part of the
    string may be the reason.
    """

    node: Node | None
    source: Source
    is_open: bool

    @property
    def flaws(self) -> tuple[SyntaxFlaw, ...]:
        return tuple(
            flaw for flaw in self.source.flaws if flaw.fault is not SyntaxFault.PLACEHOLDER
        )


def decode(string: String, *, as_yaml: bool = False) -> Decoded | None:
    """Return the value of a string; None if it neither looks like JSON nor is YAML."""
    text, offsets, holes = _written(string)
    outer = string.spot.text.source
    outside = Source(
        text=outer.text,
        value=text,
        dialect=Dialect.HCL,
        places=lambda: {(): Place(string.spot.span)},
        characters=lambda _: offsets,
        outer=outer,
    )
    inner = read_embedded(outside, ())
    if as_yaml and (inner is None or not inner.readable):
        inner = embedded_yaml(outside, ())
    if inner is None:
        return None
    if not inner.readable:
        return Decoded(None, inner, is_open=bool(holes))
    node = _Reader(string.spot.text, inner, holes, _ends(string)).node(inner.value, ())
    return Decoded(node, inner, is_open=bool(holes))


def _written(string: String) -> tuple[str, Sequence[int], list[Hidden | Json | Mistake]]:
    """Return the text with placeholders for unknown parts, and the place of each character."""
    pieces: list[str] = []
    offsets: list[int] = []
    holes: list[Hidden | Json | Mistake] = []
    end = string.spot.span.end
    for piece in string.pieces:
        if isinstance(piece, Chunk):
            pieces.append(piece.text)
            offsets += piece.offsets[:-1]
            end = piece.offsets[-1]
        else:
            placeholder = f"{_FIRST}{len(holes)}}}"
            span = piece.span if isinstance(piece, Mistake) else piece.spot.span
            holes.append(piece)
            pieces.append(placeholder)
            offsets += [span.start] * len(placeholder)
            end = span.end
    return "".join(pieces), [*offsets, end], holes


def _ends(string: String) -> Mapping[int, int]:
    """Return the end of each computed part by its start: it has one place as a whole."""
    return {
        piece.offsets[0]: piece.offsets[-1]
        for piece in string.pieces
        if isinstance(piece, Chunk) and len(piece.text) > 1 and piece.offsets[0] == piece.offsets[1]
    }


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns the value of a text into nodes with its places."""

    text: Text
    source: Source
    holes: Sequence[Hidden | Json | Mistake]
    ends: Mapping[int, int]

    def node(self, value: Value, at: Pointer) -> Node:
        spot = self._spot(at)
        if len(at) >= MAX_DEPTH:
            return Hidden("…", spot)
        if isinstance(value, dict):
            return Object(
                dict(self._member(name, child, at) for name, child in value.items()), spot
            )
        if isinstance(value, list):
            items = [self.node(child, (*at, index)) for index, child in enumerate(value)]
            return Array(items, spot)
        if isinstance(value, str | Partial | Unknown):
            return self._string(as_written(value), spot)
        if value is None or isinstance(value, bool | int | float):
            return Scalar(value, spot)
        return Hidden("…", spot)

    def _spot(self, at: Pointer, *, key: bool = False) -> Location:
        span = self.source.locate(at, key=key)
        return Location(self.text, Span(span.start, self.ends.get(span.end, span.end)))

    def _member(self, name: str, child: Value, at: Pointer) -> tuple[str, Member]:
        key = self._spot((*at, name), key=True)
        text, is_named = name_of(self._string(name, key))
        return text, Member(key, self.node(child, (*at, name)), is_named)

    def _string(self, text: str, spot: Location) -> Node:
        """Return a string with the parts that its placeholders mean."""
        if _FIRST not in text:
            return String((chunk_of(text, spot.span),), spot)
        whole = _PLACEHOLDER.fullmatch(text)
        if whole and self.source.text[spot.span.start : spot.span.start + 1] != '"':
            hole = self._hole(whole)
            if isinstance(hole, Json):
                return hole.node
            if isinstance(hole, Hidden):
                return hole
        pieces: list[Chunk | Mistake | Hidden | Json] = []
        done = 0
        for match in _PLACEHOLDER.finditer(text):
            if match.start() > done:
                pieces.append(chunk_of(text[done : match.start()], spot.span))
            hole = self._hole(match)
            pieces += () if hole is None else (hole,)
            done = match.end()
        if done < len(text):
            pieces.append(chunk_of(text[done:], spot.span))
        return String(tuple(pieces), spot)

    def _hole(self, match: re.Match[str]) -> Hidden | Json | Mistake | None:
        number = int(match[1])
        return self.holes[number] if number < len(self.holes) else None
