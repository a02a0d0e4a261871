"""The pattern language of IAM: `*` is any text, `?` any one character, all else is itself.

Patterns are compared as languages, in time linear in their length but for a factor that only `?`
can cause. Letter case is the caller's business.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

_One: TypeAlias = Callable[[str, str], bool]

_RUN = re.compile(r"[*?]{2,}")


def is_wild(pattern: str) -> bool:
    """Tell whether the pattern names more than one text."""
    return "*" in pattern or "?" in pattern


def normal(pattern: str) -> str:
    """Return the pattern with each run of wildcards spelt alike: first each `?`, then one `*`."""
    return _RUN.sub(lambda m: "?" * m[0].count("?") + "*" * ("*" in m[0]), pattern)


def matches(pattern: str, text: str) -> bool:
    """Tell whether the pattern names the text; wildcards in the text are plain characters."""
    if not is_wild(pattern):
        return pattern == text
    return _match(pattern, text, _one_matches)


def covers(wide: str, narrow: str) -> bool:
    """Tell whether every text that `narrow` names is named by `wide` too.

    Never wrongly true. Exact unless `wide` holds a `?`: then a cover that only counting
    characters could prove (`?*` over `*a`) is missed.
    """
    if not is_wild(narrow):
        return matches(wide, narrow)
    if wide == "*":
        return True
    if not is_wild(wide):
        return False
    if "?" not in wide:
        # What is no `*` covers only itself: wildcards in `narrow` are characters like any other.
        return _match(wide, narrow, _one_matches)
    return _match(normal(wide), normal(narrow), _one_covers)


def overlaps(left: str, right: str) -> bool:
    """Tell whether some text is named by both patterns. Exact."""
    if left == right:
        return True
    if not is_wild(left) and not is_wild(right):
        return False
    if "*" not in left:
        return _match(right, left, _one_overlaps)
    if "*" not in right:
        return _match(left, right, _one_overlaps)
    # With a `*` on both sides whatever stands between can be appended: only the ends decide.
    return _heads_agree(left, right) and _heads_agree(left[::-1], right[::-1])


def _heads_agree(left: str, right: str) -> bool:
    for a, b in zip(left, right, strict=False):
        if "*" in (a, b):
            return True
        if not _one_overlaps(a, b):
            return False
    return True


def _one_matches(wild: str, char: str) -> bool:
    return wild in ("?", char)


def _one_covers(wild: str, char: str) -> bool:
    return (wild == "?" and char != "*") or (wild == char and char != "*")


def _one_overlaps(wild: str, char: str) -> bool:
    return wild == char or "?" in (wild, char)


def _match(pattern: str, text: str, one: _One) -> bool:
    """Match greedily: the first fit of what stands between stars leaves most room for the rest."""
    head, *rest = pattern.split("*")
    if len(head) > len(text) or not _fits(head, text, 0, one):
        return False
    if not rest:
        return len(head) == len(text)
    *middle, tail = rest
    end = len(text) - len(tail)
    at = len(head)
    if end < at or not _fits(tail, text, end, one):
        return False
    for piece in middle:
        found = _find(piece, text, at, end, one)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def _fits(piece: str, text: str, at: int, one: _One) -> bool:
    if _is_plain(piece, text, one):
        return text.startswith(piece, at)
    return all(one(a, b) for a, b in zip(piece, text[at : at + len(piece)], strict=True))


def _find(piece: str, text: str, start: int, end: int, one: _One) -> int:
    if _is_plain(piece, text, one):
        return text.find(piece, start, end)
    for at in range(start, end - len(piece) + 1):
        if _fits(piece, text, at, one):
            return at
    return -1


def _is_plain(piece: str, text: str, one: _One) -> bool:
    """Return whether each character fits only itself; a piece has no `*`."""
    return "?" not in piece and (one is not _one_overlaps or "?" not in text)
