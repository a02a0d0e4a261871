"""The files of a module's folder, and the others of the repository that they name."""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections import Counter
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.fast_dataclass import dataclass
from iamlint.load.find.files import MAX_WALKED
from iamlint.load.find.tree import FileTree, is_inside
from iamlint.load.terraform.filenames import ENDS, local_sources
from iamlint.load.terraform.json_syntax import read_json_form
from iamlint.load.terraform.labels import labelled
from iamlint.load.terraform.node import Text
from iamlint.load.terraform.override import changed, header_of, is_override
from iamlint.text.hcl.parse import Hcl, read_hcl
from iamlint.text.hcl.tree import (
    Access,
    Chunk,
    Conditional,
    For,
    FunctionCall,
    HclTemplate,
    Items,
    Literal,
    Members,
    Name,
    Opaque,
    Operation,
    Override,
    Repeat,
)
from iamlint.text.source import Dialect, Place, Source
from iamlint.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from iamlint.text.hcl.tree import Attribute, Block, Expression
    from iamlint.text.span import Pointer

    _Within: TypeAlias = Hcl | Block | Expression

MARKS: Final = (
    *("olic", "OLIC", "Statement", "_statements", '"aws_iam_', '"aws_api_gateway_rest_api"'),
    *('"awscc_iam_', '"aws_ssoadmin_', '_permission"', '"aws_lambda_function_url"'),
    *('"aws_cloudformation_stack', '"aws_cloudcontrolapi_resource"'),
    # Statements that a module is given.
    *(" actions", "\tactions", '"actions"', " not_actions", "{actions", " Action", "\tAction"),
    *('"Action', "{Action", " principal", "\tprincipal", '"principal', "{principal"),
    *("allowed_triggers",),
    *(r"\u00", r"\U0000"),
)
"""A file without any of these holds no policy and nobody, at most values that others use.

The last two begin a letter that is escaped.
"""

_ENDING: Final = re.compile(r"\.tf(?=(?:\.json)?$)")
_WORD: Final = re.compile(r"[\w-]+")


@dataclass(eq=False)
class ModuleFile:
    """One file of a module; it is taken apart when something in it is wanted.

    `overrides` change its blocks; one that is an override itself changes those `overridden`.
    `said` are the places that were searched for signs of a policy.
    """

    path: str
    text: Text
    read: Callable[[str], Hcl] = read_hcl
    overrides: Sequence[ModuleFile] = ()
    overridden: Sequence[ModuleFile] = ()
    said: dict[Span, bool] = field(default_factory=dict)
    _cuts: dict[int, tuple[Sequence[int], Sequence[_Slice]]] = field(default_factory=dict)

    @cached_property
    def is_marked(self) -> bool:
        texts = [self.text, *(part.text for part in self.overrides)]
        return any(mark in text.source.text for text in texts for mark in MARKS)

    @cached_property
    def sources(self) -> Sequence[str]:
        """The folders that it seems to call as modules."""
        return local_sources(self.text.source.text)

    @cached_property
    def hcl(self) -> Hcl:
        return labelled(self.read(self.text.source.text))

    @cached_property
    def blocks(self) -> Sequence[Block]:
        """Its blocks as others change them; of an override, those that change none."""
        if self.overridden:
            known = {header for part in self.overridden for header in part.by_header}
            return [block for block in self.hcl.blocks if header_of(block) not in known]
        return [self._overridden(block) for block in self.hcl.blocks]

    @cached_property
    def by_header(self) -> Mapping[tuple[str, ...], Sequence[Block]]:
        found: dict[tuple[str, ...], list[Block]] = {}
        for block in self.hcl.blocks:
            found.setdefault(header_of(block), []).append(block)
        return found

    def _overridden(self, block: Block) -> Block:
        for part in self.overrides:
            for by in part.by_header.get(header_of(block), ()):
                block = changed(block, by, part.text)
        return block

    def may_hold(self, *names: str) -> bool:
        """Return whether all of these names may be in the file, before it is taken apart."""
        return (
            self.is_marked
            or self._words is None
            or all(name in self._words or not _WORD.fullmatch(name) for name in names)
        )

    @cached_property
    def _words(self) -> AbstractSet[str] | None:
        """All names in the file; None where some may be written with escapes."""
        text = self.text.source.text
        return None if "\\u" in text or "\\U" in text else frozenset(_WORD.findall(text))

    @cached_property
    def locals(self) -> Mapping[str, Expression]:
        return {
            name: given.expression
            for block in self.blocks
            if block.type == "locals"
            for name, given in block.attributes.items()
        }

    @cached_property
    def named(self) -> Mapping[tuple[str, ...], Block]:
        """Blocks by type and labels."""
        return {(block.type, *block.labels): block for block in self.blocks}

    def pointer(self, span: Span) -> Pointer:
        """Return the way to what is there: the block, an attribute, and into its value."""
        way: list[str | int] = []
        inside: _Within = self.hcl
        while True:
            starts, parts = self._cut(inside)
            number = bisect_right(starts, span.start) - 1
            if number < 0 or parts[number].end < span.end:
                return tuple(way)
            steps, inside = parts[number].steps, parts[number].within
            way += steps
            if inside.span == span:
                return tuple(way)

    def _cut(self, of: _Within) -> tuple[Sequence[int], Sequence[_Slice]]:
        """Return what something consists of, in order, with where each begins."""
        if id(of) not in self._cuts:
            parts = sorted(_slices(of), key=lambda part: part.start)
            self._cuts[id(of)] = [part.start for part in parts], parts
        return self._cuts[id(of)]


