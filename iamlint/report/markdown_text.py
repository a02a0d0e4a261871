"""Text of others in GitHub's Markdown: it is shown as it is, and is never markup."""

from __future__ import annotations

from typing import Final

from iamlint.late_pattern import late_pattern
from iamlint.text.shown import plain

_LONGEST_CELL: Final = 300
_MARKS: Final = late_pattern(r"[\\*_\[\]<>#~&!|`]")


def text(value: str) -> str:
    """Return text as Markdown that shows it, whatever it holds; backticks make code."""
    value = plain(value)
    if len(value) > _LONGEST_CELL:
        value = value[: _LONGEST_CELL - 1] + "…"
    parts = value.split("`")
    return "".join(
        code(part) if number % 2 and number + 1 < len(parts) else prose(part)
        for number, part in enumerate(parts)
    )


def prose(value: str) -> str:
    """Return a text with the marks of Markdown and HTML escaped; `@` must not notify a user."""
    shown = _MARKS.sub(lambda match: f"&#{ord(match[0])};", value)
    return shown.replace("@", "@&#8203;").replace("://", ":&#8203;//")


def code(value: str) -> str:
    """Return text as code; a bar would end the cell, and a backtick the code."""
    value = plain(value)
    if not value.strip():
        return ""
    return f"<code>{prose(value)}</code>" if set(value) & set("|`") else f"`{value}`"
