"""Did you mean …?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def closest(word: str, words: Iterable[str]) -> str | None:
    """Return the word of the list that was probably meant, compared without regard to case."""
    by_lower = {known.lower(): known for known in words}
    if word.lower() in by_lower:
        return by_lower[word.lower()]
    import difflib  # noqa: PLC0415 - only a mistake pays for it

    found = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.75)
    return by_lower[found[0]] if found else None


def slip_of(word: str, words: Iterable[str]) -> str | None:
    """Return the word that was surely meant: a slip or two away, and all others much farther.

    Letter case is no slip. INVARIANT: no word that is about as close means something else.
    """
    if len(word) > _LONGEST:
        return None
    low = word.lower()
    near = sorted((_slips(low, known.lower()), known) for known in dict.fromkeys(words))
    slips, found = near[0] if near else (_LONGEST, "")
    allowed = min(len(word) // 4, 2)
    is_alone = len(near) < len("ab") or near[1][0] >= slips + 2
    return found if slips <= allowed and is_alone else None


_LONGEST = 100


def _slips(one: str, other: str) -> int:
    """Count the letters left out, put in, mistaken and swapped with their neighbour."""
    before, row = [0] * (len(other) + 1), list(range(len(other) + 1))
    for i, char in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            slips = min(row[-1] + 1, before[j] + 1, before[j - 1] + (char != wanted))
            if i > 1 and j > 1 and char == other[j - 2] and one[i - 2] == wanted:
                slips = min(slips, last[j - 2] + 1)
            row.append(slips)
    return row[-1]


def did_you_mean(word: str, words: Iterable[str]) -> str | None:
    """Return a line of help naming the word that was probably meant, if there is one."""
    found = closest(word, words)
    return f"did you mean `{found}`?" if found else None
