"""Turns the parser's nodes into expressions. Takes nodes as they are and imports no parser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from iamlint.text.hcl.template import after, heredoc_chunks, quoted_chunks
from iamlint.text.hcl.tree import (
    ATTRIBUTES,
    SPLAT,
    Access,
    Conditional,
    For,
    FunctionCall,
    HclTemplate,
    Hole,
    Items,
    Literal,
    Members,
    Mistake,
    Name,
    Opaque,
    Operation,
)
from iamlint.text.span import Span

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Sequence

    from iamlint.text.hcl.tree import Chunk, Expression, Splat


class TreeNode(Protocol):
    """A node of the parser's tree."""

    @property
    def type(self) -> str: ...
    @property
    def children(self) -> Sequence[TreeNode]: ...
    @property
    def start_byte(self) -> int: ...
    @property
    def end_byte(self) -> int: ...
    def walk(self) -> Cursor: ...


class Cursor(Protocol):
    """What walks through the tree from a node, which `node` makes anew."""

    @property
    def node(self) -> TreeNode | None: ...


class Parse(Protocol):
    """The text that was parsed, and how its nodes are in the file."""

    text: str

    def character(self, byte: int, /) -> int: ...
    def place(self, index: int, /) -> int: ...
    def template(self, start: int, end: int, /) -> HclTemplate: ...


MAX_NESTED: Final = 100
"""Levels of an expression that are read; Python's own stack ends not far beyond."""

_WORDS: Final = {"true": True, "false": False, "null": None}
_LONGEST_NUMBER: Final = 30
_PAIR: Final = 2


