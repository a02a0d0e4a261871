"""Changes a text at the nodes of its value, and leaves everything else as it is written.

A change that may affect more than this node is refused with `InexactError`: values that are
computed, escaped or repeated by an alias, and comments that would be lost.
"""

from __future__ import annotations

import json
import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass
from iamlint.late_pattern import late_pattern
from iamlint.text.embed import Embedded
from iamlint.text.source import Dialect, SyntaxFault
from iamlint.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from iamlint.text.source import Place, Source, Value
    from iamlint.text.span import Pointer

_ANCHOR: Final = late_pattern(r"(?:^|[\s,\[{])&[^\s,\[\]{}]")
_BARE: Final = late_pattern(r"[A-Za-z_$][\w$]*")
_PLAIN: Final = late_pattern(r"[A-Za-z0-9_./](?:[\w./*?@+=-]|:(?=[^\s:]))*")
_NO_STRING: Final = late_pattern(
    r"[-+.\d_eExXoO]+|true|false|null|yes|no|on|off|[yn]", re.IGNORECASE
)
_COLON: Final = late_pattern(r"[ \t]*[:=][ \t]+|[ \t]*[:=]")
_BLANKS: Final = late_pattern(r"[ \t]*+")
_LINE_END: Final = late_pattern(r"\r\n|\r|\n|\Z")
_CONTROL: Final = late_pattern(r"[\x00-\x1f]")
_GAPS: Final = {
    Dialect.YAML: late_pattern(r"(?P<comment>#[^\r\n]*+)|(?P<comma>,)|[ \t\r\n]++"),
    Dialect.HCL: late_pattern(
        r"(?P<comment>(?:#|//)[^\r\n]*+|/\*(?:[^*]|\*(?!/))*+\*/)|(?P<comma>,)|[ \t\r\n]++"
    ),
}
_JSON_GAP: Final = late_pattern(
    r"(?P<comment>//[^\r\n]*+|/\*(?:[^*]|\*(?!/))*+\*/)|(?P<comma>,)|[ \t\r\n]++"
)


class InexactError(Exception):
    """The text cannot be changed so that exactly the node changes."""


@dataclass(frozen=True, slots=True, order=True)
class Rewrite:
    """A stretch of a text, and what to put there."""

    span: Span
    text: str


def reword(
    source: Source,
    pointer: Pointer,
    text: str,
    *,
    key: bool = False,
    part: tuple[int, int] | None = None,
) -> list[Rewrite]:
    """Return the edits that put `text` in place of a string, its `part`, or a member's key."""
    if key:
        return _lifted(source, lambda at: [_renamed(at, pointer, text)])
    return _lifted(source, lambda at: [_reworded(at, pointer, text, part)])


def remove(source: Source, above: Pointer, steps: Sequence[str | int]) -> list[Rewrite]:
    """Return the edits that remove entries or members, with their commas and lines."""
    return _lifted(source, lambda at: _container(at, above).without(set(steps)))


def insert(source: Source, above: Pointer, name: str, text: str) -> list[Rewrite]:
    """Return the edits that put a member before the first of an object, written like that."""
    return _lifted(source, lambda at: [_container(at, above).with_member(name, text)])


def strictly(source: Source, span: Span) -> list[Rewrite]:
    """Return the edits that make a comment, trailing comma or control character plain JSON."""
    raw = source.text[span.start : span.end]
    if raw == ",":
        return [Rewrite(span, "")]
    if raw.startswith(("//", "/*")):
        return [_cut(source.text, span.start, span.end)]
    if _CONTROL.fullmatch(raw):
        return [Rewrite(span, f"\\u{ord(raw):04x}")]
    raise InexactError


def check_written(source: Source, pointer: Pointer) -> None:
    """Raise unless the string at `pointer` is written as it is read."""
    _lifted(source, lambda at: [Rewrite(_inside(at, pointer), "")])


def _lifted(source: Source, rewrites: Callable[[Source], list[Rewrite]]) -> list[Rewrite]:
    """Return the edits of JSON inside of double quotes, with its escapes."""
    if not isinstance(source, Embedded):
        return rewrites(source)
    offsets = source.offsets()
    if offsets is None:
        raise InexactError
    before = source.text[max(offsets[0] - 2, 0) : offsets[0]]
    if not before.endswith('"'):
        return rewrites(source)  # Without escapes it is written like any other JSON.
    if before == '\\"':
        raise InexactError
    return [
        Rewrite(
            Span(offsets[change.span.start], offsets[change.span.end]),
            json.dumps(change.text, ensure_ascii=False)[1:-1],
        )
        for change in rewrites(source.alone)
    ]


def _place(source: Source, pointer: Pointer) -> Place:
    place = source.place(pointer)
    if place is None or _has_anchors(source):
        raise InexactError
    return place


def _has_anchors(source: Source) -> bool:
    """Return whether parts of the text may count at several places."""
    may_be_yaml = source.dialect is Dialect.YAML or isinstance(source, Embedded)
    return may_be_yaml and source.once(_text_has_anchors)


def _text_has_anchors(source: Source) -> bool:
    return "&" in source.text and bool(_ANCHOR.search(source.text))


