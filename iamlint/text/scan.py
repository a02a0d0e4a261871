"""Finds the place of each node of a JSON or JSON5 text, and its parts that are not plain JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, NoReturn

from iamlint.fast_dataclass import dataclass, field
from iamlint.late_pattern import late_pattern
from iamlint.text.placeholder import placeholder_end
from iamlint.text.source import MAX_DEPTH, Place, SyntaxFault, SyntaxFlaw
from iamlint.text.span import Pointer, Span

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

_BLANK = late_pattern(r"[ \t\n\r]*+")
_ODD_BLANK = frozenset("/\v\f\xa0\ufeff\u1680\u2028\u2029\u202f\u205f\u3000") | {
    chr(c) for c in range(0x2000, 0x200B)
}
_ODD_OR_BLANK = _ODD_BLANK | set(" \t\n\r")
_COMMA = late_pattern(r"[ \t\n\r]*+(,)[ \t\n\r]*+")
_LINE_COMMENT = late_pattern(r"//[^\n\r\u2028\u2029]*+")
_SCALAR = late_pattern(
    r'"[^"\\\x00-\x1f]*+"'
    r"|-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][-+]?[0-9]++)?+(?![\w.$])"
    r"|(?:true|false|null)(?![\w$])"
)
_NUMBER5 = late_pattern(
    r"[-+]?(?:0[xX][0-9a-fA-F]++|Infinity|NaN"
    r"|(?:(?:0|[1-9][0-9]*+)(?:\.[0-9]*+)?+|\.[0-9]++)(?:[eE][-+]?[0-9]++)?+)(?![\w.$])"
)
_KEY = late_pattern(r'"([^"\\\x00-\x1f]*+)"[ \t\n\r]*+:[ \t\n\r]*+')
_BARE_KEY = late_pattern(r"""[^\s\ufeff:,{}\[\]"'/]++""")
_WRONG_IN_NAME = late_pattern(r"\\(?!u[0-9a-fA-F]{4})")
_WORD = late_pattern(r"[-+.$\w]{1,40}")
_STRING = {
    '"': late_pattern(r'"[^"\\]*+(?:\\[\s\S][^"\\]*+)*+"'),
    "'": late_pattern(r"'[^'\\]*+(?:\\[\s\S][^'\\]*+)*+'"),
}
_ODDITY = late_pattern(
    r"""\\(?:(?P<plain>["\\/bfnrt]|u[0-9a-fA-F]{4})"""
    r"""|(?P<json5>x[0-9a-fA-F]{2}|0(?![0-9])|\r\n|[^0-9xu])|(?P<wrong>))|(?P<control>[\x00-\x1f])"""
)
_HIGH, _LOW = "[dD][89abAB][0-9a-fA-F]{2}", "[dD][c-fC-F][0-9a-fA-F]{2}"
_ESCAPE = late_pattern(
    rf"\\(?:u({_HIGH})\\u({_LOW})|u([0-9a-fA-F]{{4}})|x([0-9a-fA-F]{{2}})|(\r\n|[\s\S]))"
)
_SHORT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "0": "\0"}
_CONTINUATIONS = ("\n", "\r", "\r\n", "\u2028", "\u2029")

_FRESH, _NO_COMMA = -1, -2


class ScanError(ValueError):
    """Why a text is not even JSON5, and where."""

    def __init__(
        self, message: str, span: Span, fault: SyntaxFault = SyntaxFault.UNREADABLE
    ) -> None:
        super().__init__(message)
        self.fault = fault
        self.message = message
        self.span = span


class Places(Mapping[Pointer, Place]):
    """Places kept as bare numbers, for most are never asked for."""

    def __init__(self, spans: dict[Pointer, tuple[int, int, int, int]]) -> None:
        self._spans = spans

    def __getitem__(self, pointer: Pointer) -> Place:
        start, end, key_start, key_end = self._spans[pointer]
        return Place(Span(start, end), Span(key_start, key_end) if key_end else None)

    def __iter__(self) -> Iterator[Pointer]:
        return iter(self._spans)

    def __len__(self) -> int:
        return len(self._spans)


