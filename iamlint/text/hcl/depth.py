"""How many interpolations of a text are open at once, before it is parsed.

The parser notes at each token what is open around it: without a bound that would be the square.
"""

from __future__ import annotations

from typing import Final

from iamlint.late_pattern import late_pattern

MAX_OPEN: Final = 500
"""Interpolations and directives of a text that may be within each other."""

_LEVELS: Final = 20
_OPENING: Final = late_pattern(r"[$%]\{")
# Braces without others in them but in strings, and without a comment or a heredoc, which could hide
# what ends them.
_INNERMOST: Final = late_pattern(
    r'[$%]?\{(?:[^{}"$%#/<]++|[$%](?!\{)|/(?![/*])|<(?!<)|"(?:[^"$%\n\\]++|[$%](?!\{)|\\.)*+")*+\}'
)


def too_deep(text: str) -> int | None:
    """Return where the first of too many openings is; None where they are few, or all end.

    Braces are taken out from the inside; what is left may be within each other.
    """
    if text.count("${") + text.count("%{") <= MAX_OPEN:
        return None
    rest = text
    for _ in range(_LEVELS):
        rest, count = _INNERMOST.subn("x", rest)
        if len(_OPENING.findall(rest)) <= MAX_OPEN:
            return None
        if not count:
            break
    first = _OPENING.search(text)
    return first and first.start()