class Expressions:
    """Reads expressions of one parse; one that is nested too deep is opaque."""

    def __init__(self, parse: Parse, mistake: re.Pattern[str]) -> None:
        self.parse = parse
        self.mistake = mistake
        self._depth = 0

    def read(self, node: TreeNode) -> Expression:
        if self._depth >= MAX_NESTED:
            return Opaque(self._span(node))
        self._depth += 1
        try:
            # A node keeps the children that it was asked for: of one made anew they go with it.
            return self._read(node.walk().node or node)
        finally:
            self._depth -= 1

    def _read(self, node: TreeNode) -> Expression:
        """Return an expression; wrappers with a single child are passed in a loop."""
        while True:
            reader = _READERS.get(node.type)
            if reader is not None:
                return reader(self, node)
            parts = _parts(node)
            if len(parts) == 1:
                node = parts[0]
            elif parts and all(part.type in _ACCESSES for part in parts[1:]):
                return self._access(parts)
            else:
                return self._with_steps(node, parts)

    def _with_steps(self, node: TreeNode, parts: list[TreeNode]) -> Expression:
        """Return `(a).b` or `(a)`, whose parentheses do not count."""
        parts = [part for part in parts if part.type not in ("(", ")")]
        if len(parts) == 1:
            return self.read(parts[0])
        if parts and all(part.type in _ACCESSES for part in parts[1:]):
            return self._access(parts)
        return Opaque(self._span(node))

    def _access(self, parts: list[TreeNode]) -> Expression:
        """Return a reference without the other parts of its node, as in `a.b && c.d`."""
        steps: list[str | Splat | Expression] = []
        for part in parts[1:]:
            self._steps(part, steps)
        span = Span(self._span(parts[0]).start, self._span(parts[-1]).end)
        return Access(self.read(parts[0]), tuple(steps), span)

    def _steps(self, node: TreeNode, steps: list[str | Splat | Expression]) -> None:
        children = _parts(node)
        if node.type == "get_attr":
            steps.append(self._raw(children[-1]))
        elif node.type == "splat":
            kind = _parts(node)[0].type
            steps.append(ATTRIBUTES if kind == "attr_splat" else SPLAT)
            for child in _parts(children[0]):
                if child.type in _ACCESSES:
                    self._steps(child, steps)
        else:
            inside = _parts(children[0]) if children else []
            index = next((part for part in inside if part.type not in ("[", "]", ".")), None)
            steps.append(Opaque(self._span(node)) if index is None else self.read(index))

    def _name(self, node: TreeNode) -> Expression:
        return Name(self._raw(node), self._span(node))

    def _number(self, node: TreeNode) -> Expression:
        text, span = self._raw(node), self._span(node)
        try:
            plain = text.isdecimal() and len(text) <= _LONGEST_NUMBER
            return Literal(int(text) if plain else float(text), span)
        except ValueError:
            return Opaque(span)

    def _word(self, node: TreeNode) -> Expression:
        return Literal(_WORDS.get(self._raw(node)), self._span(node))

    def _items(self, node: TreeNode) -> Expression:
        items = (part for part in _parts(node) if part.type == "expression")
        return Items(tuple(self.read(part) for part in items), self._span(node))

    def _members(self, node: TreeNode) -> Expression:
        members = []
        for part in _parts(node):
            if part.type == "object_elem":
                key, *_, value = _parts(part)
                members.append((self._key(key), self.read(value)))
        return Members(tuple(members), self._span(node))

    def _key(self, node: TreeNode) -> Expression:
        """Return a key; a bare word means itself."""
        key = self.read(node)
        if isinstance(key, Name) and not self._raw(node).startswith("("):
            start = self.parse.character(node.start_byte)
            chunks = quoted_chunks(key.name, self._shifted(start))
            return HclTemplate(tuple(chunks), key.span)
        return key

    def _call(self, node: TreeNode) -> Expression:
        name, *rest = _parts(node)
        inside = next((_parts(part) for part in rest if part.type == "function_arguments"), [])
        arguments = tuple(self.read(part) for part in inside if part.type == "expression")
        spread = any(part.type == "ellipsis" for part in inside)
        return FunctionCall(self._raw(name), arguments, self._span(node), spread)

    def _conditional(self, node: TreeNode) -> Expression:
        """Return `a ? b : c ? d : e`, which the parser nests to the left, as `a ? b : (c ? d : e)`.

        https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#conditional-operator
        """
        chosen = []
        condition, *rest = _of_conditional(node)
        while inner := _bare_conditional(condition):
            chosen.append(rest)
            condition, *rest = _of_conditional(inner)
            if len(chosen) >= MAX_NESTED:
                return Opaque(self._span(node))
        parts = [condition, *rest, *(part for pair in reversed(chosen) for part in pair)]
        *links, last = [self.read(part) for part in parts]
        end = self._span(node).end
        for asked, then in zip(links[-2::-2], links[::-2], strict=True):
            last = Conditional(asked, then, last, Span(asked.span.start, end))
        return last

    def _operation(self, node: TreeNode) -> Expression:
        """Return an operation; a chain of them is nested to the left."""
        parts = _parts(node)
        span = self._span(node)
        if node.type == "unary_operation":
            sign, *inner = parts
            return Operation(self._raw(sign), (self._with_steps(node, inner),), span)
        at = next((i for i, p in enumerate(parts) if i and p.type in _BINARY), None)
        if at is None:
            return Opaque(span)
        operands = tuple(self._with_steps(node, side) for side in (parts[:at], parts[at + 1 :]))
        return Operation(parts[at].type, operands, span)

    def _for(self, node: TreeNode) -> Expression:
        parts = _parts(node)
        span = self._span(node)
        intro = next((_parts(part) for part in parts if part.type == "for_intro"), [])
        names = tuple(self._raw(part) for part in intro if part.type == "identifier")
        source = next((part for part in intro if part.type == "expression"), None)
        results = [self.read(part) for part in parts if part.type == "expression"]
        keep = next((_parts(part) for part in parts if part.type == "for_cond"), None)
        if source is None or not names or not results:
            return Opaque(span)
        is_object = node.type == "for_object_expr" and len(results) == _PAIR
        return For(
            names,
            self.read(source),
            results[0] if is_object else None,
            results[-1],
            self.read(keep[-1]) if keep else None,
            any(part.type == "ellipsis" for part in parts),
            span,
        )

    def _quoted(self, node: TreeNode) -> Expression:
        start = self.parse.character(node.start_byte) + 1
        end = self.parse.character(node.end_byte) - 1
        parts = self._parts_of(node, start, end, self._quoted_text)
        return HclTemplate(parts, self._span(node))

    def _quoted_text(self, start: int, end: int) -> list[Chunk]:
        return quoted_chunks(self.parse.text[start:end], self._shifted(start))

    def _heredoc(self, node: TreeNode) -> Expression:
        """Return a heredoc: the lines after its first, up to the one with the closing word."""
        text = self.parse.text
        first = self.parse.character(node.start_byte)
        start = text.find("\n", first) + 1
        end = text.rfind("\n", first, self.parse.character(node.end_byte)) + 1
        indent = _indent(text[start:end]) if text.startswith("<<-", first) else 0

        def chunks(begin: int, stop: int) -> list[Chunk]:
            fresh = begin == start
            return heredoc_chunks(text[begin:stop], self._shifted(begin), indent, fresh=fresh)

        return HclTemplate(self._parts_of(node, start, end, chunks), self._span(node))

    def _parts_of(
        self, node: TreeNode, start: int, end: int, chunks: Callable[[int, int], list[Chunk]]
    ) -> tuple[Chunk | Mistake | Hole, ...]:
        """Return the text between the interpolations, and these."""
        found: list[Chunk | Mistake | Hole] = []
        done = start
        for child in node.children:
            if child.type in ("template_interpolation", "template_directive"):
                begin = self.parse.character(child.start_byte)
                found += chunks(done, begin)
                done = self.parse.character(child.end_byte)
                if child.type == "template_directive" and node.type == "heredoc_template":
                    found += self.parse.template(begin, done).parts
                else:  # a directive in quotes is rare, and has its quotes escaped
                    found.append(self._interpolation(child))
        found += chunks(done, max(end, done))
        return tuple(found)

    def _interpolation(self, node: TreeNode) -> Mistake | Hole:
        span = self._span(node)
        raw = self._raw(node)
        if self.mistake.fullmatch(raw):
            return Mistake(raw, span)
        inner = next((part for part in node.children if part.type == "expression"), None)
        return Hole(Opaque(span) if inner is None else self.read(inner), span)

    def _shifted(self, start: int) -> Callable[[int], int]:
        return after(start, self.parse.place)

    def _raw(self, node: TreeNode) -> str:
        start, end = self.parse.character(node.start_byte), self.parse.character(node.end_byte)
        return self.parse.text[start:end]

    def _span(self, node: TreeNode) -> Span:
        start, end = self.parse.character(node.start_byte), self.parse.character(node.end_byte)
        return Span(self.parse.place(start), self.parse.place(end))


