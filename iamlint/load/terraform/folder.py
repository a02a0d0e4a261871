"""The files of a module's folder, and the others of the repository that they name."""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

from iamlint.load.files import MAX_WALKED, is_inside, shown
from iamlint.load.terraform import ENDS
from iamlint.load.terraform.json_syntax import read_json_form
from iamlint.load.terraform.node import Text
from iamlint.text.hcl import read_hcl
from iamlint.text.hcl_tree import Call, Chunk, Conditional, Items, Members, Template
from iamlint.text.source import Dialect, Place, Source
from iamlint.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from iamlint.text.hcl import Hcl
    from iamlint.text.hcl_tree import Attribute, Block, Expression
    from iamlint.text.span import Pointer

MARKS: Final = ("olic", "OLIC", "Statement", '"aws_iam_', '"aws_api_gateway_rest_api"')
"""A file without any of these holds no policy and nobody, at most values that others use."""

_ENDING: Final = re.compile(r"\.tf(?=(?:\.json)?$)")
_LOCAL: Final = re.compile(r'\bsource"?\s*+[=:]\s*+"(\.\.?(?:/[^"\n]*+)?)"')


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
    def sources(self) -> Sequence[str]:
        """The folders that it seems to call as modules."""
        return local_sources(self.text.source.text)

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
        """Return the way to what stands there: the block, an attribute, and into its value."""
        number = bisect_right(self._starts, span.start) - 1
        block = self.hcl.blocks[number] if number >= 0 else None
        if block is None or span.end > block.span.end:
            return _among(self.hcl.attributes, span) or ()
        return (block.type, *block.labels, *_within(block, span))

    @cached_property
    def _starts(self) -> Sequence[int]:
        return [block.span.start for block in self.hcl.blocks]


def _within(block: Block, span: Span) -> Pointer:
    if span == block.span:
        return ()
    if at := _among(block.attributes, span):
        return at
    for inner in block.blocks:
        if _holds(inner.span, span):
            alike = [other for other in block.blocks if other.type == inner.type]
            number = (alike.index(inner),) if len(alike) > 1 else ()
            return (inner.type, *number, *_within(inner, span))
    return ()


def _among(attributes: Mapping[str, Attribute], span: Span) -> Pointer | None:
    for name, given in attributes.items():
        if given.key.start <= span.start and span.end <= given.expression.span.end:
            return (name, *_into(given.expression, span))
    return None


def _into(expression: Expression, span: Span) -> Iterator[str | int]:
    """Yield the way from a value to what stands in it, past functions and conditions."""
    while expression.span != span:
        inner = next((part for part in _parts(expression) if _holds(part[1].span, span)), None)
        if inner is None:
            return
        step, expression = inner
        if step is not None:
            yield step


def _parts(expression: Expression) -> Iterator[tuple[str | int | None, Expression]]:
    match expression:
        case Members(members):
            yield from ((_name(key), value) for key, value in members)
        case Items(items):
            yield from enumerate(items)
        case Call(arguments=several):
            yield from ((None, argument) for argument in several)
        case Conditional(_, then, otherwise):
            yield from ((None, then), (None, otherwise))


def _name(key: Expression) -> str:
    parts = key.parts if isinstance(key, Template) else ()
    return "".join(part.text if isinstance(part, Chunk) else "…" for part in parts) or "…"


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


@dataclass(eq=False)
class Folder:
    """The parts of a module; `name` is what reports call the folder.

    `home` is the repository, which nothing that is read lies outside of.
    """

    place: str
    home: str
    parts: Sequence[Part]
    name: str = ""
    _texts: dict[str, Text | str] = field(default_factory=dict)

    @cached_property
    def size(self) -> int:
        return sum(len(part.text.source.text) for part in self.parts)

    @cached_property
    def marked(self) -> Sequence[Part]:
        return [part for part in self.parts if part.is_marked]

    @cached_property
    def searched(self) -> Sequence[Part]:
        """The parts; those that hold no policy come last, for taking them apart costs."""
        return [*self.marked, *(part for part in self.parts if not part.is_marked)]

    def find(self, *words: str) -> tuple[Part, Block] | None:
        """Return a block by its type and labels."""
        for part in self.searched:
            if block := part.named.get(words):
                return part, block
        return None

    def calls(self) -> Iterator[str]:
        """Yield the names of the modules that it calls in the repository."""
        for part in self.parts:
            for block in part.hcl.blocks if part.sources else ():
                if block.type == "module" and len(block.labels) == 1:
                    yield block.labels[0]

    def has(self, text: Text) -> bool:
        return any(part.text is text for part in self.parts)

    def beside(self, path: str) -> str:
        """Return the place of what a path in its files names, links followed."""
        return os.path.realpath(os.path.join(self.place, path))

    def text(self, path: str) -> Text | str:
        """Read a file of the repository, or say why not."""
        if path not in self._texts:
            self._texts[path] = self._read(path)
        return self._texts[path]

    def _read(self, path: str) -> Text | str:
        if os.path.isabs(path) or path.startswith("~") or "\0" in path:
            return f"`{path}` is not read: only files of the repository are"
        place = self.beside(path)
        if not is_inside(place, self.home):
            return f"`{path}` is not read: it lies outside of the repository"
        try:
            if not os.path.isfile(place):
                return f"`{path}` does not exist"
            data = _start_of(place)
        except (OSError, ValueError):
            return f"`{path}` cannot be read"
        if len(data) > MAX_WALKED:
            return f"`{path}` is larger than {MAX_WALKED:,} bytes"
        named = os.path.normpath(os.path.join(self.name, path)).replace(os.sep, "/")
        return text_of(named, data) or f"`{path}` is not text"


def folder_at(place: str, home: str) -> Folder | None:
    """Read a folder that nobody asked for; None if there is no module in it."""
    name = shown(place)
    texts = texts_in(place, "" if name == "." else name) if is_inside(place, home) else {}
    return Folder(place, home, parts_of(texts), name) if texts else None


def texts_in(place: str, name: str) -> dict[str, Text]:
    """Read the files of a folder; links may lead out of the repository and are left."""
    found: dict[str, Text] = {}
    try:
        with os.scandir(place) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except (OSError, ValueError):
        return found
    for entry in entries:
        if entry.name.lower().endswith(ENDS) and entry.is_file(follow_symlinks=False):
            try:
                data = _start_of(entry.path)
            except OSError:
                continue
            text = text_of(f"{name}/{entry.name}" if name else entry.name, data)
            if text is not None and len(data) <= MAX_WALKED:
                found[entry.name] = text
    return found


def _start_of(place: str) -> bytes:
    with open(place, "rb") as opened:
        return opened.read(MAX_WALKED + 1)


def parts_of(texts: Mapping[str, Text]) -> list[Part]:
    """Return the files that count."""
    return [
        Part(text.path, text, read_json_form if name.lower().endswith(".json") else read_hcl)
        for name, text in sorted(texts.items())
        if taker(name) not in texts
    ]


def taker(name: str) -> str | None:
    """Return the file that takes the place of another if it is there: `x.tofu` of `x.tf`.

    https://opentofu.org/docs/language/files/
    """
    return _ENDING.sub(".tofu", name) if _ENDING.search(name) else None


def local_sources(text: str) -> list[str]:
    """Return the folders of the repository that a file seems to call as modules."""
    return _LOCAL.findall(text) if '"./' in text or '"../' in text else []


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
