"""Reads YAML from the parser's events: values with our own typing, and a place for each.

Composing and constructing are not left to PyYAML: its composer recurses in C, so that deep nesting
ends the process, and its constructor turns `2012-10-17` into a date.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NoReturn

from iamlint.fast_dataclass import dataclass, field, replace
from iamlint.late_pattern import compiled_late, late_pattern
from iamlint.text.placeholder import may_be_partial, partial
from iamlint.text.scalar import scalar_characters
from iamlint.text.source import (
    MAX_DEPTH,
    Dialect,
    Place,
    Source,
    SyntaxFault,
    SyntaxFlaw,
    Tagged,
    Value,
)
from iamlint.text.span import Pointer, Span

with compiled_late():  # PyYAML needs a twentieth of a check for patterns that libyaml never uses
    import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MAX_REPEATED = 200_000
"""Nodes that aliases may repeat; more is an attack and not read."""

_NESTED = f"nested deeper than {MAX_DEPTH} levels"
_TOO_DEEP = "exceeded maximum nesting depth"  # libyaml 0.2.6 reads ahead to a limit of its own

_LOADER = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
_COMMENT = late_pattern(r"#[^\r\n]*")

# What YAML 1.1 and 1.2 read alike, and nothing else: `012345678901` is an account, `1e3` a name.
_NUMBER = late_pattern(r"-?(?:0|[1-9][0-9]{0,4000})(\.[0-9]+(?:[eE][-+][0-9]+)?)?")
_WORDS: dict[str, bool | None] = {"": None, "~": None}
_WORDS |= dict.fromkeys(("null", "Null", "NULL"))
_WORDS |= dict.fromkeys(("true", "True", "TRUE"), True)
_WORDS |= dict.fromkeys(("false", "False", "FALSE"), False)

_CORE = "tag:yaml.org,2002:"
_TYPES = {_CORE + name for name in ("int", "float", "bool", "null")}
_UNPRINTABLE = late_pattern("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TEMPLATING = ("{{", "{%", "<%")
_CONTROL = late_pattern(r"^[ \t-]*(?:\{\{|\{%|<%)", re.MULTILINE)
"""A line of a template language, such as `{{- if .Values.x }}`; the error is where it ends."""


class _YamlError(Exception):
    """Why a text is not read, and where."""

    def __init__(
        self,
        message: str,
        start: int,
        end: int | None = None,
        fault: SyntaxFault = SyntaxFault.UNREADABLE,
    ) -> None:
        super().__init__(message)
        self.fault = fault
        self.message = message
        self.span = Span(start, start + 1 if end is None else end)


@dataclass(slots=True)
class _Node:
    """A node: its value, its place, and what is in it: items, or keys with their values."""

    value: Value
    start: int
    end: int
    text: str | None = None  # of a scalar
    style: str | None = None  # of a scalar that is not an alias: plain ' " | >
    height: int = 0  # known in a document with anchors, like the size
    size: int = 1
    items: Sequence[_Node] = ()
    members: Mapping[str, tuple[_Node, _Node]] | None = None


@dataclass(slots=True)
class _Open:
    """A collection whose end has not been seen."""

    event: Any
    is_mapping: bool
    nodes: list[_Node] = field(default_factory=list)


def read_yaml(text: str) -> Source:
    """Return a YAML text; the value of several documents is the list of them."""
    composer = _Composer(text)
    try:
        documents = composer.documents()
    except _YamlError as error:
        return _unreadable(text, error.message, error.span, error.fault)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = min(mark.index if mark else 0, len(text))
        problem, fault = error.problem or "not yaml", SyntaxFault.UNREADABLE
        if problem == _TOO_DEEP:
            problem, fault = _NESTED, SyntaxFault.LIMIT
        return _unreadable(text, problem, Span(at, min(at + 1, len(text))), fault)
    except (yaml.YAMLError, UnicodeError):
        return _unreadable_character(text)
    root = documents[0] if len(documents) == 1 else _stream(documents)
    return Source(
        text=text,
        value=root.value,
        dialect=Dialect.YAML,
        places=lambda: _places(root),
        flaws=tuple(composer.flaws),
        characters=lambda pointer: _characters(text, root, pointer),
        seek=lambda pointer: _seek(root, pointer),
    )


def _unreadable(text: str, message: str, span: Span, fault: SyntaxFault) -> Source:
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.start)
    line = text[start : end if end >= 0 else None]
    if any(mark in line for mark in _TEMPLATING) or _CONTROL.search(text):
        fault = SyntaxFault.TEMPLATED
    if fault is SyntaxFault.TEMPLATED:
        message = f"templated: {message}"
    return Source.unreadable(text, Dialect.YAML, message, span, fault)


def _unreadable_character(text: str) -> Source:
    odd = _UNPRINTABLE.search(text)
    message = f"character U+{ord(odd[0]):04X} is not allowed in yaml" if odd else "not yaml"
    span = Span(*odd.span()) if odd else Span(0, 0)
    return _unreadable(text, message, span, SyntaxFault.UNREADABLE)


def _stream(documents: list[_Node]) -> _Node:
    if not documents:
        return _Node(None, 0, 0)
    start, end = documents[0].start, documents[-1].end
    return _Node([node.value for node in documents], start, end, items=documents)


class _Composer:
    """Builds nodes from events, with a stack instead of recursion."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.flaws: list[SyntaxFlaw] = []
        self._documents: list[_Node] = []
        self._into = self._documents  # what the next node belongs to
        self._open: list[_Open] = []
        self._anchors: dict[str, _Node | None] = {}
        self._repeated = 0

    def documents(self) -> list[_Node]:
        event: Any  # every event of the parser has marks
        for event in yaml.parse(self.text, Loader=_LOADER):
            kind = type(event)
            if kind is yaml.ScalarEvent:
                self._finish(event, self._scalar(event))
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                self._start(event)
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                opened = self._open.pop()
                self._into = self._open[-1].nodes if self._open else self._documents
                node = (
                    self._mapping(opened, event) if opened.is_mapping else self._list(opened, event)
                )
                self._finish(opened.event, node)
            elif kind is yaml.AliasEvent:
                self._into.append(self._alias(event))
            elif kind is yaml.DocumentStartEvent:
                self._anchors.clear()
        return self._documents

    def _start(self, event: yaml.CollectionStartEvent) -> None:
        if len(self._open) >= MAX_DEPTH:
            self._too_deep(event)
        if event.anchor:
            self._anchors[event.anchor] = None
        opened = _Open(event, type(event) is yaml.MappingStartEvent)
        self._open.append(opened)
        self._into = opened.nodes

    def _finish(self, event: yaml.NodeEvent, node: _Node) -> None:
        if event.anchor:
            self._anchors[event.anchor] = node
        self._into.append(node)

    def _scalar(self, event: Any) -> _Node:
        start, end = event.start_mark.index, event.end_mark.index
        style, value = event.style, _typed(event)
        if style in ("|", ">"):
            end = start + len(self.text[start:end].rstrip())
        if event.tag:
            value = _tagged(event.tag, value)
        return _Node(value, start, end, event.value, style or "plain")

    def _alias(self, event: yaml.AliasEvent) -> _Node:
        """Return the anchor's node, where the alias does."""
        start, end = _bounds(event)
        name = self.text[start:end]
        if event.anchor not in self._anchors:
            raise _YamlError(f"alias `{name}` has no anchor", start, end)
        node = self._anchors[event.anchor]
        if node is None:
            raise _YamlError(f"alias `{name}` is inside its own anchor", start, end)
        if len(self._open) + node.height > MAX_DEPTH:
            self._too_deep(event)
        self._repeat(node.size - 1, event)
        return replace(node, start=start, end=end, style=None)

    def _mapping(self, opened: _Open, end: yaml.Event) -> _Node:
        members: dict[str, tuple[_Node, _Node]] = {}
        inherited: dict[str, tuple[_Node, _Node]] = {}
        for key, node in zip(opened.nodes[::2], opened.nodes[1::2], strict=True):
            name = key.text if key.text is not None else _refuse_key(key)
            if name == "<<" and key.style == "plain":
                parents = [parent.members for parent in node.items or (node,)]
                if all(parents):
                    for parent in filter(None, parents):
                        inherited |= {n: m for n, m in parent.items() if n not in inherited}
                    continue
            if name in members:
                message = f"the key `{name}` appears twice in one mapping, so only the last counts"
                self.flaws.append(SyntaxFlaw(SyntaxFault.DUPLICATE_KEY, message, _span(key)))
            members[name] = key, node
        if inherited:
            members = inherited | members
        value: Value = {name: node.value for name, (_, node) in members.items()}
        return self._collection(opened, end, value, (), members)

    def _list(self, opened: _Open, end: yaml.Event) -> _Node:
        value: Value = [node.value for node in opened.nodes]
        return self._collection(opened, end, value, opened.nodes, None)

    def _collection(
        self,
        opened: _Open,
        end: Any,
        value: Value,
        items: Sequence[_Node],
        members: Mapping[str, tuple[_Node, _Node]] | None,
    ) -> _Node:
        """Return a collection; one in block style ends where its last child does."""
        event, nodes = opened.event, opened.nodes
        start = event.start_mark.index
        if event.flow_style:
            _refuse_lost_comma(opened)
            stop = end.end_mark.index
        else:
            stop = nodes[-1].end if nodes else start
        if event.tag:
            value = _tagged(event.tag, value)
        made = _Node(value, start, stop, items=items, members=members)
        if self._anchors:
            children = [node for _, node in members.values()] if members else items
            made.height = 1 + max([node.height for node in children], default=0)
            made.size = 1 + sum([node.size for node in children])
        return made

    def _repeat(self, count: int, event: yaml.Event) -> None:
        self._repeated += count
        if self._repeated > MAX_REPEATED:
            start, end = _bounds(event)
            raise _YamlError(
                f"aliases repeat more than {MAX_REPEATED:,} nodes", start, end, SyntaxFault.LIMIT
            )

    def _too_deep(self, event: yaml.Event) -> NoReturn:
        raise _YamlError(_NESTED, *_bounds(event), SyntaxFault.LIMIT)


