"""Did you mean …?"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_CLOSE = 0.75
_LONGEST = 100
"""Characters of a word that is compared with others; a longer one is not a slip."""
_COLUMNS = 64
_REPEATS = 16
_SLIPS = 2
_APART = 2
"""How many slips more all other words must be away from what was surely meant."""


def closest(word: str, words: Iterable[str]) -> str | None:
    """Return the word of the list that was probably meant, compared without regard to case."""
    by_lower = {known.lower(): known for known in words}
    if word.lower() in by_lower:
        return by_lower[word.lower()]
    found = nearest(word.lower(), by_lower, 1, _CLOSE)
    return by_lower[found[0]] if found else None


def nearest(word: str, words: Iterable[str], n: int, cutoff: float) -> list[str]:
    """Return what `difflib.get_close_matches` would, in a fraction of its time.

    Words that share too few letters with `word` are left out before they are compared.
    """
    if len(word) > _LONGEST:
        return []
    found = _nearest(word, words if isinstance(words, tuple) else tuple(words), n, cutoff)
    return list(found)


@lru_cache(maxsize=256)  # rules ask twice, for a message and for a fix
def _nearest(word: str, words: tuple[str, ...], n: int, cutoff: float) -> tuple[str, ...]:
    mine, size = _letters(word), len(word)
    likely = [
        known
        for length, of_length in _by_length(words)
        if 2 * min(size, length) >= cutoff * (size + length)
        for known, theirs in of_length
        if 2 * (mine & theirs).bit_count() >= cutoff * (size + length)
    ]
    if not likely:
        return ()
    import difflib  # noqa: PLC0415 - only a mistake pays for it

    return tuple(difflib.get_close_matches(word, likely, n, cutoff))


@lru_cache(maxsize=64)
def _by_length(words: tuple[str, ...]) -> tuple[tuple[int, list[tuple[str, int]]], ...]:
    """Return words with their letters, by how many letters they have."""
    found: dict[int, list[tuple[str, int]]] = {}
    for word in words:
        found.setdefault(len(word), []).append((word, _letters(word)))
    return tuple(found.items())


def slip_of(word: str, words: Iterable[str]) -> str | None:
    """Return the word that was surely meant: a slip or two away, and all others much farther.

    Letter case is not a slip. INVARIANT: no word that is about as close means something else.
    """
    if len(word) > _LONGEST:
        return None
    low = word.lower()
    likely = (known for known in dict.fromkeys(words) if _at_least(low, known.lower()) < _FAR)
    near = sorted((_slips(low, known.lower()), known) for known in likely)
    slips, found = near[0] if near else (_FAR, "")
    is_alone = len(near) < len("ab") or near[1][0] >= slips + _APART
    return found if slips <= min(len(word) // 4, _SLIPS) and is_alone else None


def is_one_slip(word: str, known: str) -> bool:
    """Return whether two words differ by one letter, or by two neighbours that changed places."""
    near = abs(len(word) - len(known)) <= 1 and _at_least(word, known) <= 1
    return near and _slips(word, known) == 1


_FAR = _SLIPS + _APART
"""From so many slips on, a word is neither meant nor in the way of the one that is."""


def _at_least(one: str, other: str) -> int:
    """Return how many slips there are at least: letters of one word that the other lacks."""
    return max(len(one), len(other)) - (_letters(one) & _letters(other)).bit_count()


def _slips(one: str, other: str) -> int:
    """Return the number of letters left out, put in, mistaken and swapped with their neighbour."""
    before, row = [0] * (len(other) + 1), list(range(len(other) + 1))
    for i, char in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            slips = min(row[-1] + 1, before[j] + 1, before[j - 1] + (char != wanted))
            if i > 1 and j > 1 and char == other[j - 2] and one[i - 2] == wanted:
                slips = min(slips, last[j - 2] + 1)
            row.append(slips)
    return row[-1]


@lru_cache(maxsize=1 << 16)
def _letters(word: str) -> int:
    """Return the letters of a word as bits: two words share at most what both have set.

    More than sixteen of a kind, which no name of AWS has, do not count.
    """
    seen: dict[int, int] = {}
    bits = 0
    for char in word:
        column = ord(char) % _COLUMNS
        count = seen[column] = seen.get(column, -1) + 1
        if count < _REPEATS:
            bits |= 1 << column * _REPEATS + count
    return bits


def did_you_mean(word: str, words: Iterable[str]) -> str | None:
    """Return a line of help naming the word that was probably meant, if there is one."""
    found = closest(word, words)
    return f"did you mean `{found}`?" if found else None
