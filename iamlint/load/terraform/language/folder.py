"""The files of a module's folder, and other files of the repository that they name."""

from __future__ import annotations

import os
from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass, field
from iamlint.late_pattern import late_pattern
from iamlint.load.find.sizes import MAX_WALKED
from iamlint.load.find.tree import FileTree, is_inside
from iamlint.load.terraform.language.filenames import ENDS, local_sources, taker
from iamlint.load.terraform.language.json_syntax import read_json_form
from iamlint.load.terraform.language.labels import check_labels
from iamlint.load.terraform.language.node import Text
from iamlint.load.terraform.language.override import header_of, is_override, override_block
from iamlint.load.terraform.language.slices import slices
from iamlint.text.hcl.parse import Hcl, read_hcl
from iamlint.text.source import Dialect, Place, Source
from iamlint.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from iamlint.load.terraform.language.override import Header
    from iamlint.load.terraform.language.slices import Slice, Within
    from iamlint.text.hcl.tree import Block, Expression
    from iamlint.text.span import Pointer


MARKS: Final = (
    *("olic", "OLIC", "Statement", "_statements", '"aws_iam_', '"aws_api_gateway_rest_api"'),
    *('"awscc_iam_', '"aws_ssoadmin_', '_permission"', '"aws_lambda_function_url"'),
    *('"aws_cloudformation_stack', '"aws_cloudcontrolapi_resource"'),
    # Statements as inputs of a module.
    *(" actions", "\tactions", '"actions"', " not_actions", "{actions", " Action", "\tAction"),
    *('"Action', "{Action", " principal", "\tprincipal", '"principal', "{principal"),
    *("allowed_triggers",),
    # Keys in the user data of an instance.
    *("secret_access_key", "SECRET_ACCESS_KEY", "AKIA"),
    *(r"\u00", r"\U0000"),
)
"""A file without any of these holds no policy, no identity and no key, only values for others.

The last two are the start of an escaped letter.
"""

_WORD: Final = late_pattern(r"[\w-]+")
_OUTPUT: Final = "output"
_RESOURCE: Final = late_pattern(r"\baws\w*+\.[\w-]++")


@dataclass(eq=False)
class ModuleFile:
    """One file of a module; it is parsed on demand.

    `overriding` are the changes of override files of the module, also of this one if it
    `overrides`.
    """

    path: str
    text: Text
    read: Callable[[str], Hcl] = read_hcl
    overriding: Overriding | None = None
    overrides: bool = False
    _cuts: dict[int, tuple[Sequence[int], Sequence[Slice]]] = field(default_factory=dict)

    @cached_property
    def is_marked(self) -> bool:
        if self.overriding and not self.overrides and self.overriding.is_marked:
            return True
        return any(mark in self.text.source.text for mark in MARKS)

    @cached_property
    def sources(self) -> Sequence[str]:
        """The local paths that it seems to call as modules, with the changes of others."""
        own = local_sources(self.text.source.text)
        if self.overriding is None or self.overrides:
            return own
        return [*own, *(source for part in self.overriding.by for source in part.sources)]

    @cached_property
    def hcl(self) -> Hcl:
        return check_labels(self.read(self.text.source.text))

    @cached_property
    def blocks(self) -> Sequence[Block]:
        """Its blocks with the changes of others; in an override file, those that change none."""
        if self.overriding is None:
            return self.hcl.blocks
        if self.overrides:
            known = self.overriding.known
            return [block for block in self.hcl.blocks if header_of(block) not in known]
        changes = self.overriding.changes
        return [
            override_block(block, changes.get(header_of(block), ())) for block in self.hcl.blocks
        ]

    @cached_property
    def words(self) -> frozenset[str] | None:
        """All names in the file; None if some may be written with escapes."""
        text = self.text.source.text
        return None if "\\u" in text or "\\U" in text else frozenset(_WORD.findall(text))

    @cached_property
    def returned(self) -> frozenset[str]:
        """The resources, by type and name, that its outputs may be about."""
        text = self.text.source.text
        spans = [one.span for one in self.blocks if one.type == "output"] if _OUTPUT in text else []
        return frozenset(
            name for span in spans for name in _RESOURCE.findall(text[span.start : span.end])
        )

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
        """Return the pointer to a place: the block, an attribute, and into its value."""
        way: list[str | int] = []
        inside: Within = self.hcl
        while True:
            starts, parts = self._cut(inside)
            number = bisect_right(starts, span.start) - 1
            if number < 0 or parts[number].end < span.end:
                return tuple(way)
            steps, inside = parts[number].steps, parts[number].within
            way += steps
            if inside.span == span:
                return tuple(way)

    def _cut(self, of: Within) -> tuple[Sequence[int], Sequence[Slice]]:
        """Return the slices of a node, in order, with the start of each."""
        if id(of) not in self._cuts:
            parts = sorted(slices(of), key=lambda part: part.start)
            self._cuts[id(of)] = [part.start for part in parts], parts
        return self._cuts[id(of)]


