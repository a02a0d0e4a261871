"""URL-encoded text, and the place of each of its characters."""

from __future__ import annotations

from typing import Final
from urllib.parse import unquote, unquote_plus

from iamlint.late_pattern import late_pattern

_ESCAPES: Final = late_pattern(r"(?:%[0-9A-Fa-f]{2})++")
_ESCAPE: Final = 3  # characters of `%7B`


def decode_url(text: str) -> str:
    """Return a text without URL encoding; one with spaces as `+` has none as `%20`."""
    return unquote(text) if "%20" in text else unquote_plus(text)


def places(text: str) -> list[int]:
    """Return where each character of the decoded text begins, and where the last one ends."""
    found: list[int] = []
    done = 0
    for escapes in _ESCAPES.finditer(text):
        at = escapes.start()
        found += range(done, at)
        done = escapes.end()
        for character in unquote(escapes[0]):
            found.append(min(at, done - 1))
            at += _ESCAPE * len(character.encode())
    return [*found, *range(done, len(text) + 1)]
