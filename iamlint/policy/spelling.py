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


def did_you_mean(word: str, words: Iterable[str]) -> str | None:
    """Return a line of help naming the word that was probably meant, if there is one."""
    found = closest(word, words)
    return f"did you mean `{found}`?" if found else None