@dataclass(eq=False)
class Overriding:
    """The override files of a module, and the files whose blocks they change."""

    by: Sequence[ModuleFile]
    others: Sequence[ModuleFile]

    @cached_property
    def is_marked(self) -> bool:
        return any(part.is_marked for part in self.by)

    @cached_property
    def known(self) -> AbstractSet[Header]:
        """The headers of the blocks that override files may change."""
        return {header_of(block) for part in self.others for block in part.hcl.blocks}

    @cached_property
    def changes(self) -> Mapping[Header, Sequence[tuple[Block, Text]]]:
        """The blocks that change others, by header, with the text of each."""
        found: dict[Header, list[tuple[Block, Text]]] = {}
        for part in self.by:
            for block in part.hcl.blocks:
                found.setdefault(header_of(block), []).append((block, part.text))
        return found


@dataclass(eq=False)
class Folder:
    """The parts of a module; `name` is the folder in reports."""

    place: str
    tree: FileTree
    parts: Sequence[ModuleFile]
    name: str = ""
    _texts: dict[str, Text | str] = field(default_factory=dict)
    _places: dict[str, str] = field(default_factory=dict)
    _blocks: dict[tuple[str, ...], tuple[ModuleFile, Block] | None] = field(default_factory=dict)

    @cached_property
    def home(self) -> str:
        """The repository: no file outside of it is read."""
        return self.tree.repository(self.place)

    @property
    def scope(self) -> str:
        """The scope of the names of a root module: `.` for the folder that paths start at."""
        return self.tree.known_as(self.name)

    @cached_property
    def known_as(self) -> str:
        """Its place for identities: the same in another copy of the files."""
        return f"{self.tree.known_as(self.place)}/"

    @cached_property
    def size(self) -> int:
        return sum(len(part.text.source.text) for part in self.parts)

    @cached_property
    def marked(self) -> Sequence[ModuleFile]:
        return [part for part in self.parts if part.is_marked]

    @cached_property
    def _unmarked(self) -> Sequence[ModuleFile]:
        """The parts without a policy: they are searched last, because parsing is slow."""
        return [part for part in self.parts if not part.is_marked]

    @cached_property
    def _by_word(self) -> Mapping[str, Sequence[ModuleFile]]:
        """The parts without a mark by the names in them; under "" those that may have any name."""
        found: dict[str, list[ModuleFile]] = {"": []}
        for part in self._unmarked:
            for word in ("",) if part.words is None else part.words:
                found.setdefault(word, []).append(part)
        return found

    def _with(self, *words: str) -> Iterator[ModuleFile]:
        """Yield the parts without a mark that may contain all of these names."""
        names = [word for word in words if _WORD.fullmatch(word)]
        if not names:
            yield from self._unmarked
            return
        yield from self._by_word[""]
        for part in min((self._by_word.get(name, ()) for name in names), key=len):
            if part.words and part.words.issuperset(names):
                yield part

    def find(self, *words: str) -> tuple[ModuleFile, Block] | None:
        """Return a block by its type and labels."""
        if words not in self._blocks:
            self._blocks[words] = self._found(words)
        return self._blocks[words]

    def _found(self, words: tuple[str, ...]) -> tuple[ModuleFile, Block] | None:
        if marked := self._named.get(words):
            return marked
        return next(
            ((part, part.named[words]) for part in self._with(*words) if words in part.named), None
        )

    @cached_property
    def _named(self) -> Mapping[tuple[str, ...], tuple[ModuleFile, Block]]:
        """The blocks of parts with a mark, by type and labels; the first of several counts."""
        return {
            words: (part, block)
            for part in reversed(self.marked)
            for words, block in part.named.items()
        }

    def local(self, name: str) -> tuple[ModuleFile, Expression] | None:
        """Return the expression of a local value, and its file."""
        if marked := self._locals.get(name):
            return marked
        parts = self._with("locals", name)
        return next(((part, part.locals[name]) for part in parts if name in part.locals), None)

    @cached_property
    def _locals(self) -> Mapping[str, tuple[ModuleFile, Expression]]:
        return {
            name: (part, expression)
            for part in reversed(self.marked)
            for name, expression in part.locals.items()
        }

    @cached_property
    def providers(self) -> Mapping[tuple[str, str], tuple[ModuleFile, Block]]:
        """The configurations of providers, by local name and alias."""
        found: dict[tuple[str, str], tuple[ModuleFile, Block]] = {}
        for part in (*self.marked, *self._with("provider")):
            for block in part.blocks:
                if block.type == "provider" and len(block.labels) == 1:
                    _, name, alias = (*header_of(block), "")[:3]
                    found.setdefault((name, alias), (part, block))
        return found

    @cached_property
    def calls(self) -> Sequence[str]:
        """The names of its calls of modules."""
        blocks = [block for part in self.parts if part.sources for block in part.blocks]
        return [b.labels[0] for b in blocks if b.type == "module" and len(b.labels) == 1]

    def has(self, text: Text) -> bool:
        return id(text) in self._own

    @cached_property
    def _own(self) -> AbstractSet[int]:
        return {id(part.text) for part in self.parts}

    @cached_property
    def first(self) -> str:
        """The path of its first file."""
        return min((part.path for part in self.parts), default="")

    def beside(self, path: str) -> str:
        """Return the real path of a path in its files, links followed."""
        if path not in self._places:
            self._places[path] = self.tree.place(os.path.join(self.place, path))
        return self._places[path]

    def text(self, path: str) -> Text | str:
        """Return the text of a file of the repository, or why it is not read."""
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
    """Return a folder that the user did not name; None if it is not a module."""
    tree = beside.tree
    name = tree.shown(place)
    is_read = is_inside(place, beside.home)
    texts = texts_in(place, "" if name == "." else name, tree) if is_read else {}
    return Folder(place, tree, parts_of(texts), name) if texts else None


def texts_in(place: str, name: str, tree: FileTree) -> dict[str, Text]:
    """Return the texts of the files of a folder; values of unreadable files are unknown.

    Links are not read either: they may lead out of the repository.
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
    """Return the files that Terraform or OpenTofu uses."""
    parts = {
        name: ModuleFile(
            text.path, text, read_json_form if name.lower().endswith(".json") else read_hcl
        )
        for name, text in sorted(texts.items())
        if taker(name) not in texts
    }
    by = [part for name, part in parts.items() if is_override(name)]
    others = [part for name, part in parts.items() if not is_override(name)]
    overriding = Overriding(by, others) if by else None
    for part in parts.values():
        part.overriding = overriding
    for part in by:
        part.overrides = True
    return list(parts.values())


def text_of(path: str, data: bytes) -> Text | None:
    """Return the text of a file, without a value; None if the bytes are not text."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if "\0" in text:
        return None
    whole = Place(Span(0, len(text)))
    source = Source(text=text, value=None, dialect=Dialect.HCL, places=lambda: {(): whole})
    return Text(path, source)