def _refuse_lost_comma(opened: _Open) -> None:
    """Refuse `{"a": 1 "b": 2}` over two lines, which YAML reads as one plain scalar."""
    for node in opened.nodes:
        if node.style == "plain" and ' "' in (node.text or ""):
            message = "quote inside of a plain scalar: a comma is missing"
            raise _YamlError(message, node.start, node.end)


def _tagged(tag: str | None, value: Value) -> Value:
    """Return a value with its local tag; YAML's own tags add nothing to it."""
    is_local = tag is not None and tag != "!" and not tag.startswith(_CORE)
    return Tagged(tag, value) if tag and is_local else value


def _typed(event: yaml.ScalarEvent) -> Value:
    """Return what a scalar says; quotes, `!!str` and local tags keep it text."""
    text: str = event.value
    is_plain = event.tag is None and not event.style
    if is_plain or event.tag in _TYPES:
        if text in _WORDS:
            return _WORDS[text]
        if number := _NUMBER.fullmatch(text):
            return float(text) if number[1] else int(text)
    return partial(text) if may_be_partial(text) else text


def _refuse_key(key: _Node) -> NoReturn:
    is_list = isinstance(_untagged(key.value), list)
    message = "list as a key" if is_list else "mapping as a key"
    fault = SyntaxFault.UNREADABLE if is_list else SyntaxFault.TEMPLATED
    raise _YamlError(message, key.start, key.end, fault)


