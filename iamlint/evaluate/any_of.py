"""One test of many patterns: does any of them match a text?

A text that matches a pattern holds each of its literal pieces. So patterns are looked up by the
rarest of their pieces, and of a long list few are tried.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iamlint.evaluate.match import Glob, Test

FEW: Final = 12
"""So many are as quickly tried in turn."""

_LONGEST: Final = 12
"""Characters of a piece that are looked for."""


def any_of(globs: Sequence[Glob], tests: Sequence[Test]) -> Test:
    """Return a test whether any of the tests, each of its glob, holds of a text.

    The first of them is always tried, so that a text which no test takes raises ValueError.
    """
    pieces = [_pieces(glob) for glob in globs]
    rare = Counter(piece for several in pieces for piece in several)
    by_piece: dict[str, list[Test]] = {}
    always = [tests[0]]
    for several, test in zip(pieces, tests, strict=True):
        piece = min(several, key=lambda one: (rare[one], -len(one)), default="")
        if piece:
            by_piece.setdefault(piece, []).append(test)
        else:
            always.append(test)
    lengths = tuple(sorted({len(piece) for piece in by_piece}))
    return partial(_holds, tuple(dict.fromkeys(always)), by_piece, lengths, tuple(tests))


def _pieces(glob: Glob) -> list[str]:
    literals = (part for part in glob if isinstance(part, str))
    return [text[-_LONGEST:] for text in literals if text]


def _holds(
    always: Sequence[Test],
    by_piece: dict[str, list[Test]],
    lengths: Sequence[int],
    every: Sequence[Test],
    text: str,
) -> bool:
    if any(test(text) for test in always):
        return True
    if len(text) * len(lengths) > len(every):
        return any(test(text) for test in every)
    tried: set[str] = set()
    for length in lengths:
        for start in range(len(text) - length + 1):
            piece = text[start : start + length]
            if piece in by_piece and piece not in tried:
                tried.add(piece)
                if any(test(text) for test in by_piece[piece]):
                    return True
    return False
