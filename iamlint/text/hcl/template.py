"""Strings of HCL: the meaning and the place of each character."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.late_pattern import late_pattern
from iamlint.text.hcl.tree import Chunk

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator

_DOUBLED: Final = r"\$\$\{|%%\{"
_QUOTED: Final = late_pattern(rf"{_DOUBLED}|\\(?:u[0-9a-fA-F]{{4}}|U00[01][0-9a-fA-F]{{5}}|[\s\S])")
_HEREDOC: Final = late_pattern(_DOUBLED)
_SHORT: Final = {"n": "\n", "r": "\r", "t": "\t"}


def quoted_chunks(text: str, place: Callable[[int], int]) -> list[Chunk]:
    """Return the parts between quotes; `place` returns the place of a character."""
    if "\\" not in text and "$${" not in text and "%%{" not in text:
        return [_plain(text, 0, place)] if text else []
    return list(_chunks(text, place, _QUOTED))


def heredoc_chunks(
    text: str, place: Callable[[int], int], indent: int = 0, *, fresh: bool = True
) -> list[Chunk]:
    """Return the parts of a heredoc's lines, each without its first `indent` characters.

    `fresh` when the text begins with a line and not after an interpolation.
    """
    is_plain = "$${" not in text and "%%{" not in text
    if not indent:
        if is_plain:
            return [_plain(text, 0, place)] if text else []
        return list(_chunks(text, place, _HEREDOC))
    found: list[Chunk] = []
    start = 0
    for line in text.splitlines(keepends=True):
        cut = min(indent, len(line) - len(line.lstrip(" \t"))) if start or fresh else 0
        begin = start + cut
        if is_plain and cut < len(line):
            found.append(_plain(line[cut:], begin, place))
        elif not is_plain:
            found += _chunks(line[cut:], after(begin, place), _HEREDOC)
        start += len(line)
    return found


def after(start: int, place: Callable[[int], int]) -> Callable[[int], int]:
    """Return the function for the places of a text that begins at `start` of another."""
    return lambda at: place(start + at)


def _chunks(text: str, place: Callable[[int], int], escape: re.Pattern[str]) -> Iterator[Chunk]:
    done = 0
    for match in escape.finditer(text):
        if match.start() > done:
            yield _plain(text[done : match.start()], done, place)
        start, end = place(match.start()), place(match.end())
        meaning = _meaning(match[0])
        yield Chunk(meaning, (*[start] * len(meaning), end))
        done = match.end()
    if done < len(text):
        yield _plain(text[done:], done, place)


def _plain(text: str, start: int, place: Callable[[int], int]) -> Chunk:
    first, last = place(start), place(start + len(text))
    if last - first == len(text):
        return Chunk(text, range(first, last + 1))
    return Chunk(text, [place(start + index) for index in range(len(text) + 1)])


def _meaning(escape: str) -> str:
    if escape[0] != "\\":
        return escape[1:]
    letter = escape[1]
    if letter in "uU" and len(escape) > len("\\u"):
        number = int(escape[len("\\u") :], 16)
        is_character = number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF  # noqa: PLR2004 - the last, and halves of pairs
        return chr(number) if is_character else "\ufffd"
    return _SHORT.get(letter, letter)


_MARK: Final = late_pattern(r"\$\$\{|%%\{|\$\{|%\{")
_CODE: Final = late_pattern(r'[{}"]')
_INSIDE: Final = late_pattern(r'\\[\s\S]|"|\$\{')
_DIRECTIVE: Final = late_pattern(r"(?<!%)%\{~?\s*+(if|for|endif|endfor)\b")


def template_pieces(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the pieces of a template: `text`, `hole` for `${…}`, `part` for `%{ if … endif }`."""
    done = 0
    for mark in _MARK.finditer(text):
        start = mark.start()
        if start < done or mark[0] in ("$${", "%%{"):
            continue
        is_hole = mark[0] == "${"
        end = hole_end(text, mark.end()) if is_hole else _part_end(text, start)
        if end is None:
            break
        if start > done:
            yield done, start, "text"
        yield start, end, "hole" if is_hole else "part"
        done = end
    if done < len(text):
        yield done, len(text), "text"


def hole_end(text: str, start: int) -> int | None:
    """Return the end of the `${` before `start`, past the strings and braces in it."""
    opened = ["{"]
    at = start
    while opened:
        mark = (_INSIDE if opened[-1] == '"' else _CODE).search(text, at)
        if mark is None:
            return None
        at = mark.end()
        if mark[0] == "}" or (mark[0] == '"' and opened[-1] == '"'):
            opened.pop()
        elif mark[0][0] != "\\":
            opened.append('"' if mark[0] == '"' else "{")
    return at


def _part_end(text: str, start: int) -> int | None:
    """Return the end of what belongs to the directive at `start`."""
    depth = 0
    for directive in _DIRECTIVE.finditer(text, start):
        depth += -1 if directive[1].startswith("end") else 1
        if depth <= 0:
            end = text.find("}", directive.end())
            return end + 1 if end >= 0 else None
    return None
