"""One test of many patterns: does any of them match a text?"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from iamlint.policy.pieces import Pieces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iamlint.evaluator.match import Glob, Test

FEW: Final = 12
"""So many are as quickly tried in turn."""


def any_of(globs: Sequence[Glob], tests: Sequence[Test]) -> Test:
    """Return a test whether any of the tests, each of its glob, holds of a text.

    The first of them is always tried, so that a text which no test takes raises ValueError.
    """
    items = zip(map(_literals, globs), tests, strict=True)
    return partial(_holds, tests[0], Pieces(items))


def _literals(glob: Glob) -> list[str]:
    return [part for part in glob if isinstance(part, str)]


def _holds(first: Test, pieces: Pieces[Test], text: str) -> bool:
    return first(text) or any(test(text) for test in pieces.may_match(text))
