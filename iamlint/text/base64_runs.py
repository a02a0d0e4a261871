"""Texts in base64 that are in another text, such as user data; each is decoded once.

One that is compressed, or no text, is left alone.
"""

from __future__ import annotations

import base64
import binascii
from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LEAST: Final = 60
_START: Final = 16
_WRAPPED: Final = frozenset({60, 64, 72, 76, 80})
"""Characters of a line of base64 that tools wrap."""


@dataclass(frozen=True, slots=True)
class DecodedRun:
    """A text, a byte a character, that another one has in base64.

    `starts` are the letters of base64 at which its lines start, and `places` those in the outer
    text.
    """

    text: str
    starts: Sequence[int]
    places: Sequence[int]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return where the base64 of a part of the text is, from its first to its last letter."""
        return self._of(start * 4 // 3), self._of((end * 4 + 2) // 3 - 1) + 1

    def _of(self, letter: int) -> int:
        line = bisect_right(self.starts, letter) - 1
        return self.places[line] + letter - self.starts[line]


def decoded_runs(text: str, words: Sequence[tuple[int, int]]) -> Iterator[DecodedRun]:
    """Yield what the words of a text that are base64 mean, if that is a text.

    Words that only white space separates are one, if all but the last have one usual length.
    """
    lines: list[tuple[int, int]] = []
    for word in words:
        if lines and not _continues(text, lines, word):
            yield from _decoded(text, lines)
            lines = []
        lines.append(word)
    if lines:
        yield from _decoded(text, lines)


def _continues(text: str, lines: Sequence[tuple[int, int]], word: tuple[int, int]) -> bool:
    start, end = lines[-1]
    width = end - start
    if width not in _WRAPPED or width != lines[0][1] - lines[0][0] or word[1] - word[0] > width:
        return False
    return text[end : word[0]].strip() in ("", "\\n", "\\r\\n")


def _decoded(text: str, lines: Sequence[tuple[int, int]]) -> Iterator[DecodedRun]:
    lines = [*lines, *_last_line(text, lines)]
    whole = "".join(text[start:end] for start, end in lines)
    if len(whole) < _LEAST or not _is_text(_bytes(whole[:_START])):
        return
    starts = [0]
    for start, end in lines[:-1]:
        starts.append(starts[-1] + end - start)
    yield DecodedRun(_bytes(whole).decode("latin-1"), starts, [start for start, _ in lines])


def _last_line(text: str, lines: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the last line of a wrapped text, which may be too short to be a word."""
    start, end = lines[-1]
    if end - start not in _WRAPPED or end - start != lines[0][1] - lines[0][0]:
        return
    near = text[end : end + 200]
    bare = near.lstrip()
    at = end + len(near) - len(bare)
    word = bare[
        : next((n for n, one in enumerate(bare) if not (one.isalnum() or one in "+/")), len(bare))
    ]
    if "\n" in near[: at - end] and word and word.isascii() and len(word) <= end - start:
        yield at, at + len(word)


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text[: len(text) // 4 * 4 or None] + _rest(text))
    except (binascii.Error, ValueError):
        return b""


def _rest(text: str) -> str:
    rest = text[len(text) // 4 * 4 :]
    return rest + "=" * (4 - len(rest)) if len(rest) > 1 else ""


def _is_text(start: bytes) -> bool:
    return bool(start) and all(32 <= one < 127 or one in b"\t\r\n" for one in start)  # noqa: PLR2004 - printable
