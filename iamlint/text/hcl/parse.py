"""Reads HCL, the language of Terraform and OpenTofu: blocks with expressions, and their places."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeGuard

import tree_sitter
import tree_sitter_hcl

from iamlint.fast_dataclass import dataclass, field
from iamlint.late_pattern import late_pattern
from iamlint.text.hcl.depth import MAX_OPEN, too_deep
from iamlint.text.hcl.directive import directive
from iamlint.text.hcl.expression import Expressions
from iamlint.text.hcl.template import after, heredoc_chunks, quoted_chunks, template_pieces
from iamlint.text.hcl.tree import Attribute, Conditional, HclTemplate, Hole, Mistake, Opaque, Repeat
from iamlint.text.source import Dialect, Place, Source, SyntaxFault, SyntaxFlaw
from iamlint.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from iamlint.text.hcl.tree import Block, Chunk, Expression

_PARSER: Final = tree_sitter.Parser(tree_sitter.Language(tree_sitter_hcl.language()))

MAX_BLOCKS: Final = 40
"""Blocks within blocks that are read; no provider has so many."""

MAX_DIRECTIVES: Final = 10
"""Directives within directives that are read: each level is gone through for itself."""

# `:` is never right after a name in an expression, so this was meant for AWS.
_MISTAKE: Final = late_pattern(r"(?<!\$)\$\{([A-Za-z][\w-]*+:[A-Za-z][^{}\"\n]*+)\}")
_START: Final = late_pattern(
    r'^[A-Za-z_][\w-]*+[ \t]*+((?:(?:"[^"\n]*+"|[\w-]++)[ \t]*+)*+)\{', re.MULTILINE
)
_LABEL: Final = late_pattern(r'"([^"\n]*+)"|([\w-]++)')


def _same(at: int) -> int:
    return at


@dataclass(frozen=True, slots=True)
class Broken:
    """A top-level block that is not HCL: its type and labels, and where it stops being HCL."""

    words: tuple[str, ...]
    flaw: SyntaxFlaw


@dataclass(frozen=True, slots=True)
class Hcl:
    """A file: its top-level blocks in the order of the text, and those that cannot be read.

    `attributes` are those that are in no block, as only Terragrunt has them.
    """

    text: str
    blocks: tuple[Block, ...]
    broken: tuple[Broken, ...]
    attributes: Mapping[str, Attribute] = field(default_factory=dict)


def read_hcl(text: str) -> Hcl:
    """Return a file read; a broken block does not take the others with it."""
    parse = _Parse(text)
    root = parse.root(text)
    if _is_read(root):
        return Hcl(text, tuple(_blocks(root, parse)), (), _attributes(_body(root), parse))
    blocks: list[Block] = []
    broken: list[Broken] = []
    for start, end, words in _pieces(text):
        part = _Parse(text[start:end], after(start, _same))
        root = part.root(part.text)
        if _is_read(root):
            blocks += _blocks(root, part)
        else:
            broken.append(Broken(words, _flaw(root, part)))
    return Hcl(text, tuple(blocks), tuple(broken))


def comments_of_hcl(text: str) -> Iterator[Span]:
    """Yield the comments of a file; a broken block does not take those of others with it."""
    parse = _Parse(text)
    root = parse.root(text)
    if _is_read(root):
        yield from _comments(root, parse)
        return
    for start, end, _ in _pieces(text):
        part = _Parse(text[start:end], after(start, _same))
        if (root := part.root(part.text)) is not None:
            yield from _comments(root, part)


def _comments(root: tree_sitter.Node, parse: _Parse) -> Iterator[Span]:
    todo = [root]
    while todo:
        node = todo.pop()
        if node.type == "comment":
            yield parse.span(node)
        todo += node.children


def read_values(text: str) -> tuple[Source, Mapping[str, Attribute]]:
    """Return a file of nothing but `name = value`, such as `terraform.tfvars`."""
    parse = _Parse(text)
    root = parse.root(text)
    if not _is_read(root):
        flaw = _flaw(root, parse)
        return Source.unreadable(text, Dialect.HCL, flaw.message, flaw.span, flaw.fault), {}
    if blocks := _blocks(root, parse):
        message, span = f"`{blocks[0].type}` is a block", blocks[0].span
        return Source.unreadable(text, Dialect.HCL, message, span), {}
    whole = Place(Span(0, len(text)))
    source = Source(text=text, value=None, dialect=Dialect.HCL, places=lambda: {(): whole})
    return source, _attributes(_body(root), parse)


def read_expression(text: str, place: Callable[[int], int]) -> Expression | None:
    """Return one expression; `place` returns the place of a character in its file."""
    head = "x = "
    parse = _Parse(f"{head}{text}\n", lambda at: place(min(max(at - len(head), 0), len(text))))
    root = parse.root(parse.text)
    if not _is_read(root):
        return None
    found = _attributes(_body(root), parse).get("x")
    return found.expression if found else None


def read_template(text: str, place: Callable[[int], int] = _same, depth: int = 0) -> HclTemplate:
    """Return a template, of a text as `templatefile` and the strings of `.tf.json` have it."""
    parts: list[Chunk | Mistake | Hole] = []
    for start, end, what in template_pieces(text):
        span = Span(place(start), place(end))
        if what == "text":
            parts += heredoc_chunks(text[start:end], after(start, place))
        elif what == "part":
            found = _directive(text, start, end, place, depth)
            parts.append(Hole(found or Opaque(span), span))
        elif _MISTAKE.fullmatch(text, start, end):
            parts.append(Mistake(text[start:end], span))
        else:
            inner = text[start + 2 : end - 1].strip("~")
            shift = start + text[start:end].find(inner)
            found = read_expression(inner, after(shift, place))
            parts.append(Hole(found or Opaque(span), span))
    return HclTemplate(tuple(parts), Span(place(0), place(len(text))))


def _directive(
    text: str, start: int, end: int, place: Callable[[int], int], depth: int
) -> Expression | None:
    """Return a directive and its content, up to some levels."""
    found = directive(text, start, end) if depth < MAX_DIRECTIVES else None
    if found is None:
        return None
    asked = read_expression(text[slice(*found.asked)], after(found.asked[0], place))
    bodies = [
        read_template(text[begin:stop], after(begin, place), depth + 1)
        for begin, stop in found.bodies
    ]
    span = Span(place(start), place(end))
    if asked is None:
        return None
    if found.names:
        return Repeat(found.names, asked, bodies[0], span)
    return Conditional(asked, bodies[0], bodies[-1] if bodies[1:] else HclTemplate((), span), span)


class _Parse:
    """One parse: turns the parser's bytes into characters of the file."""

    def __init__(self, text: str, place: Callable[[int], int] = _same) -> None:
        self.text = text
        self._place = place
        self._ends: list[int] = []  # of characters that take more than one byte
        self._extra: list[int] = [0]

    def root(self, text: str) -> tree_sitter.Node | None:
        """Return the root; None where too much is within each other to be parsed."""
        if too_deep(text) is not None:
            return None
        if not text.isascii():
            self._count_bytes(text)
        return _PARSER.parse(_MISTAKE.sub(_covered, text).encode()).root_node

    def _count_bytes(self, text: str) -> None:
        extra = 0
        for wide in re.finditer(r"[^\x00-\x7f]", text):
            size = len(wide[0].encode("utf-8", "replace")) - 1
            extra += size
            self._ends.append(wide.end() + extra)
            self._extra.append(extra)

    def character(self, byte: int) -> int:
        """Return the index in `text`."""
        return byte - self._extra[bisect_right(self._ends, byte)] if self._ends else byte

    def raw(self, node: tree_sitter.Node) -> str:
        return self.text[self.character(node.start_byte) : self.character(node.end_byte)]

    def template(self, start: int, end: int) -> HclTemplate:
        """Return a stretch of `text` as a template."""
        return read_template(self.text[start:end], after(start, self._place))

    def place(self, index: int) -> int:
        """Return where a character of `text` is in the file."""
        return self._place(index)

    def span(self, node: tree_sitter.Node) -> Span:
        start, end = self.character(node.start_byte), self.character(node.end_byte)
        return Span(self._place(start), self._place(end))

    @cached_property
    def expressions(self) -> Expressions:
        return Expressions(self, _MISTAKE)


