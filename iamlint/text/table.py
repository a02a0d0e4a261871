"""Reads comma-separated values with a header: an object for each row, and the place of each cell.

https://datatracker.ietf.org/doc/html/rfc4180
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass
from iamlint.text.source import Dialect, Place, Source
from iamlint.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from iamlint.text.source import Value
    from iamlint.text.span import Pointer

    Move = Callable[[Span], Span]

_BYTE_ORDER_MARK: Final = "\ufeff"
# The possessive quantifiers keep it linear: a quote that nothing closes is read once.
_CELL: Final = re.compile(r'(?:"((?:[^"]|"")*+)("?)([^,\r\n]*+)|([^,\r\n]*+))(,|\r\n?|\n|\Z)')


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    start: int
    end: int
    is_closed: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a text that have a cell for each of its columns, and the places of their cells.

    White space around a cell does not count, nor do blank lines. `odd` are the numbers of the other
    rows, where the header is row 1; it `is_cut` if the last one lacks cells or a quote.
    """

    text: str
    columns: Mapping[str, int]
    rows: tuple[dict[str, Value], ...]
    odd: tuple[int, ...]
    is_cut: bool
    cells: tuple[tuple[_Cell, ...], ...]

    def as_source(self, outer: Source | None = None, move: Move | None = None) -> Source:
        """Return the rows as a list; `move` returns the place in `outer` of a place in the text."""
        moved = partial(self._places, move or _same)
        return Source(
            text=outer.text if outer else self.text,
            value=list(self.rows),
            dialect=Dialect.CSV,
            places=moved,
            outer=outer,
            seek=partial(self._seek, move or _same),
            is_known=True,
        )

    def _seek(self, move: Move, pointer: Pointer) -> tuple[Place, int] | None:
        if not pointer or not isinstance(pointer[0], int):
            return Place(move(Span(0, len(self.text)))), 0
        row = self.cells[pointer[0]]
        column = self.columns.get(str(pointer[1])) if len(pointer) > 1 else None
        if column is None:
            return Place(move(Span(row[0].start, row[-1].end))), 1
        return Place(move(Span(row[column].start, row[column].end))), 2

    def _places(self, move: Move) -> Mapping[Pointer, Place]:
        pointers: list[Pointer] = [()]
        for number in range(len(self.rows)):
            pointers += [(number,), *((number, name) for name in self.columns)]
        found = ((at, self._seek(move, at)) for at in pointers)
        return {at: place[0] for at, place in found if place}


def read_table(text: str) -> Table:
    """Return the table that a text is."""
    header, *records = _records(text) or [()]
    names = (cell.text.removeprefix(_BYTE_ORDER_MARK).strip() for cell in header)
    columns = {name: index for index, name in enumerate(names)}
    whole = [len(one) == len(header) and one[-1].is_closed for one in records]
    kept = tuple(one for one, is_whole in zip(records, whole, strict=True) if is_whole)
    return Table(
        text,
        columns,
        tuple({name: row[index].text for name, index in columns.items()} for row in kept),
        tuple(number for number, is_whole in enumerate(whole, 2) if not is_whole),
        any(len(one) < len(header) or not one[-1].is_closed for one in records[-1:]),
        kept,
    )


def _same(span: Span) -> Span:
    return span


def _records(text: str) -> list[tuple[_Cell, ...]]:
    """Return the records of a text that are not blank."""
    found: list[tuple[_Cell, ...]] = []
    cells: list[_Cell] = []
    for cell, is_last in _cells(text):
        cells.append(cell)
        if is_last:
            if len(cells) > 1 or cell.start < cell.end:
                found.append(tuple(cells))
            cells = []
    return found


def _cells(text: str) -> Iterator[tuple[_Cell, bool]]:
    """Yield cells, and whether each is the last of its record."""
    for match in _CELL.finditer(text):
        quoted, closing, rest, plain, end = match.groups()
        start = match.start()
        if quoted is None:
            known = plain.strip()
            start += len(plain) - len(plain.lstrip()) if known else 0
            yield _Cell(known, start, start + len(known)), end != ","
        else:
            said = quoted.replace('""', '"') + rest
            stop = match.start(5) - (len(rest) - len(rest.rstrip()))
            yield _Cell(said.strip(), start, stop, is_closed=bool(closing)), end != ","