@dataclass(frozen=True, slots=True)
class _Slice:
    """A part of a file, a block or a value; `steps` lead to it."""

    start: int
    end: int
    steps: Pointer
    within: Block | Expression


def _slices(of: _Within) -> list[_Slice]:
    match of:
        case Members(members):
            return [_slice((_name(key),), value) for key, value in members]
        case Items(items):
            return [_slice((number,), item) for number, item in enumerate(items)]
        case FunctionCall(arguments=several):
            return [_slice((), argument) for argument in several]
        case Conditional(_, then, otherwise):
            return [_slice((), then), _slice((), otherwise)]
        case Hcl():
            blocks = [_slice((block.type, *block.labels), block) for block in of.blocks]
            return [*blocks, *_given(of.attributes)]
        case Literal() | HclTemplate() | Name() | Access() | For() | Operation() | Repeat():
            return []
        case Override() | Opaque():
            return []
    return _slices_of_block(of)


def _slices_of_block(block: Block) -> list[_Slice]:
    """Return attributes and blocks; in the JSON form, which has no blocks, these are attributes."""
    given = sorted(_given(block.attributes), key=lambda part: part.start)
    starts = [part.start for part in given]
    count = Counter(inner.type for inner in block.blocks)
    number: Counter[str] = Counter()
    found = list(given)
    for inner in block.blocks:
        before = bisect_right(starts, inner.span.start) - 1
        if before < 0 or given[before].end < inner.span.end:
            several = (number[inner.type],) if count[inner.type] > 1 else ()
            found.append(_slice((inner.type, *several), inner))
        number[inner.type] += 1
    return found


def _given(attributes: Mapping[str, Attribute]) -> list[_Slice]:
    return [
        _Slice(given.key.start, given.expression.span.end, (name,), given.expression)
        for name, given in attributes.items()
    ]


def _slice(steps: Pointer, within: Block | Expression) -> _Slice:
    return _Slice(within.span.start, within.span.end, steps, within)


def _name(key: Expression) -> str:
    parts = key.parts if isinstance(key, HclTemplate) else ()
    return "".join(part.text if isinstance(part, Chunk) else "…" for part in parts) or "…"