def _covered(mistake: re.Match[str]) -> str:
    """Return a valid name of the same number of bytes, so that the parser goes on."""
    return f"${{{'x' * len(mistake[1].encode())}}}"


def _pieces(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Yield the pieces of a file, cut at lines that look like the start of a block."""
    starts = list(_START.finditer(text))
    if not starts or starts[0].start():
        yield 0, starts[0].start() if starts else len(text), ()
    ends = (*(start.start() for start in starts[1:]), len(text))
    for start, end in zip(starts, ends, strict=False):  # without a start there is one end
        words = text[start.start() : start.start(1)].strip() or "…"
        labels = (label[1] or label[2] or "" for label in _LABEL.finditer(start[1]))
        yield start.start(), end, (words, *labels)


def _is_read(root: tree_sitter.Node | None) -> TypeGuard[tree_sitter.Node]:
    return root is not None and not root.has_error


def _flaw(root: tree_sitter.Node | None, parse: _Parse) -> SyntaxFlaw:
    """Return the first error."""
    if root is None:
        at = parse.place(too_deep(parse.text) or 0)
        message = f"more than {MAX_OPEN} of `${{` and `%{{` may be within each other"
        return SyntaxFlaw(SyntaxFault.LIMIT, message, Span(at, at + len("${")))
    node = root
    while not (node.is_error or node.is_missing):
        inner = next((child for child in node.children if child.has_error), None)
        if inner is None:
            break
        node = inner
    span = parse.span(node)
    message = f"expected `{node.type}`" if node.is_missing else "not hcl"
    return SyntaxFlaw(SyntaxFault.UNREADABLE, message, Span(span.start, max(span.end, span.start)))


def _body(root: tree_sitter.Node) -> tree_sitter.Node | None:
    return next((child for child in root.children if child.type == "body"), None)


def _blocks(node: tree_sitter.Node, parse: _Parse, depth: int = 0) -> list[_Block]:
    body = node if node.type == "body" else _body(node)
    children = body.children if body is not None else []
    return [_Block(child, parse, depth) for child in children if child.type == "block"]


def _attributes(body: tree_sitter.Node | None, parse: _Parse) -> dict[str, Attribute]:
    found: dict[str, Attribute] = {}
    for child in body.children if body is not None else []:
        if child.type == "attribute":
            name, *_, value = (part for part in child.children if part.type != "comment")
            key = parse.raw(name)
            found[key] = Attribute(key, parse.span(name), parse.expressions.read(value))
    return found


class _Block:
    """A block, whose inside is read when it is asked for.

    The parser's tree of it is dropped then: it takes a hundred times the memory of the text.
    """

    def __init__(self, node: tree_sitter.Node, parse: _Parse, depth: int = 0) -> None:
        self._node: tree_sitter.Node | None = node
        self._parse = parse
        self._depth = depth
        self.span: Final = parse.span(node)
        self.type, *labels = _words(node, parse)
        self.labels: Final = tuple(labels)

    @property
    def key(self) -> Span:
        return Span(self.span.start, self.span.start + len(self.type))

    @cached_property
    def _inside(self) -> tuple[Mapping[str, Attribute], Sequence[Block]]:
        body = _body(self._node) if self._node is not None else None
        self._node = None
        deeper = self._depth + 1
        blocks = () if body is None or deeper > MAX_BLOCKS else _blocks(body, self._parse, deeper)
        return _attributes(body, self._parse), blocks

    @property
    def attributes(self) -> Mapping[str, Attribute]:
        return self._inside[0]

    @property
    def blocks(self) -> Sequence[Block]:
        return self._inside[1]


def _words(node: tree_sitter.Node, parse: _Parse) -> Iterator[str]:
    """Yield the type of a block and its labels."""
    for child in node.children:
        if child.type == "identifier":
            yield parse.raw(child)
        elif child.type == "string_lit":
            quoted = quoted_chunks(parse.raw(child)[1:-1], _same)
            yield "".join(chunk.text for chunk in quoted)
        elif child.type == "block_start":
            break