def _refuse_twins(source: Source, pointer: Pointer) -> None:
    """Raise for a member whose name appears twice in its object: the other would take its place."""
    if isinstance(pointer[-1], int):
        return
    if source.dialect is Dialect.HCL:
        _container(source, pointer[:-1]).refuse_others()
    elif _place(source, pointer).key in source.once(_repeated):
        raise InexactError


def _repeated(source: Source) -> frozenset[Span]:
    return frozenset(f.span for f in source.flaws if f.fault is SyntaxFault.DUPLICATE_KEY)


def _value(source: Source, pointer: Pointer) -> Value:
    try:
        return source.value_at(pointer)
    except LookupError:
        raise InexactError from None


def _inside(source: Source, pointer: Pointer) -> Span:
    """Return the span of a string without its quotes."""
    span, value = _place(source, pointer).value, _value(source, pointer)
    return _unquoted(source.text, span, value if isinstance(value, str) else None)


def _unquoted(text: str, span: Span, value: str | None) -> Span:
    raw = text[span.start : span.end]
    if raw[:1] and raw[0] in "\"'":
        if len(raw) > 1 and raw[0] == raw[-1] and raw[1:-1] == value:
            return Span(span.start + 1, span.end - 1)
    elif raw == value:
        return span
    raise InexactError


def _reworded(source: Source, pointer: Pointer, text: str, part: tuple[int, int] | None) -> Rewrite:
    span = _inside(source, pointer)
    old = source.text[span.start : span.end]
    start, end = part or (0, len(old))
    is_bare = span == _place(source, pointer).value
    _check_fits(source, old, old[:start] + text + old[end:], is_bare=is_bare)
    return Rewrite(Span(span.start + start, span.start + end), text)


def _renamed(source: Source, pointer: Pointer, text: str) -> Rewrite:
    place, old = _place(source, pointer), str(pointer[-1])
    if place.key is None:
        raise InexactError
    _refuse_twins(source, pointer)
    span = _unquoted(source.text, place.key, old)
    is_bare = span == place.key
    if is_bare and source.dialect is not Dialect.YAML:
        if not _BARE.fullmatch(text):
            raise InexactError
    else:
        _check_fits(source, old, text, is_bare=is_bare)
    return Rewrite(span, text)


def _check_fits(source: Source, old: str, new: str, *, is_bare: bool) -> None:
    """Raise if the new text would have to be written with quotes or escapes."""
    if is_bare:
        is_typed = _NO_STRING.fullmatch(new) and not _NO_STRING.fullmatch(old)
        if source.dialect is not Dialect.YAML or is_typed or not _PLAIN.fullmatch(new):
            raise InexactError
    elif re.search(r"[\"'\\\x00-\x1f]", new) or (
        source.dialect is Dialect.HCL and re.search(r"[$%]\{", new)
    ):
        raise InexactError


