"""Patterns by the rarest text in them, which all that they match or cover must hold as well.

So of a long list few are tried, also where all of them begin alike.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_T = TypeVar("_T")
_LONGEST: Final = 12
"""Characters of a text that are looked for."""


class Pieces(Generic[_T]):
    """Items, each with the texts that are part of whatever it matches."""

    __slots__ = ("_always", "_by_piece", "_lengths", "_others")

    def __init__(self, items: Iterable[tuple[Sequence[str], _T]]) -> None:
        known = [([text[-_LONGEST:] for text in texts if text], item) for texts, item in items]
        rare = Counter(piece for pieces, _ in known for piece in pieces)
        self._always: list[_T] = []
        self._by_piece: dict[str, list[_T]] = {}
        for pieces, item in known:
            if pieces:
                piece = min(pieces, key=lambda one: (rare[one], -len(one)))
                self._by_piece.setdefault(piece, []).append(item)
            else:
                self._always.append(item)
        self._lengths = sorted({len(piece) for piece in self._by_piece})
        self._others = len(known) - len(self._always)

    def may_match(self, text: str) -> Iterator[_T]:
        """Yield the items that may match a text, or cover a pattern."""
        yield from self._always
        if len(text) * len(self._lengths) > self._others:
            for items in self._by_piece.values():
                yield from items
            return
        tried: set[str] = set()
        for length in self._lengths:
            for start in range(len(text) - length + 1):
                piece = text[start : start + length]
                if piece in self._by_piece and piece not in tried:
                    tried.add(piece)
                    yield from self._by_piece[piece]
