"""Reads YAML that may not be whole, by its indents; flow style and JSON inside by their braces."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass, field
from iamlint.text.half_written.braces import read_braces
from iamlint.text.half_written.node import PartNode, Word

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE: Final = re.compile(r"[^\r\n]*")
_END: Final = re.compile(r"\r\n|\r|\n")
_DASH: Final = re.compile(r"-(?:[ \t]+|$)")
_COLON: Final = re.compile(r":(?=[ \t]|$)")
_TAGS: Final = re.compile(r"(?:[!&][^\s{}\[\]]*[ \t]+)*")
_COMMENT: Final = re.compile(r"[ \t]#")
_BLOCK: Final = re.compile(r"[|>][-+0-9]*$")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line with content: its offset, its column and its text up to a comment."""

    start: int
    column: int
    text: str

    @property
    def at(self) -> int:
        return self.start + self.column

    @property
    def end(self) -> int:
        return self.at + len(self.text)


def read_indented(text: str) -> PartNode:
    """Return the tree of a text; it takes linear time and never fails."""
    reader = _Reader(text, tuple(_lines(text)), [PartNode(0, len(text), is_object=True)])
    return reader.read()


def _lines(text: str) -> Iterator[_Line]:
    at = 0
    while at < len(text):
        found = _LINE.match(text, at)
        whole = found[0] if found else ""
        content = whole.lstrip(" ")
        if content and not content.startswith(("#", "---", "...")):
            comment = _COMMENT.search(content)
            shown = content[: comment.start()] if comment else content
            yield _Line(at, len(whole) - len(content), shown.rstrip())
        end = _END.match(text, at + len(whole))
        at = end.end() if end else len(text)


@dataclass(slots=True)
class _Reader:
    """Nodes that are `open`, the innermost last; a line closes those with its indent or more."""

    text: str
    lines: tuple[_Line, ...]
    open: list[PartNode]
    number: int = field(default=0)

    def read(self) -> PartNode:
        while self.number < len(self.lines):
            line = self.lines[self.number]
            self.number += 1
            self._close(line)
            self._take(line)
        return self._closed(len(self.text))

    def _close(self, line: _Line) -> None:
        is_item = _DASH.match(line.text) is not None
        while len(self.open) > 1:
            last = self.open[-1]
            waits = is_item and last.key is not None and last.value is None
            if last.indent < line.column or (last.indent == line.column and waits):
                break
            last.end = line.start
            self.open.pop()

    def _closed(self, end: int) -> PartNode:
        for one in self.open:
            one.end = end
        return self.open[0]

    def _take(self, line: _Line) -> None:
        """Take what is in a line: dashes, then a key, then a value."""
        while (dash := _DASH.match(line.text)) is not None:
            self._push(
                PartNode(line.at, line.end, after_key=line.at, indent=line.column), is_list=True
            )
            line = _Line(line.start, line.column + dash.end(), line.text[dash.end() :])
        if not line.text:
            return
        key, rest = _split(line)
        if key is not None:
            member = PartNode(line.at, line.end, key, after_key=rest.at, indent=line.column)
            self._push(member, is_list=False)
            self._value(rest, line.column)
        elif self.open[-1].is_object and line.text[0] not in "{[":
            word = _word(line)
            self._push(PartNode(line.at, line.end, word, indent=line.column), is_list=False)
        else:
            self._value(line, self.open[-1].indent)

    def _push(self, node: PartNode, *, is_list: bool) -> None:
        above = self.open[-1]
        above.is_list, above.is_object = is_list, not is_list
        above.members.append(node)
        self.open.append(node)

    def _value(self, line: _Line, indent: int) -> None:
        """Give the innermost node its value, which may go on in lines that are further in."""
        tags = _TAGS.match(line.text)
        skip = tags.end() if tags else 0
        line = _Line(line.start, line.column + skip, line.text[skip:])
        node = self.open[-1]
        if not line.text:
            return
        if line.text[0] in "{[":
            self._braces(node, line.at, self._stretch(indent))
        elif _BLOCK.match(line.text):
            start, stop = line.end, self._stretch(indent)
            if self.text[start:stop].lstrip().startswith("{"):
                self._braces(node, start, stop)
        else:
            node.value = _word(line)

    def _stretch(self, indent: int) -> int:
        """Skip the lines that are further in than this; return where they end."""
        while self.number < len(self.lines) and self.lines[self.number].column > indent:
            self.number += 1
        at_end = self.number == len(self.lines)
        return len(self.text) if at_end else self.lines[self.number].start

    def _braces(self, node: PartNode, start: int, stop: int) -> None:
        whole = read_braces(self.text, start, stop)
        for value in whole.members[:1]:
            node.is_list, node.is_object = value.is_list, value.is_object
            node.members = value.members
        node.end = stop


def _split(line: _Line) -> tuple[Word | None, _Line]:
    """Return the key of a line and what follows it."""
    quote = line.text[0] if line.text[0] in "\"'" else ""
    after = line.text.find(quote, 1) + 1 if quote else 0
    found = _COLON.search(line.text, after)
    if (
        line.text[0] in "{["
        or found is None
        or (quote and line.text[after : found.start()].strip())
    ):
        return None, line
    rest = line.text[found.end() :]
    skip = len(rest) - len(rest.lstrip())
    key = _word(_Line(line.start, line.column, line.text[: found.start()].rstrip()))
    return key, _Line(line.start, line.column + found.end() + skip, rest[skip:])


def _word(line: _Line) -> Word:
    """Return a scalar without its quotes."""
    quote = line.text[:1]
    if quote not in ('"', "'"):
        return Word(line.text, line.at, line.end)
    inner = line.text[1:]
    inner = inner[:-1] if inner.endswith(quote) else inner
    return Word(inner, line.at + 1, line.at + 1 + len(inner))
