"""Finds passwords in a text of any language by the names that they are the values of."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Final

from iamlint.late_pattern import late_pattern
from iamlint.text.secret_marks import PASSWORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

# Each starts with letters that are searched for quickly; the first letter of the word is before.
_NAMES: Final = (
    late_pattern(r"ass(?:word|wd|phrase)(?![\w-])"),
    late_pattern(r"ASS(?:WORD|WD|PHRASE)(?![\w-])"),
)
_LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")
_LONGEST: Final = 60
_END: Final = late_pattern(r"(?:password|passwd|passphrase)$")
_SAYS: Final = late_pattern(
    r"""(?:\\?["'`])?\]?(?:[ \t]*(?:=>|:=|:)[ \t]*|=|[ \t]*=[ \t]*(?=\\?["']))(?:!!?str[ \t]+)?"""
)
_VALUE: Final = late_pattern(
    r"""\\"(?P<inner>(?:[^"\\\n]|\\\\.){0,999})\\"|"(?P<double>(?:[^"\\\n]|\\[^\n]){0,999})\""""
    r"""|'(?P<single>[^'\n]{0,999})'|(?P<bare>[^\s"'\\,;{}\[\]#&|>][^\s"'\\,;{}\[\]#]{0,999})"""
)
_DEFAULT: Final = late_pattern(r"""(?<![\w-])(?:[Dd]efault|\w{0,20}[Vv]alue|VALUE)(?![\w-])""")
_IS_NAMED: Final = late_pattern(r"""(?:[Nn]ame|[Kk]ey|NAME|KEY)\\?["']?\s*[:=]\s*\\?["']?$""")
_BLOCK: Final = late_pattern(r"""\\?["']?\s*[:=]?\s*(?:\{|\n)""")
_NOTHING: Final = frozenset({"", "true", "false", "null", "none", "yes", "no", "~", "*", "string"})
_OPEN: Final = ("${", "{{", "%{", "#{", "$(", "<%")
_REFERENCES: Final = late_pattern(
    r"[!$<*]|arn:|Ref\b|Fn::|AWS::|(?:var|local|data|module|each|self|random_\w+|aws_\w+)\.|\w+\("
)
_TAKEN: Final = late_pattern(
    r"""["']?\s*:\s*(?:!Ref\s+|\{?\s*["']?Ref["']?\s*:\s*)["']?(?P<name>\w{1,255})"""
)
"""A parameter of a template that a name has the value of: `: !Ref First`, `": {"Ref": "First"`."""
_MOST_TAKEN: Final = 20
_FAR: Final = 300
_LINES: Final = 10


def names_password(name: str) -> bool:
    """Return whether a name is that of a password, such as `Password` or `db_password`."""
    return _END.search(name.lower()) is not None


def is_literal(value: str, *, is_quoted: bool = True) -> bool:
    """Return whether a text is a password itself: no placeholder, reference or switch."""
    text = value.strip()
    if text.lower() in _NOTHING or any(mark in text for mark in _OPEN):
        return False
    if is_quoted:
        return not (text.startswith("arn:") or (text[0] == "<" and text[-1] == ">"))
    return _REFERENCES.match(text) is None


def find_passwords(text: str) -> Iterator[tuple[int, int]]:
    """Yield the places of passwords that are written out, without their quotes."""
    if not any(mark in text for mark in PASSWORDS):
        return
    done = 0
    taken: dict[str, None] = {}
    words = heapq.merge(*(one.finditer(text) for one in _NAMES), key=lambda word: word.start())
    for word in words:
        if word.start() < done or text[word.start() - 1 : word.start()] not in ("P", "p"):
            continue
        found = _direct(text, word.end()) or _of_block(text, word.start(), word.end())
        if found:
            yield found
            done = found[1]
        elif reference := _TAKEN.match(text, word.end()):
            taken[reference["name"]] = None
    for name in list(taken)[:_MOST_TAKEN]:
        yield from _defaults(text, name)


def _defaults(text: str, name: str) -> Iterator[tuple[int, int]]:
    """Yield the defaults of a parameter of a template whose value is a password."""
    at = text.find(name)
    while at >= 0:
        end = at + len(name)
        is_whole = not _LETTERS.intersection((text[at - 1 : at], text[end : end + 1]))
        if is_whole and (found := _of_block(text, at, end)):
            yield found
        at = text.find(name, end)


def _direct(text: str, end: int) -> tuple[int, int] | None:
    """Return the place of the literal that follows a name."""
    says = _SAYS.match(text, end)
    value = _VALUE.match(text, says.end()) if says else None
    group = value.lastgroup if value else None
    if value is None or group is None:
        return None
    return value.span(group) if is_literal(value[group], is_quoted=group != "bare") else None


def _of_block(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the place of the default or the value in the block that has the name."""
    least = max(0, start - _LONGEST)
    while start > least and text[start - 1] in _LETTERS:
        start -= 1
    is_value = _IS_NAMED.search(text[max(0, start - 30) : start]) is not None
    if not is_value and not _BLOCK.match(text, end):
        return None
    block = _block(text, start, end, is_value=is_value)
    for member in _DEFAULT.finditer(text, end, block):
        if found := _direct(text, member.end()):
            return found
    return None


def _block(text: str, start: int, end: int, *, is_value: bool) -> int:
    """Return where the block of a name ends: at its bracket, or before a line that is outside."""
    far = min(len(text), end + _FAR)
    bracket = text.find("}", end, far)
    far = far if bracket < 0 else bracket
    margin = _margin(text, text.rfind("\n", 0, start) + 1)
    at = text.find("\n", end, far)
    for _ in range(_LINES):
        if at < 0:
            break
        line = at + 1
        is_outside = _margin(text, line) < margin if is_value else _margin(text, line) <= margin
        if is_outside and text[line : line + 1].strip() != "":
            return at
        if is_outside and text[line:far].lstrip()[:1] not in ("", "{"):
            return at
        at = text.find("\n", line, far)
    return far


def _margin(text: str, line: int) -> int:
    """Return how far a line is indented."""
    end = line
    while text[end : end + 1] in (" ", "\t"):
        end += 1
    return end - line