@dataclass(eq=False)
class Folder:
    """The parts of a module; `name` is what reports call the folder."""

    place: str
    tree: FileTree
    parts: Sequence[ModuleFile]
    name: str = ""
    _texts: dict[str, Text | str] = field(default_factory=dict)
    _places: dict[str, str] = field(default_factory=dict)
    _blocks: dict[tuple[str, ...], tuple[ModuleFile, Block] | None] = field(default_factory=dict)

    @cached_property
    def home(self) -> str:
        """The repository, which nothing that is read is outside of."""
        return self.tree.repository(self.place)

    @cached_property
    def size(self) -> int:
        return sum(len(part.text.source.text) for part in self.parts)

    @cached_property
    def marked(self) -> Sequence[ModuleFile]:
        return [part for part in self.parts if part.is_marked]

    @cached_property
    def searched(self) -> Sequence[ModuleFile]:
        """The parts; those that hold no policy come last, for taking them apart costs."""
        return [*self.marked, *(part for part in self.parts if not part.is_marked)]

    def find(self, *words: str) -> tuple[ModuleFile, Block] | None:
        """Return a block by its type and labels."""
        if words not in self._blocks:
            self._blocks[words] = self._found(words)
        return self._blocks[words]

    def _found(self, words: tuple[str, ...]) -> tuple[ModuleFile, Block] | None:
        for part in self.searched:
            if part.may_hold(*words) and (block := part.named.get(words)):
                return part, block
        return None

    def local(self, name: str) -> tuple[ModuleFile, Expression] | None:
        """Return the expression of a local value, and where it stands."""
        for part in self.searched:
            if part.may_hold("locals", name) and (found := part.locals.get(name)):
                return part, found
        return None

    @cached_property
    def providers(self) -> Sequence[tuple[tuple[str, str], tuple[ModuleFile, Block]]]:
        """The configurations of providers, by local name and alias."""
        found = []
        for part in self.searched:
            for block in part.blocks if part.may_hold("provider") else ():
                if block.type == "provider" and len(block.labels) == 1:
                    _, name, alias = (*header_of(block), "")[:3]
                    found.append(((name, alias), (part, block)))
        return found

    @cached_property
    def calls(self) -> Sequence[str]:
        """The names of the modules that it calls in the repository."""
        blocks = [block for part in self.parts if part.sources for block in part.blocks]
        return [b.labels[0] for b in blocks if b.type == "module" and len(b.labels) == 1]

    def has(self, text: Text) -> bool:
        return any(part.text is text for part in self.parts)

    def beside(self, path: str) -> str:
        """Return the place of what a path in its files names, links followed."""
        if path not in self._places:
            self._places[path] = self.tree.place(os.path.join(self.place, path))
        return self._places[path]

    def text(self, path: str) -> Text | str:
        """Read a file of the repository, or say why not."""
        if path not in self._texts:
            self._texts[path] = self._read(path)
        return self._texts[path]

    def _read(self, path: str) -> Text | str:
        if os.path.isabs(path) or path.startswith("~") or "\0" in path:
            return f"`{path}` is not read: iamlint reads only files of the repository"
        place = self.beside(path)
        if not is_inside(place, self.home):
            return f"`{path}` is not read: it is outside of the repository"
        try:
            if not self.tree.is_file(place):
                return f"`{path}` does not exist"
            data = self.tree.read(place, MAX_WALKED + 1)
        except (OSError, ValueError):
            return f"`{path}` cannot be read"
        if len(data) > MAX_WALKED:
            return f"`{path}` is larger than {MAX_WALKED:,} bytes"
        named = os.path.normpath(os.path.join(self.name, path)).replace(os.sep, "/")
        return text_of(named, data) or f"`{path}` is not text"


def folder_at(place: str, beside: Folder) -> Folder | None:
    """Read a folder that nobody asked for; None if there is no module in it."""
    tree = beside.tree
    name = tree.shown(place)
    is_read = is_inside(place, beside.home)
    texts = texts_in(place, "" if name == "." else name, tree) if is_read else {}
    return Folder(place, tree, parts_of(texts), name) if texts else None


def texts_in(place: str, name: str, tree: FileTree) -> dict[str, Text]:
    """Read the files of a folder; what cannot be read is left, so that its values are not known.

    So are links, which may lead out of the repository.
    """
    found: dict[str, Text] = {}
    try:
        children = tree.children(place)
    except (OSError, ValueError):
        return found
    for child in children:
        if child.name.lower().endswith(ENDS) and child.is_file(follow_symlinks=False):
            try:
                data = tree.read(child.path, MAX_WALKED + 1)
            except OSError:
                continue
            text = text_of(f"{name}/{child.name}" if name else child.name, data)
            if text is not None and len(data) <= MAX_WALKED:
                found[child.name] = text
    return found


def parts_of(texts: Mapping[str, Text]) -> list[ModuleFile]:
    """Return the files that count."""
    parts = {
        name: ModuleFile(
            text.path, text, read_json_form if name.lower().endswith(".json") else read_hcl
        )
        for name, text in sorted(texts.items())
        if taker(name) not in texts
    }
    overrides = [part for name, part in parts.items() if is_override(name)]
    others = [part for name, part in parts.items() if not is_override(name)]
    for part in others if overrides else ():
        part.overrides = overrides
    for part in overrides:
        part.overridden = others
    return list(parts.values())


def taker(name: str) -> str | None:
    """Return the file that takes the place of another if it is there: `x.tofu` of `x.tf`.

    https://opentofu.org/docs/language/files/
    """
    return _ENDING.sub(".tofu", name) if _ENDING.search(name) else None


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
