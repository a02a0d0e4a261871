"""A module: the files of one folder, and what their names stand for."""

from __future__ import annotations

import os
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

from iamlint.load.files import MAX_WALKED, is_inside
from iamlint.load.terraform.body import Inside
from iamlint.load.terraform.decode import Decoded, decoded
from iamlint.load.terraform.evaluate import Evaluator
from iamlint.load.terraform.node import Hidden, Json, Node, Object, Spot, String, Text
from iamlint.load.terraform.policy_document import TYPE, policy_document
from iamlint.load.terraform.references import attribute
from iamlint.text.hcl import read_hcl, read_template
from iamlint.text.hcl_tree import Chunk
from iamlint.text.source import Dialect, Place, Source
from iamlint.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from iamlint.text.hcl import Hcl
    from iamlint.text.hcl_tree import Block, Expression
    from iamlint.text.span import Pointer

MARKS: Final = ("olic", "OLIC", "Statement")
"""A file without any of these words holds no policy, at most values that others use."""

_STEPS: Final = 200_000
_STEPS_A_CHARACTER: Final = 2


@dataclass(eq=False)
class Part:
    """One file of a module; it is taken apart when something in it is wanted."""

    path: str
    text: Text
    read: Callable[[str], Hcl] = read_hcl

    @cached_property
    def is_marked(self) -> bool:
        return any(mark in self.text.source.text for mark in MARKS)

    @cached_property
    def hcl(self) -> Hcl:
        return self.read(self.text.source.text)

    @cached_property
    def locals(self) -> Mapping[str, Expression]:
        return {
            name: given.expression
            for block in self.hcl.blocks
            if block.type == "locals"
            for name, given in block.attributes.items()
        }

    @cached_property
    def named(self) -> Mapping[tuple[str, ...], Block]:
        """Blocks by type and labels."""
        return {(block.type, *block.labels): block for block in self.hcl.blocks}

    def pointer(self, span: Span) -> Pointer:
        """Return the way to what stands there: the block, then an attribute of it."""
        number = bisect_right(self._starts, span.start) - 1
        block = self.hcl.blocks[number] if number >= 0 else None
        if block is None or span.end > block.span.end:
            return ()
        return (block.type, *block.labels, *_within(block, span))

    @cached_property
    def _starts(self) -> Sequence[int]:
        return [block.span.start for block in self.hcl.blocks]


def _within(block: Block, span: Span) -> Pointer:
    if span == block.span:
        return ()
    for given in block.attributes.values():
        at = given.expression.span
        if given.key.start <= span.start and span.end <= at.end:
            return (given.name,)
    for inner in block.blocks:
        if inner.span.start <= span.start and span.end <= inner.span.end:
            return (inner.type, *_within(inner, span))
    return ()