def _parts(node: TreeNode) -> list[TreeNode]:
    return [child for child in node.children if child.type not in _NOISE]


def _of_conditional(node: TreeNode) -> list[TreeNode]:
    """Return condition and branches."""
    return [part for part in _parts(node) if part.type not in ("?", ":")]


def _bare_conditional(node: TreeNode) -> TreeNode | None:
    """Return the conditional that an expression is without parentheses."""
    match _parts(node) if node.type == "expression" else ():
        case [inner] if inner.type == "conditional":
            return inner
    return None


def _indent(text: str) -> int:
    """Return the smallest indentation of lines that are not blank."""
    indents = (len(line) - len(line.lstrip(" \t")) for line in text.split("\n") if line.strip())
    return min(indents, default=0)


_NOISE: Final = frozenset(
    {"comment", "tuple_start", "tuple_end", "object_start", "object_end", ","}
)
_ACCESSES: Final = frozenset({"get_attr", "index", "splat"})
_BINARY: Final = frozenset(("==", "!=", "<", ">", "<=", ">=", "&&", "||", "+", "-", "*", "/", "%"))
_READERS: Final[dict[str, Callable[[Expressions, TreeNode], Expression]]] = {
    "identifier": Expressions._name,  # noqa: SLF001 - a table of its own methods
    "numeric_lit": Expressions._number,  # noqa: SLF001
    "bool_lit": Expressions._word,  # noqa: SLF001
    "null_lit": Expressions._word,  # noqa: SLF001
    "string_lit": Expressions._quoted,  # noqa: SLF001
    "quoted_template": Expressions._quoted,  # noqa: SLF001
    "heredoc_template": Expressions._heredoc,  # noqa: SLF001
    "tuple": Expressions._items,  # noqa: SLF001
    "object": Expressions._members,  # noqa: SLF001
    "function_call": Expressions._call,  # noqa: SLF001
    "conditional": Expressions._conditional,  # noqa: SLF001
    "unary_operation": Expressions._operation,  # noqa: SLF001
    "binary_operation": Expressions._operation,  # noqa: SLF001
    "for_tuple_expr": Expressions._for,  # noqa: SLF001
    "for_object_expr": Expressions._for,  # noqa: SLF001
}
