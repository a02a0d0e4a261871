"""Where policies hide in files: paths in, documents out. Executes nothing that it reads."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from iamlint.load import plain
from iamlint.load.document import (
    Attachment,
    Certainty,
    Document,
    Holder,
    Item,
    NotAnalysed,
    Waiver,
)
from iamlint.load.files import STDIN, Choice, File, Found, find_files, parts_below, shown
from iamlint.load.gitignore import covers, patterns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from iamlint.policy.grammar import Kind
    from iamlint.text.span import Lines


class Loader(Protocol):
    """One way of finding policies in files: a module or an object with these two functions."""

    def claims(self, file: File, /) -> bool:
        """Tell whether the file is for this loader; `file.suffix` is free, `file.data` is not."""

    def read(self, file: File, /) -> Iterator[Item]:
        """Yield the policies of a file, and what looks like one and is not analysed."""


BUILTIN: tuple[Loader, ...] = (plain,)


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """What is read and how. Globs are relative to `root` and written as in a `.gitignore`.

    `kind` says what every policy is, `kinds` what those of some files are: the last glob that
    matches counts. Of `loaders` the first that claims a file reads it. `stdin` is what the path
    `-` stands for.
    """

    root: str | os.PathLike[str] = "."
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    force_exclude: bool = False
    respect_gitignore: bool = True
    kind: Kind | None = None
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    loaders: tuple[Loader, ...] = BUILTIN
    stdin: bytes | None = None
    stdin_name: str | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was found. `paths` names every file looked into, `lines` those that hold a policy.

    `holders` are the users, groups and roles that the files describe.
    """

    documents: tuple[Document, ...]
    not_analysed: tuple[NotAnalysed, ...]
    paths: tuple[str, ...]
    lines: Mapping[str, Lines]
    holders: tuple[Holder, ...] = ()

    @property
    def files(self) -> int:
        """How many files were looked into."""
        return len(self.paths)


def load(paths: Iterable[str | os.PathLike[str]], options: LoadOptions) -> Loaded:
    """Read every policy that the paths name or hold; raise `ReadError` for a path to nothing."""
    found = find(paths, options)
    documents: list[Document] = []
    left_out = list(found.left_out)
    holders: list[Holder] = []
    for file in found.files:
        for item in read(file, options.loaders):
            if isinstance(item, Document):
                documents.append(item)
            elif isinstance(item, Holder):
                holders.append(item)
            else:
                left_out.append(item)
    return Loaded(
        tuple(documents),
        tuple(sorted(left_out, key=lambda item: item.path)),
        tuple(file.path for file in found.files),
        {document.path: document.source.lines for document in reversed(documents)},
        tuple(holders),
    )


def find(paths: Iterable[str | os.PathLike[str]], options: LoadOptions) -> Found:
    """Return the files that would be read, sorted by path."""
    given = [os.fspath(path) for path in paths]
    root = os.path.realpath(options.root)
    choice = Choice(
        root=root,
        wanted=lambda file: any(loader.claims(file) for loader in options.loaders),
        include=patterns(options.include),
        exclude=patterns(options.exclude),
        force_exclude=options.force_exclude,
        respect_gitignore=options.respect_gitignore,
    )
    found = find_files((path for path in given if path != STDIN), choice)
    files = [replace(file, kind=_declared(file, root, options)) for file in found.files]
    if STDIN in given:
        files.append(_stdin(root, options))
    return Found(tuple(files), found.left_out)


def read(file: File, loaders: tuple[Loader, ...]) -> Iterator[Item]:
    """Yield what the first loader that claims the file finds in it."""
    for loader in loaders:
        if not loader.claims(file):
            continue
        try:
            size = len(file.data)
        except OSError as error:
            reason = f"cannot be read: {(error.strerror or type(error).__name__).lower()}"
            yield NotAnalysed(file.path, (), reason, unreadable=True)
            return
        if size > file.limit:
            reason = f"larger than {file.limit:,} bytes"
            yield NotAnalysed(file.path, (), reason, unreadable=file.asked)
            return
        for item in loader.read(file):
            yield _as_declared(item, file)
        return


def _as_declared(item: Item, file: File) -> Item:
    """Let what the user says of a file count with every loader."""
    if not isinstance(item, Document) or file.kind is None:
        return item
    if item.certainty is Certainty.DECLARED:
        return item
    return replace(item, kind=file.kind, certainty=Certainty.DECLARED)


def _declared(file: File, root: str, options: LoadOptions) -> Kind | None:
    if options.kind is not None or not options.kinds:
        return options.kind
    parts = parts_below(file.place, root)
    kinds = [kind for glob, kind in options.kinds.items() if covers(patterns([glob]), parts)]
    return kinds[-1] if kinds else None


def _stdin(root: str, options: LoadOptions) -> File:
    name = options.stdin_name or "<stdin>"
    place = os.path.realpath(name)
    file = File(
        shown(name) if options.stdin_name else name,
        place,
        asked=True,
        content=options.stdin or b"",
    )
    return replace(file, kind=_declared(file, root, options))


__all__ = [
    "BUILTIN",
    "Attachment",
    "Certainty",
    "Document",
    "File",
    "Found",
    "Holder",
    "Item",
    "LoadOptions",
    "Loaded",
    "Loader",
    "NotAnalysed",
    "Waiver",
    "find",
    "load",
    "read",
]