def _bounds(event: Any) -> tuple[int, int]:
    """Return start and end of an event; every event of the parser has marks."""
    return event.start_mark.index, event.end_mark.index


def _untagged(value: Value) -> Value:
    return value.value if isinstance(value, Tagged) else value


def _places(root: _Node) -> dict[Pointer, Place]:
    found: dict[Pointer, Place] = {}
    todo: list[tuple[Pointer, _Node, _Node | None]] = [((), root, None)]
    while todo:
        pointer, node, key = todo.pop()
        found[pointer] = Place(_span(node), _span(key) if key else None)
        todo += [((*pointer, i), item, None) for i, item in enumerate(node.items)]
        members = node.members or {}
        todo += [((*pointer, name), item, key) for name, (key, item) in members.items()]
    return found


def _seek(root: _Node, pointer: Pointer) -> tuple[Place, int]:
    """Return the nearest place at or above a pointer, and the number of steps that lead to it."""
    node, key, steps = root, None, 0
    for step in pointer:
        if isinstance(step, str):
            if not node.members or step not in node.members:
                break
            key, node = node.members[step]
        elif 0 <= step < len(node.items):
            key, node = None, node.items[step]
        else:
            break
        steps += 1
    return Place(_span(node), _span(key) if key else None), steps


def _span(node: _Node) -> Span:
    return Span(node.start, node.end)


def _characters(text: str, root: _Node, pointer: Pointer) -> list[int] | None:
    node = root
    for step in pointer:
        node = (node.members or {})[step][1] if isinstance(step, str) else node.items[step]
    if node.style is None or node.text is None:
        return None
    return scalar_characters(text, Span(node.start, node.end), node.style, node.text)


def comments_of_yaml(text: str) -> Iterator[Span]:
    """Yield the comments of a text, up to where it stops being YAML; they are between tokens."""
    end = 0
    try:
        for token in yaml.scan(text, Loader=_LOADER):
            start, behind = _bounds(token)
            for comment in _COMMENT.finditer(text, end, max(start, end)):
                yield Span(comment.start(), comment.end())
            end = max(behind, end)
    except yaml.YAMLError:
        return
    for comment in _COMMENT.finditer(text, end):
        yield Span(comment.start(), comment.end())