@dataclass(frozen=True, slots=True)
class Scan:
    """What one pass over a text finds."""

    places: Places
    flaws: tuple[SyntaxFlaw, ...]  # in the order of the text
    unknowns: tuple[Pointer, ...]  # placeholders that mean a whole value
    rewritten: str  # JSON, or JSON5 without comments, trailing commas, bare keys, placeholders
    is_json5: bool  # whether `rewritten` is more than JSON


def scan(text: str) -> Scan:
    """Return the scan of JSON5 with placeholders, or raise `ScanError`.

    For a repeated key, places are those of its last value, the one that counts.
    """
    scanner = _Scanner(text)
    try:
        scanner.run()
    except ScanError as error:
        if scanner.broken_string and error.span.start > scanner.broken_string.end:
            raise ScanError("string without end on its line", scanner.broken_string) from None
        raise
    return scanner.result()


def decode(literal: str) -> str:
    """Return what a JSON or JSON5 string literal says, without looking at its quotes."""
    return _ESCAPE.sub(_unescaped, literal[1:-1])


def _unescaped(escape: re.Match[str]) -> str:
    high, low, unit, byte, other = escape.groups()
    if high:
        return chr(0x10000 + ((int(high, 16) & 0x3FF) << 10 | int(low, 16) & 0x3FF))
    if unit or byte:
        return chr(int(unit or byte, 16))
    return "" if other in _CONTINUATIONS else _SHORT.get(other, other)


def characters(text: str, span: Span) -> list[int]:
    """Return where each character of the literal at `span` starts, and where the last ends."""
    found: list[int] = []
    done = span.start + 1
    for escape in _ESCAPE.finditer(text, done, span.end - 1):
        found.extend(range(done, escape.start()))
        if escape[5] not in _CONTINUATIONS:
            found.append(escape.start())
        done = escape.end()
    found.extend(range(done, span.end))
    return found


def with_joined_surrogates(text: str) -> str:
    """Return a text with escaped surrogate pairs as the characters they mean."""
    return _ESCAPE.sub(lambda m: _unescaped(m) if m[1] else m[0], text)


