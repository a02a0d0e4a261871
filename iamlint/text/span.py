"""Places in a text: offsets, lines and columns, and pointers into a value."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from operator import methodcaller
from typing import TYPE_CHECKING, TypeAlias

from iamlint.fast_dataclass import dataclass
from iamlint.late_pattern import late_pattern

if TYPE_CHECKING:
    from array import array

    from iamlint.text.masked_line import MaskedLine
    from iamlint.text.secrets import Secret

Pointer: TypeAlias = tuple[str | int, ...]
"""The way from a value to a node inside it: names of members, indexes of items."""

_END = methodcaller("end")
_LINE_END = late_pattern(r"\r\n|\r|\n")
_LINE_FEED = late_pattern(r"\n")
_LONG = 10_000


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a text, in code points from 0; `end` is exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A point of a text: line and column from 1, offset from 0, all in code points."""

    line: int
    column: int
    offset: int


class Lines:
    """Lines of a text, ended by LF, CRLF or CR as editors end them."""

    def __init__(self, text: str) -> None:
        self.whole = text
        self._long: dict[int, str] = {}
        self._masked: dict[int, MaskedLine] = {}

    @cached_property
    def _starts(self) -> array[int]:
        from array import array  # noqa: PLC0415 - a tenth of a list, of files with findings only

        ends = _LINE_END if "\r" in self.whole else _LINE_FEED  # which takes half of the time
        return array("L", [0, *map(_END, ends.finditer(self.whole))])

    def position(self, offset: int) -> Position:
        line = bisect_right(self._starts, offset)
        return Position(line, offset - self._starts[line - 1] + 1, offset)

    def start(self, line: int) -> Position:
        """Return where a line begins."""
        return Position(line, 1, self._starts[line - 1])

    def end(self, line: int) -> Position:
        """Return where a line ends, before the characters that end it."""
        width = len(self.text(line))
        return Position(line, width + 1, self._starts[line - 1] + width)

    def text(self, line: int) -> str:
        """Return line number `line` (from 1) without its end; empty past the last."""
        if not 1 <= line <= len(self._starts):
            return ""
        if line in self._long:
            return self._long[line]
        start = self._starts[line - 1]
        end = self._starts[line] if line < len(self._starts) else len(self.whole)
        text = self.whole[start:end].rstrip("\r\n")
        if len(text) > _LONG:  # each finding on it asks
            self._long[line] = text
        return text

    @cached_property
    def secrets(self) -> tuple[Secret, ...]:
        """The keys and passwords in the text, in its order, which no report shows."""
        from iamlint.text.secret_marks import has_secrets  # noqa: PLC0415 - only what is shown needs it

        if not has_secrets(self.whole):
            return ()
        from iamlint.text.masked import remember  # noqa: PLC0415 - the same
        from iamlint.text.secrets import find_secrets  # noqa: PLC0415 - the same

        found = find_secrets(self.whole)
        remember(found, self.whole)
        return found

    def hide(self, start: int, end: int) -> None:
        """Note that a stretch of the text is a password, whatever its name is."""
        from iamlint.text.masked import remember  # noqa: PLC0415 - the same
        from iamlint.text.secrets import password_at  # noqa: PLC0415 - the same

        one = password_at(self.whole, start, end)
        if all(other.end <= one.start or one.end <= other.start for other in self.secrets):
            remember((one,), self.whole)
            self.secrets = tuple(sorted((*self.secrets, one), key=lambda secret: secret.start))
            self._masked.clear()

    def masked(self, line: int) -> MaskedLine:
        """Return a line as reports show it, without its secrets."""
        from iamlint.text.masked_line import mask_line  # noqa: PLC0415 - the same

        found = self._masked.get(line)
        if found is None:
            text = self.text(line)
            start = self._starts[line - 1] if text else 0
            found = mask_line(text, start, self.secrets)
            if found.covers or len(text) > _LONG:
                self._masked[line] = found
        return found

    def __len__(self) -> int:
        return len(self._starts)
