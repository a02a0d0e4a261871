"""Where each character of a YAML scalar is in the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.late_pattern import late_pattern
from iamlint.text.span import Span

if TYPE_CHECKING:
    import re

_PROPERTIES = late_pattern(r"(?:[&!]\S*+\s++)*+")
_LINE = late_pattern(r"([^\r\n]*+)(\r\n|\r|\n|$)")
_ESCAPES = {
    "'": late_pattern("''"),
    '"': late_pattern(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)"),
}
_SPACES = " \t\r\n"
_SPACE = late_pattern(r"[ \t\r\n]*+")
_BROKEN = late_pattern(r"(?:\\(?:\r\n|\r|\n)[ \t]*+)++")


def scalar_characters(text: str, span: Span, style: str, value: str) -> list[int] | None:
    """Return where each character of `value` starts and where the last one ends.

    None where text and value do not go together.
    """
    start = _PROPERTIES.match(text, span.start, span.end).end()  # type: ignore[union-attr]
    if style == "|":
        return _literal(text, start, value)
    if style == ">":
        start = min(_LINE.match(text, start).end(), span.end)  # type: ignore[union-attr]
    inner = Span(start, span.end) if style in (">", "plain") else Span(start + 1, span.end - 1)
    if style == ">" or len(text[inner.start : inner.end].splitlines()) > 1:
        return _folded(text, inner, value, _ESCAPES.get(style))
    if style == "plain":
        found = list(range(start, span.end + 1))
    else:
        found = _quoted(text, inner.start, inner.end, _ESCAPES[style])
    return found if len(found) == len(value) + 1 else None


def _folded(text: str, span: Span, value: str, escape: re.Pattern[str] | None) -> list[int] | None:
    """Return the places of a value's characters; YAML changes only white space of the text."""
    found: list[int] = []
    at = span.start
    for character in value:
        if escape and (broken := _BROKEN.match(text, at)):
            at = broken.end()
        escaped = escape.match(text, at) if escape else None
        if not escaped and character not in _SPACES:
            at = _SPACE.match(text, at).end()  # type: ignore[union-attr]
            escaped = escape.match(text, at) if escape else None
        here = text[at] if at < span.end else " "
        if not escaped and character != here and not (character in _SPACES and here in _SPACES):
            return None
        found.append(at)
        at = escaped.end() if escaped else min(at + 1, span.end)
    return None if text[at : span.end].strip() else [*found, at]


def _quoted(text: str, start: int, end: int, escape: re.Pattern[str]) -> list[int]:
    found: list[int] = []
    for match in escape.finditer(text, start, end):
        found.extend(range(start, match.start()))
        found.append(match.start())
        start = match.end()
    found.extend(range(start, end + 1))
    return found


def _literal(text: str, header: int, value: str) -> list[int] | None:
    """Return the places of a value's characters; the indent of the first line is that of all."""
    found: list[int] = []
    indent = None
    lines = _LINE.finditer(text, header)
    end = next(lines).end()
    *wanted_lines, last = value.split("\n")
    for wanted in wanted_lines if not last else (*wanted_lines, last):
        line = next(lines, None)
        if line is None:
            return None
        if wanted and indent is None:
            indent = len(line[1]) - len(wanted)
        start = line.start() + (indent or 0) if wanted else line.end(1)
        if wanted != text[start : line.end(1)] or text[line.start() : start].strip(" "):
            return None
        found.extend(range(start, line.end(1) + 1))
        end = line.end()
    return found if last else [*found, end]
