"""The pattern language of IAM: `*` is any text, `?` any one character, all else is itself.

Patterns are compared as languages, in time linear in their length but for a factor that only `?`
can cause. Letter case is the caller's business. Long ones take steps by their length.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final, TypeAlias

from iamlint.late_pattern import late_pattern
from iamlint.policy.steps import spend

_One: TypeAlias = Callable[[str, str], bool]

_ANY_BUT_EMPTY = "?*"
_RUN = late_pattern(r"[*?]{2,}")
_CHARACTERS_A_STEP: Final = 16
_SHORT: Final = 128
"""Actions and names of this length are compared in the step that the caller takes."""


def is_wild(pattern: str) -> bool:
    """Return whether the pattern names more than one text."""
    return "*" in pattern or "?" in pattern


@lru_cache(maxsize=4096)
def normal(pattern: str) -> str:
    """Return the pattern with each run of wildcards spelt alike: first each `?`, then one `*`."""
    return _RUN.sub(lambda m: "?" * m[0].count("?") + "*" * ("*" in m[0]), pattern)


def matches(pattern: str, text: str) -> bool:
    """Return whether the pattern names the text; wildcards in the text are plain characters."""
    if "*" not in pattern and "?" not in pattern:
        return pattern == text
    if pattern == "*":
        return True
    return _match(pattern, text, _one_matches)


def covers(wide: str, narrow: str) -> bool:
    """Return whether every text that `narrow` names is named by `wide` too.

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
        # A character other than `*` covers only itself, also if it is a wildcard in `narrow`.
        return _match(wide, narrow, _one_matches)
    return _match(normal(wide), normal(narrow), _one_covers)


def overlaps(left: str, right: str) -> bool:
    """Return whether some text is named by both patterns. Exact."""
    if left == right:
        return True
    if "*" not in left:
        if "*" not in right and "?" not in left and "?" not in right:
            return False
        if right != _ANY_BUT_EMPTY:
            return _match(right, left, _one_overlaps)
    if _ANY_BUT_EMPTY in (left, right):
        return bool(left and right)
    if "*" not in right:
        return _match(left, right, _one_overlaps)
    # With a `*` on both sides whatever is between can be appended: only the ends decide.
    _spend_for(left, right)
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


def _spend_for(left: str, right: str) -> None:
    """Take steps for what is longer than names of AWS are."""
    length = len(left) + len(right)
    if length > _SHORT:
        spend(length // _CHARACTERS_A_STEP)


def _match(pattern: str, text: str, one: _One) -> bool:
    """Return whether it matches, greedily: the first fit of a part leaves most room for others."""
    _spend_for(pattern, text)
    is_plain = "?" not in pattern and (one is not _one_overlaps or "?" not in text)
    head, *rest = pattern.split("*")
    if len(head) > len(text) or not (text.startswith(head) if is_plain else _fits(one, text, head)):
        return False
    if not rest:
        return len(head) == len(text)
    *middle, tail = rest
    end = len(text) - len(tail)
    at = len(head)
    if end < at or not (text.endswith(tail) if is_plain else _fits(one, text[end:], tail)):
        return False
    for piece in middle:
        found = text.find(piece, at, end) if is_plain else _find(one, text, piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def _fits(one: _One, text: str, piece: str) -> bool:
    return all(map(one, piece, text))


def _find(one: _One, text: str, piece: str, start: int, end: int) -> int:
    if not piece:
        return start
    found = _searched(piece, one).search(text, start, end)
    return found.start() if found else -1


@lru_cache(maxsize=4096)
def _searched(piece: str, one: _One) -> re.Pattern[str]:
    """Return an expression for what is between stars: of fixed length, it never backtracks."""
    return re.compile("".join([_one_as_text(char, one) for char in piece]), re.DOTALL)


def _one_as_text(char: str, one: _One) -> str:
    if char == "?":
        return "[^*]" if one is _one_covers else "."
    return f"[{re.escape(char)}?]" if one is _one_overlaps else re.escape(char)