class _Container:
    """A list or an object of the text, and its entries in order."""

    def __init__(self, source: Source, pointer: Pointer) -> None:
        self.source = source
        self.pointer = pointer
        self.text = source.text
        self.whole = _place(source, pointer).value
        value = _value(source, pointer)
        if not isinstance(value, list | dict) or self.text[self.whole.start] == "!":
            raise InexactError
        self.is_list = isinstance(value, list)
        steps: list[str | int] = [*range(len(value))] if isinstance(value, list) else [*value]
        self.places = {step: _place(source, (*pointer, step)) for step in steps}
        self.steps = sorted(steps, key=lambda step: self.places[step].value)
        self.order = {step: at for at, step in enumerate(self.steps)}
        ends = self.text[self.whole.start] + self.text[self.whole.end - 1]
        self.is_flow = ends == ("[]" if self.is_list else "{}")
        if not steps or not (self.is_flow or source.dialect is Dialect.YAML):
            raise InexactError
        self.items = [self._item(step) for step in self.steps]

    @cached_property
    def gaps(self) -> list[_Gap]:
        """The gap behind each entry of a flow collection."""
        ends = [*(item.start for item in self.items[1:]), self.whole.end - 1]
        return [self._gap(item.end, end) for item, end in zip(self.items, ends, strict=True)]

    def refuse_others(self) -> None:
        """Raise if there is anything else among the entries.

        In HCL, only the last of several members of one name is known.
        """
        start = self.whole.start + 1
        ends = [start, *(item.end for item in self.items)]
        starts = [*(item.start for item in self.items), self.whole.end - 1]
        for end, following in zip(ends, starts, strict=True):
            self._gap(end, following)

    def _item(self, step: str | int) -> Span:
        place = self.places[step]
        if not self.is_list:
            if place.key is None:
                raise InexactError
            return Span(place.key.start, place.value.end)
        if self.is_flow:
            return place.value
        dash = self.text.rfind("-", self.whole.start, place.value.start)
        if dash < 0 or self.text[dash + 1 : place.value.start].strip(" \t\r\n"):
            raise InexactError
        return Span(dash, place.value.end)

    def without(self, steps: set[str | int]) -> list[Rewrite]:
        if len(steps) >= len(self.steps) or not steps <= self.order.keys():
            raise InexactError
        for step in steps:
            _refuse_twins(self.source, (*self.pointer, step))
        gone = sorted(self.order[step] for step in steps)
        return self._flow_without(gone) if self.is_flow else self._block_without(gone)

    def _flow_without(self, gone: list[int]) -> list[Rewrite]:
        items, gaps = self.items, self.gaps
        removed = set(gone)
        last = next(at for at in reversed(range(len(items))) if at not in removed)
        inner = [at for at in gone if at < last]
        tail = [at for at in gone if at > last]
        comma = gaps[last].comma
        rewrites: list[Rewrite] = []
        if tail and (gaps[-1].comma is not None or comma is None):
            inner += tail  # The last comma stays, or there is none.
        elif tail and any(gap.has_comment for gap in gaps[last:-1]):
            rewrites.append(Rewrite(Span(comma or 0, (comma or 0) + 1), ""))
            inner += tail
        elif tail:
            rewrites.append(Rewrite(Span(items[last].end, items[-1].end), ""))
        for at in inner:
            end = gaps[at].comma
            rewrites.append(
                _cut(self.text, items[at].start, items[at].end if end is None else end + 1)
            )
        return sorted(rewrites)

    def _gap(self, start: int, end: int) -> _Gap:
        """Return the gap between two entries; raise if it has more than a comma."""
        comma: int | None = None
        has_comment = False
        at = start
        pattern = _GAPS.get(self.source.dialect, _JSON_GAP)
        while at < end:
            found = pattern.match(self.text, at, end)
            if found is None or (found["comma"] and comma is not None):
                raise InexactError
            if found["comma"]:
                if has_comment:
                    raise InexactError
                comma = at
            has_comment = has_comment or bool(found["comment"])
            at = found.end()
        needs_comma = self.source.dialect is not Dialect.HCL and end < self.whole.end - 1
        if at > end or start > end or (needs_comma and comma is None):
            raise InexactError
        return _Gap(comma, has_comment)

    def _block_without(self, gone: list[int]) -> list[Rewrite]:
        rewrites = []
        every = set(gone)
        for at in gone:
            item = self.items[at]
            line = _line_start(self.text, item.start)
            if not self.text[line : item.start].strip(" \t"):
                rewrites.append(_cut(self.text, item.start, item.end))
                continue
            following = self.items[at + 1] if at + 1 < len(self.items) else None
            if following is None or at + 1 in every:
                raise InexactError
            if self.text[item.end : following.start].strip(" \t\r\n"):
                raise InexactError
            rewrites.append(Rewrite(Span(item.start, following.start), ""))
        return rewrites

    def with_member(self, name: str, text: str) -> Rewrite:
        first = self.places[self.steps[0]]
        if self.is_list or first.key is None:
            raise InexactError
        start = first.key.start
        line = _line_start(self.text, start)
        before = self.text[line:start]
        quote = self.text[start] if self.text[start] in "\"'" else ""
        between = _COLON.match(self.text, first.key.end, first.value.start)
        colon = between[0] if between and (self.is_flow or between[0].endswith(" ")) else ": "
        value = f"{quote or chr(34)}{text}{quote or chr(34)}"
        return Rewrite(
            Span(start, start),
            f"{quote}{name}{quote}{colon}{value}{self._separator(line, before, colon)}",
        )

    def _separator(self, line: int, before: str, colon: str) -> str:
        if not self.is_flow:
            if before.strip(" -"):
                raise InexactError
            return self._newline(line) + " " * len(before)
        if before.strip(" \t"):
            return ", " if colon.endswith(" ") else ","
        return ("" if "=" in colon else ",") + self._newline(line) + before

    def _newline(self, line: int) -> str:
        """Return how the line before the one at `line` ends, or else that one itself."""
        end = line or self.text.find("\n") + 1
        return "\r\n" if self.text.endswith("\r\n", 0, end) else "\n"


@lru_cache(maxsize=1)  # all fixes of one list ask
def _container(source: Source, pointer: Pointer) -> _Container:
    return _Container(source, pointer)


def forget_file() -> None:
    """Let go of the last file that was asked about."""
    _container.cache_clear()


@dataclass(frozen=True, slots=True)
class _Gap:
    """What follows an entry."""

    comma: int | None
    has_comment: bool


def _line_start(text: str, at: int) -> int:
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


def _cut(text: str, start: int, end: int) -> Rewrite:
    """Return the edit that removes a stretch, and its lines if nothing else is on them."""
    before = _start_of_blanks(text, start)
    after = _BLANKS.match(text, end).end()  # type: ignore[union-attr]  # matches anywhere
    is_first = not before or text[before - 1] in "\r\n"
    line_end = _LINE_END.match(text, after)
    if line_end is None:
        kept = " " if text[after] == "#" and text[start - 1] not in " \t\r\n" else ""
        return Rewrite(Span(start, after), kept)
    return Rewrite(Span(before, line_end.end() if is_first else end), "")


def _start_of_blanks(text: str, at: int) -> int:
    while at and text[at - 1] in " \t":
        at -= 1
    return at
