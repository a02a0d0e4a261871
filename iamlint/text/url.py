"""URL-encoded text, and where each character of it stands."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote, unquote_plus

_PIECE: Final = re.compile(r"(?:%[0-9A-Fa-f]{2})+|.", re.DOTALL)
_ESCAPE: Final = 3  # characters of `%7B`


def decoded(text: str) -> str:
    """Undo URL encoding; who writes spaces as `+` leaves none as `%20`."""
    return unquote(text) if "%20" in text else unquote_plus(text)


def places(text: str) -> list[int]:
    """Return where each character of the decoded text begins, and where the last one ends."""
    found = []
    for piece in _PIECE.finditer(text):
        at = piece.start()
        for character in unquote(piece[0]):
            found.append(min(at, piece.end() - 1))
            at += _ESCAPE * len(character.encode()) if piece[0][0] == "%" else 1
    return [*found, len(text)]
