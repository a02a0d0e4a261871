"""Reads JSON, JSON5 and HCL that may not be whole, as a stack of braces."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass, field
from iamlint.text.half_written.node import PartNode, Word

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN: Final = re.compile(
    r"""(?P<comment>//[^\n]*|\#[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/)?)"""
    r"""|<<-?(?P<mark>\w+)[^\n]*\n"""
    r"""|"(?P<double>(?:[^"\\\n]|\\.)*)(?P<closed>"?)"""
    r"""|'(?P<single>(?:[^'\\\n]|\\.)*)'?"""
    r"""|(?P<line>\n)"""
    r"""|(?P<call>\w+[ \t]*\()"""
    r"""|(?P<sign>[{}\[\]:=,])"""
    r"""|(?P<word>[^\s{}\[\]:=,()"'#/][^\s{}\[\]=,()"'#]*?(?=:?(?:[\s{}\[\]=,()"'#]|:|$)))"""
)
_BARE: Final = re.compile(r"""[^\s{}\[\],()"'#]+""")
_CLOSES: Final = {"}": "{", "]": "["}


@dataclass(slots=True)
class _Level:
    """An open brace: its node, and what was read of its next member."""

    node: PartNode
    sign: str
    words: list[Word] = field(default_factory=list)
    member: PartNode | None = None


def read_braces(text: str, start: int = 0, end: int | None = None) -> PartNode:
    """Return the tree of a text, or of a stretch of it; it takes linear time and never fails."""
    end = len(text) if end is None else end
    return _Reader(text, end, [_Level(PartNode(start, end, is_object=True), "")]).read(start)


@dataclass(slots=True)
class _Reader:
    text: str
    end: int
    levels: list[_Level]
    opened: Counter[str] = field(default_factory=Counter)
    is_inner: bool = False

    @property
    def top(self) -> _Level:
        return self.levels[-1]

    def read(self, at: int) -> PartNode:
        while at < self.end:
            found = _TOKEN.match(self.text, at, self.end)
            if found is None:
                at += 1
                continue
            at = self._take(found)
        while len(self.levels) > 1:
            self._close(self.end)
        self._end_member(self.end)
        return self.levels[0].node

    def _take(self, found: re.Match[str]) -> int:
        """Take a token; return where to go on."""
        kind = found.lastgroup
        if found["mark"] and not self.is_inner:
            return self._here_document(found)
        if kind in ("double", "closed", "single"):
            name = "single" if found["single"] is not None else "double"
            self._word(Word(found[name], found.start(name), found.end(name)), found.end())
        elif kind == "word":
            return self._bare_word(found)
        elif kind == "line":
            self._line(found.start())
        elif kind == "sign":
            self._sign(found["sign"], found.start())
        return found.end()

    def _here_document(self, found: re.Match[str]) -> int:
        """Read the text up to the line with its mark as a value of its own."""
        close = re.compile(rf"^[ \t]*{re.escape(found['mark'])}\b", re.MULTILINE)
        last = close.search(self.text, found.end(), self.end)
        stop = last.start() if last else self.end
        whole = _Level(PartNode(found.end(), stop, is_object=True), "")
        inner = _Reader(self.text, stop, [whole], is_inner=True).read(found.end())
        member = self._value_member(found.start(), stop)
        member.members, member.is_object = inner.members, True
        return last.end() if last else self.end

    def _bare_word(self, found: re.Match[str]) -> int:
        """Read a word without quotes; in a value, such as `s3:Get`, it may have colons."""
        whole = _BARE.match(self.text, found.start(), self.end) if self._is_at_value else None
        start, end = found.start(), (whole or found).end()
        self._word(Word(self.text[start:end], start, end), end)
        return end

    @property
    def _is_at_value(self) -> bool:
        top = self.top
        return top.sign == "[" or (top.member is not None and bool(top.member.after_key))

    def _word(self, word: Word, end: int) -> None:
        top = self.top
        if self._is_at_value:
            self._value_member(word.start, end).value = word
        else:
            top.words.append(word)
            top.member = top.member or PartNode(word.start, end, key=word)
            top.member.end = end

    def _value_member(self, start: int, end: int) -> PartNode:
        """Return the node of a value that begins: that of its key, or an item."""
        top = self.top
        if top.sign == "[" or top.member is None or top.member.value is not None:
            top.member = PartNode(start, end)
            top.node.members.append(top.member)
        top.member.end = max(top.member.end, end)
        return top.member

    def _sign(self, sign: str, at: int) -> None:
        top = self.top
        if sign in ":=":
            if top.member is not None and not top.member.after_key:
                top.member.after_key = at + 1
                top.node.members.append(top.member)
        elif sign == ",":
            self._end_member(at)
        elif sign in "{[":
            self._open(sign, at)
        elif sign in _CLOSES and self.opened[_CLOSES[sign]]:
            while self.top.sign != _CLOSES[sign]:
                self._close(at)
            self._close(at + 1)

    def _open(self, sign: str, at: int) -> None:
        top = self.top
        if top.member is not None and not top.member.after_key:  # the head of a block
            top.member.after_key = at
            top.member.labels = tuple(word.text for word in top.words[1:])
            top.node.members.append(top.member)
        node = _begun(top) or self._value_member(at, at + 1)
        node.is_list, node.is_object = sign == "[", sign == "{"
        self.levels.append(_Level(node, sign))
        self.opened[sign] += 1

    def _close(self, at: int) -> None:
        self._end_member(at)
        closed = self.levels.pop()
        self.opened[closed.sign] -= 1
        closed.node.end = at
        if self.top.sign != "[" and self.top.member is not None:
            self.top.member.end = at

    def _end_member(self, at: int) -> None:
        """Note that the member that is being read is over."""
        top = self.top
        if top.member is not None:
            if not top.node.members or top.node.members[-1] is not top.member:
                top.node.members.append(top.member)
            elif top.member.value is None and not top.member.members:
                top.member.end = max(top.member.end, at)
        top.member, top.words = None, []

    def _line(self, at: int) -> None:
        """End a member of HCL, whose members need no comma."""
        top, member = self.top, self.top.member
        is_whole = member is not None and (
            member.value is not None or member.is_list or member.is_object or not member.after_key
        )
        if top.sign != "[" and is_whole:
            self._end_member(at)


def _begun(level: _Level) -> PartNode | None:
    """Return the member whose key waits for its value, if there is one."""
    member = level.member
    waits = member is not None and bool(member.after_key) and member.value is None
    return member if waits and member and level.sign != "[" and not member.members else None


def walk(node: PartNode) -> Iterator[PartNode]:
    """Yield a node and all in it."""
    left = [node]
    while left:
        one = left.pop()
        yield one
        left += reversed(one.members)
