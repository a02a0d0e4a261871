"""Reads the JSON form of the configuration language, whose strings are templates.

https://developer.hashicorp.com/terraform/language/syntax/json
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass
from iamlint.load.terraform.language.labels import LABELS
from iamlint.text.hcl.parse import MAX_BLOCKS, Broken, Hcl, read_template
from iamlint.text.hcl.tree import Attribute, Chunk, HclTemplate, Items, Literal, Members, Opaque
from iamlint.text.json import read_json
from iamlint.text.source import NO_VALUE, Partial, Source, Unknown, Value, as_written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from iamlint.text.hcl.tree import Block, Expression
    from iamlint.text.span import Pointer, Span

    _StringReader = Callable[[Source, Pointer, str, Span], Expression]

_LABELS: Final = {**LABELS, "dynamic": 1}
_COMMENT: Final = "//"


def read_json_form(text: str) -> Hcl:
    """Return the blocks of a file as in HCL."""
    source = read_json(text)
    flaw = next((flaw for flaw in source.flaws if flaw.fault in NO_VALUE), None)
    if flaw is not None or not isinstance(source.value, dict):
        return Hcl(text, (), (Broken(("…",), flaw),) if flaw else ())
    return Hcl(text, tuple(_blocks(source, (), source.value)), ())


def _blocks(source: Source, at: Pointer, body: Mapping[str, Value]) -> Iterator[Block]:
    """Yield the blocks in a body: objects, or lists of them, below their labels."""
    for name, value in body.items():
        if name != _COMMENT:
            yield from _labelled(source, (*at, name), value, (name,), _LABELS.get(name, 0))


def _labelled(
    source: Source, at: Pointer, value: Value, words: tuple[str, ...], labels: int
) -> Iterator[Block]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _labelled(source, (*at, index), item, words, labels)
    elif isinstance(value, dict) and labels:
        for name, inner in value.items():
            yield from _labelled(source, (*at, name), inner, (*words, name), labels - 1)
    elif isinstance(value, dict):
        yield _Block(source, at, value, words)


@dataclass(eq=False)
class _Block:
    source: Source
    at: Pointer
    body: Mapping[str, Value]
    words: tuple[str, ...]

    @property
    def type(self) -> str:
        return self.words[0]

    @property
    def labels(self) -> tuple[str, ...]:
        return self.words[1:]

    @cached_property
    def span(self) -> Span:
        return self.source.locate(self.at)

    @cached_property
    def key(self) -> Span:
        names = [index for index, step in enumerate(self.at, 1) if isinstance(step, str)]
        return self.source.locate(self.at[: names[-len(self.words)]], key=True)

    @cached_property
    def attributes(self) -> Mapping[str, Attribute]:
        return {
            name: Attribute(
                name,
                self.source.locate((*self.at, name), key=True),
                _expression(self.source, (*self.at, name), value),
            )
            for name, value in self.body.items()
            if name != _COMMENT
        }

    @cached_property
    def blocks(self) -> Sequence[Block]:
        is_deep = len(self.at) > 2 * MAX_BLOCKS
        return [] if is_deep else list(_blocks(self.source, self.at, self.body))


def literal(source: Source, at: Pointer, value: Value) -> Expression:
    """Return a value as an expression; its strings are not templates."""
    return _expression(source, at, value, _plain)


def _plain(source: Source, at: Pointer, text: str, span: Span) -> Expression:
    offsets = source.characters(at)
    if offsets is None or len(offsets) != len(text) + 1:
        offsets = (*[span.start] * len(text), span.end)
    return HclTemplate((Chunk(text, offsets),) if text else (), span)


def _expression(
    source: Source, at: Pointer, value: Value, string: _StringReader | None = None
) -> Expression:
    string = string or _string
    span = source.locate(at)
    if isinstance(value, dict):
        members = []
        for name, child in value.items():
            key = source.locate((*at, name), key=True)
            chunk = Chunk(name, (*[key.start] * len(name), key.end))
            inner = _expression(source, (*at, name), child, string)
            members.append((HclTemplate((chunk,), key), inner))
        return Members(tuple(members), span)
    if isinstance(value, list):
        items = [_expression(source, (*at, i), child, string) for i, child in enumerate(value)]
        return Items(tuple(items), span)
    if value is None or isinstance(value, bool | int | float):
        return Literal(value, span)
    if isinstance(value, Partial | Unknown) and string is _plain:
        return _plain(source, at, as_written(value), span)
    return string(source, at, value, span) if isinstance(value, str) else Opaque(span)


def _string(source: Source, at: Pointer, text: str, span: Span) -> Expression:
    offsets = source.characters(at)
    if offsets is None or len(offsets) != len(text) + 1:
        return Opaque(span)
    return HclTemplate(read_template(text, offsets.__getitem__).parts, span)
