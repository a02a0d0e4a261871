"""A line of a file as reports quote it: without secrets, and with the columns of the file."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass
from iamlint.text.masked import places_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iamlint.text.secrets import Secret


@dataclass(frozen=True, slots=True)
class MaskedLine:
    """A line without its secrets; each was at `covers`, and what covers it is at `places`."""

    text: str
    covers: Sequence[tuple[int, int]] = ()
    places: Sequence[tuple[int, int]] = ()

    def part(self, begin: int, end: int) -> tuple[int, int]:
        """Return where a part of the line is then, with the whole of each secret at its ends."""
        return self._place(begin, 0), self._place(end, 1)

    def _place(self, column: int, side: int) -> int:
        at = bisect_left(self.covers, column, key=lambda cover: cover[1])
        if at < len(self.covers) and self.covers[at][0] < column < self.covers[at][1]:
            return self.places[at][side]
        if at < len(self.covers) and column == self.covers[at][1]:
            return self.places[at][1]
        return column - self.covers[at - 1][1] + self.places[at - 1][1] if at else column


def mask_line(text: str, start: int, secrets: Sequence[Secret]) -> MaskedLine:
    """Return a line that starts there in its file, without the secrets of this and other files."""
    at = bisect_left(secrets, start, key=lambda one: one.end)
    found: list[tuple[int, int, str]] = []
    while at < len(secrets) and secrets[at].start < start + len(text):
        one = secrets[at]
        found.append((max(one.start - start, 0), min(one.end - start, len(text)), one.cover))
        at += 1
    parts: list[str] = []
    covers: list[tuple[int, int]] = []
    places: list[tuple[int, int]] = []
    done = size = 0
    for begin, end, shown in sorted([*found, *places_in(text)]):
        if begin < done or end <= begin:
            continue
        parts += [text[done:begin], shown]
        size += begin - done
        covers.append((begin, end))
        places.append((size, size + len(shown)))
        size += len(shown)
        done = end
    return MaskedLine("".join([*parts, text[done:]]), covers, places)