@dataclass(slots=True)
class _Open:
    """An object or array whose end has not been seen."""

    closer: str
    pointer: Pointer
    start: int
    key: tuple[int, int]
    comma: int = _FRESH
    seen: set[str] = field(default_factory=set)
    index: int = 0


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.spans: dict[Pointer, tuple[int, int, int, int]] = {}
        self.broken_string: Span | None = None
        self._open: list[_Open] = []
        self._flaws: list[SyntaxFlaw] = []
        self._edits: list[tuple[int, int, str]] = []
        self._unknowns: dict[Pointer, int] = {}
        self._repeated: dict[Pointer, int] = {}
        self._json5: SyntaxFlaw | None = None
        self._stays_json5 = False

    def run(self) -> None:
        text, opened = self.text, self._open
        pos = self._value(self._blank(0), (), (0, 0))
        while opened:
            top = opened[-1]
            if top.comma == _NO_COMMA and (comma := _COMMA.match(text, pos)):
                top.comma = comma.start(1)
                pos = comma.end()
            char = text[pos : pos + 1]
            if char in _ODD_OR_BLANK:
                pos = self._blank(pos)
                char = text[pos : pos + 1]
            if char == "," and top.comma == _NO_COMMA:
                continue
            if char == top.closer:
                pos = self._close(pos)
            elif top.comma == _NO_COMMA:
                self._expected(f"`,` or `{top.closer}`", pos)
            elif top.closer == "}":
                pos = self._member(top, pos)
            else:
                top.comma = _NO_COMMA
                top.index += 1
                pos = self._value(pos, (*top.pointer, top.index - 1), (0, 0))
        if self._blank(pos) < len(text):
            self._expected("nothing more", self._blank(pos))

    def result(self) -> Scan:
        if self._json5:
            self._flaws.append(self._json5)
        if self._repeated:
            self.spans = {p: s for p, s in self.spans.items() if not self._overruled(p, s[0])}
        spans, unknowns = self.spans, self._unknowns
        return Scan(
            places=Places(spans),
            flaws=tuple(sorted(self._flaws, key=lambda flaw: flaw.span)),
            unknowns=tuple(p for p, at in unknowns.items() if p in spans and spans[p][0] == at),
            rewritten=self._rewritten(),
            is_json5=self._stays_json5,
        )

    def _overruled(self, pointer: Pointer, start: int) -> bool:
        """Return whether a repeated key further on takes the place of what was at `start`."""
        prefixes = (pointer[:depth] for depth in range(1, len(pointer) + 1))
        return any(start < self._repeated.get(prefix, 0) for prefix in prefixes)

    def _rewritten(self) -> str:
        parts: list[str] = []
        done = 0
        for start, end, replacement in sorted(self._edits):
            parts += (self.text[done:start], replacement)
            done = end
        return "".join((*parts, self.text[done:]))

    def _value(self, pos: int, pointer: Pointer, key: tuple[int, int]) -> int:
        """Return the end of the scalar at `pos`, or the start inside its container."""
        if scalar := _SCALAR.match(self.text, pos):
            end = scalar.end()
        elif (char := self.text[pos : pos + 1]) == "[" or (
            char == "{" and placeholder_end(self.text, pos) is None
        ):
            if len(self._open) >= MAX_DEPTH:
                message = f"nested deeper than {MAX_DEPTH} levels"
                raise ScanError(message, Span(pos, pos + 1), SyntaxFault.LIMIT)
            self._open.append(_Open("}" if char == "{" else "]", pointer, pos, key))
            return pos + 1
        else:
            end = self._odd_scalar(pos, pointer)
        self.spans[pointer] = (pos, end, *key)
        return end

    def _close(self, pos: int) -> int:
        closed = self._open.pop()
        if closed.comma >= 0:
            self._flaw(SyntaxFault.TRAILING_COMMA, "trailing comma", closed.comma, closed.comma + 1)
            self._edits.append((closed.comma, closed.comma + 1, ""))
        self.spans[closed.pointer] = (closed.start, pos + 1, *closed.key)
        return pos + 1

    def _member(self, top: _Open, pos: int) -> int:
        """Return the end of a member, or the start inside its container."""
        if plain := _KEY.match(self.text, pos):
            name, end, value = plain[1], plain.end(1) + 1, plain.end()
            if self.text[value : value + 1] in _ODD_BLANK:
                value = self._blank(value)
        else:
            name, end = self._odd_key(pos)
            colon = self._blank(end)
            if not self.text.startswith(":", colon):
                self._expected("`:`", colon)
            value = self._blank(colon + 1)
        pointer = (*top.pointer, name)
        if name in top.seen:
            message = f"the key `{name}` appears twice in one object, so only the last counts"
            self._flaw(SyntaxFault.DUPLICATE_KEY, message, pos, end)
            self._repeated[pointer] = pos
        top.seen.add(name)
        top.comma = _NO_COMMA
        return self._value(value, pointer, (pos, end))

    def _odd_key(self, pos: int) -> tuple[str, int]:
        """Return the key at `pos` and its end."""
        if self.text[pos : pos + 1] in _STRING:
            end = self._string(pos)
            return decode(self.text[pos:end]), end
        if templated := self._placeholder(pos):
            self._edits.append((pos, templated, json.dumps(self.text[pos:templated])))
            return self.text[pos:templated], templated
        bare = _BARE_KEY.match(self.text, pos)
        name = _ESCAPE.sub(_unescaped, bare[0]) if bare else ""
        if not bare or not _is_name(name) or _WRONG_IN_NAME.search(bare[0]):
            self._expected("a key", pos)
        self._not_json("key without quotes", pos, bare.end(), json.dumps(name))
        return name, bare.end()

    def _odd_scalar(self, pos: int, pointer: Pointer) -> int:
        """Return the end of a scalar that is not JSON, or of a string with escapes."""
        if self.text[pos : pos + 1] in _STRING:
            return self._string(pos)
        if end := self._placeholder(pos):
            self._unknowns[pointer] = pos
            self._edits.append((pos, end, "null"))
            return end
        number = _NUMBER5.match(self.text, pos)
        if not number:
            self._expected("a value", pos)
        self._not_json(f"`{number[0][:40]}` is not a json number", pos, number.end())
        return number.end()

    def _placeholder(self, pos: int) -> int | None:
        """Return the end of the placeholder at `pos`, and note it."""
        end = placeholder_end(self.text, pos)
        if end is not None:
            message = f"placeholder `{self.text[pos:end]}` outside of a string"
            self._flaw(SyntaxFault.PLACEHOLDER, message, pos, end)
        return end

    def _string(self, pos: int) -> int:
        """Return the end of a string, and note its parts that JSON does not allow."""
        string = _STRING[self.text[pos]].match(self.text, pos)
        if not string:
            raise ScanError("string without end", Span(pos, pos + 1))
        end = string.end()
        if self.text[pos] == "'":
            self._not_json("string in single quotes", pos, end)
        controls = False
        for odd in _ODDITY.finditer(self.text, pos + 1, end - 1):
            if odd["control"]:
                controls = controls or self._control(odd, Span(pos, end))
                self._edits.append((odd.start(), odd.end(), f"\\u{ord(odd[0]):04x}"))
            elif odd["json5"]:
                self._not_json(f"escape `{odd[0]}`", odd.start(), odd.end())
            elif odd["plain"] is None:
                raise ScanError("unknown escape in a string", Span(odd.start(), odd.start() + 2))
        return end

    def _control(self, odd: re.Match[str], string: Span) -> bool:
        """Note the first control character of a string."""
        message = f"raw control character U+{ord(odd[0]):04X} in a string"
        self._flaw(SyntaxFault.CONTROL_CHARACTER, message, odd.start(), odd.end())
        if odd[0] in "\r\n":
            self.broken_string = self.broken_string or Span(string.start, odd.start())
        return True

    def _blank(self, pos: int) -> int:
        """Return the end of white space and comments."""
        pos = _BLANK.match(self.text, pos).end()  # type: ignore[union-attr]  # matches anywhere
        while self.text[pos : pos + 1] in _ODD_BLANK:
            if self.text[pos] == "/":
                pos = self._comment(pos)
            else:
                self._not_json("white space that json does not know", pos, pos + 1, " ")
                pos += 1
            pos = _BLANK.match(self.text, pos).end()  # type: ignore[union-attr]
        return pos

    def _comment(self, start: int) -> int:
        if line := _LINE_COMMENT.match(self.text, start):
            end = line.end()
        elif self.text.startswith("/*", start):
            end = self.text.find("*/", start + 2) + 2
        else:
            self._expected("a value", start)
        if end < start + 2:
            raise ScanError("comment without end", Span(start, start + 2))
        self._flaw(SyntaxFault.COMMENT, "comment", start, end)
        self._edits.append((start, end, " "))
        return end

    def _flaw(self, fault: SyntaxFault, message: str, start: int, end: int) -> None:
        self._flaws.append(SyntaxFlaw(fault, message, Span(start, end)))

    def _not_json(self, message: str, start: int, end: int, as_json: str | None = None) -> None:
        """Note what is JSON5; only what has no simple form in JSON stays as it is."""
        self._json5 = self._json5 or SyntaxFlaw(SyntaxFault.JSON5_SYNTAX, message, Span(start, end))
        if as_json is None:
            self._stays_json5 = True
        else:
            self._edits.append((start, end, as_json))

    def _expected(self, what: str, pos: int) -> NoReturn:
        if pos >= len(self.text):
            raise ScanError(f"expected {what}, found the end of the text", Span(pos, pos))
        found = _WORD.match(self.text, pos)
        end = found.end() if found else pos + 1
        raise ScanError(f"expected {what}, found `{self.text[pos:end]}`", Span(pos, end))


def _is_name(text: str) -> bool:
    plain = text.replace("$", "_")
    return (plain[:1] + plain[1:].replace("\u200c", "").replace("\u200d", "")).isidentifier()