@dataclass(eq=False)
class Module:
    """The parts of a module, and every value of theirs worked out at most once a reading.

    `home` is the repository, which nothing that is read lies outside of.
    """

    place: str
    home: str
    parts: Sequence[Part]
    folder: str = ""  # as reports name it
    left: int = _STEPS
    is_spent: bool = False
    attached: tuple[tuple[str, str], ...] | None = None  # who holds which managed policy
    merged: set[Node] = field(default_factory=set)  # documents that others took in
    _values: dict[tuple[str, str, bool], Node | None] = field(default_factory=dict)
    _decoded: dict[Node, Decoded | None] = field(default_factory=dict)
    _texts: dict[str, Text | str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """More text takes more steps to work out."""
        self.left += _STEPS_A_CHARACTER * sum(len(part.text.source.text) for part in self.parts)

    def spend(self, count: int, /) -> bool:
        """Tell whether so many more steps may be taken; what is refused costs nothing."""
        if count > self.left:
            self.is_spent = True
            return False
        self.left -= count
        return True

    def evaluator(self, part: Part, *, holds: bool) -> Evaluator:
        return Evaluator(self, part.text, holds)

    @cached_property
    def marked(self) -> Sequence[Part]:
        return [part for part in self.parts if part.is_marked]

    def searched(self) -> Iterator[Part]:
        """Yield the parts; those that hold no policy come last, for taking them apart costs."""
        yield from self.marked
        yield from (part for part in self.parts if not part.is_marked)

    def find(self, *words: str) -> tuple[Part, Block] | None:
        """Return a block by its type and labels."""
        for part in self.searched():
            if block := part.named.get(words):
                return part, block
        return None

    def local(self, name: str, of: Evaluator, /) -> Node | None:
        def work_out() -> Node | None:
            for part in self.searched():
                if found := part.locals.get(name):
                    return Evaluator(self, part.text, of.holds, depth=of.depth).value(found)
            return None

        return self._once("local", name, of.holds, work_out)

    def document(self, name: str, of: Evaluator, /) -> Node | None:
        def work_out() -> Node | None:
            found = self.find("data", TYPE, name)
            if found is None:
                return None
            part, block = found
            inside = Evaluator(self, part.text, of.holds, depth=of.depth)
            return policy_document(Inside(block, inside))

        return self._once("document", name, of.holds, work_out)

    def _once(
        self,
        what: str,
        name: str,
        holds: bool,  # noqa: FBT001 - a reading
        work_out: Callable[[], Node | None],
    ) -> Node | None:
        """Work a value out; one that leads back to itself is not known."""
        key = what, name, holds
        if key not in self._values:
            self._values[key] = None
            self._values[key] = work_out()
        return self._values[key]

    def attribute(self, steps: Sequence[str], of: Evaluator, spot: Spot, /) -> Node | None:
        """Return an attribute of a resource; what AWS decides is not known."""
        return self._once(
            "attribute", ".".join(steps), of.holds, lambda: attribute(self, steps, of, spot)
        )

    def decoded(self, node: Node, /) -> Node | None:
        """Return what the JSON in a string says."""
        if isinstance(node, Json):
            return node.node
        found = self.json(node) if isinstance(node, String) else None
        return found.node if found else None

    def json(self, string: String) -> Decoded | None:
        if string not in self._decoded:
            within = self.spend(string.length)
            self._decoded[string] = decoded(string) if within else None
        return self._decoded[string]

    def file(self, path: str, spot: Spot, /) -> Node | None:
        text = self._text(path)
        if isinstance(text, str):
            return Hidden(f"${{file({path})}}", spot, text)
        whole = text.source.text
        if not self.spend(len(whole)):
            return None
        span = Span(0, len(whole))
        return String((Chunk(whole, range(len(whole) + 1)),), Spot(text, span))

    def template(self, path: str, names: Node, spot: Spot, of: Evaluator, /) -> Node | None:
        text = self._text(path)
        if isinstance(text, str):
            return Hidden(f"${{templatefile({path})}}", spot, text)
        if not self.spend(len(text.source.text)):
            return None
        members = names.members if isinstance(names, Object) else {}
        known = {name: member.node for name, member in members.items()}
        inside = Evaluator(self, text, of.holds, known, of.depth)
        found = inside.value(read_template(text.source.text))
        whole = Spot(text, Span(0, len(text.source.text)))
        return String(found.pieces, whole) if isinstance(found, String) else found

    def _text(self, path: str) -> Text | str:
        """Read a file of the repository, or say why not."""
        if path not in self._texts:
            self._texts[path] = self._read(path)
        return self._texts[path]

    def _read(self, path: str) -> Text | str:
        if os.path.isabs(path) or path.startswith("~") or "\0" in path:
            return f"`{path}` is not read: only files of the repository are"
        place = os.path.realpath(os.path.join(self.place, path))
        if not is_inside(place, self.home):
            return f"`{path}` is not read: it lies outside of the repository"
        try:
            if not os.path.isfile(place):
                return f"`{path}` does not exist"
            with open(place, "rb") as opened:
                data = opened.read(MAX_WALKED + 1)
        except (OSError, ValueError):
            return f"`{path}` cannot be read"
        if len(data) > MAX_WALKED:
            return f"`{path}` is larger than {MAX_WALKED:,} bytes"
        shown = os.path.normpath(os.path.join(self.folder, path)).replace(os.sep, "/")
        text = text_of(shown, data)
        self.left += _STEPS_A_CHARACTER * len(data)
        return text or f"`{path}` is not text"


def text_of(path: str, data: bytes) -> Text | None:
    """Return a text without a value of its own; None if it is none."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if "\0" in text:
        return None
    whole = Place(Span(0, len(text)))
    source = Source(text=text, value=None, dialect=Dialect.HCL, places=lambda: {(): whole})
    return Text(path, source)
