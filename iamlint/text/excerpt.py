"""A line of a file as people read it: cut around a part of it, with carets under that part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.text.shown import plain

if TYPE_CHECKING:
    from iamlint.text.span import Lines, Position

_WIDTH: Final = 110
_LEAST: Final = 20
"""Characters around a part that are shown however long it is."""


def excerpt(lines: Lines, start: Position, end: Position) -> tuple[str, str]:
    """Return the first line of a range and carets under it; a long line only around the range.

    Secrets of the file are left out.
    """
    line = lines.masked(start.line)
    text = line.text
    begin, stop = line.part(start.column - 1, end.column - 1)
    stop = stop if end.line == start.line else len(text)
    before, value, after = map(visible, cut(text, begin, max(stop, begin + 1), _WIDTH))
    return before + value + after, " " * _columns(before) + "^" * max(_columns(value), 1)


def cut(text: str, begin: int, end: int, width: int) -> tuple[str, str, str]:
    """Return what is before, in and after a part of a line; a line over the width is cut.

    A line may be as long as a file, and have as many findings.
    """
    more = width + 1
    before, value = text[max(begin - more, 0) : begin], text[begin : min(end, begin + more)]
    after = text[end : end + more]
    if len(text) <= width:
        return before, value, after
    value = value if len(value) <= width else value[: width - 1] + "…"
    room = max(width - len(value), _LEAST) // 2
    before = before if len(before) <= room else "…" + before[1 - room :]
    return before, value, after if len(after) <= room else after[: room - 1] + "…"


def visible(text: str) -> str:
    """Return a line as a terminal may print it, with spaces for tabs."""
    return plain(text.expandtabs(4))


def _columns(text: str) -> int:
    """Return how many columns a terminal gives the text: two for wide characters."""
    if text.isascii():
        return len(text)
    import unicodedata  # noqa: PLC0415 - few files need it

    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.category(c) in ("Mn", "Me") for c in text)
