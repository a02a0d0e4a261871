"""The files of a revision or of the index: names and ids, without their contents.

https://git-scm.com/docs/git-ls-tree, https://git-scm.com/docs/git-ls-files
"""

from __future__ import annotations

import os
from enum import Enum
from typing import TYPE_CHECKING, Final

from iamlint.errors import ReadError, UsageError
from iamlint.fast_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from iamlint.revisions.sides.blobs import BlobReader
    from iamlint.revisions.sides.git import GitRepository


class EntryKind(Enum):
    FILE = "file"
    LINK = "symbolic link"
    SUBMODULE = "submodule"


MAX_NAMES: Final = 400_000_000
"""Bytes of names in a revision, some four million files: few objects can make more than that."""

_ALL: Final = ("ls-tree", "-r", "-z", "--full-tree")

_LONGEST: Final = 4096
"""Bytes of the path of a file, as systems have it."""

_MODES: Final = {b"120000": EntryKind.LINK, b"160000": EntryKind.SUBMODULE}


@dataclass(frozen=True, slots=True)
class GitEntry:
    """A file, link or submodule, and the id of its content."""

    kind: EntryKind
    oid: str


@dataclass(frozen=True)
class GitFiles:
    """The files of a revision or of the index, by the paths that they have below `top`.

    `folders` has the names in each folder.
    """

    top: str
    entries: Mapping[str, GitEntry]
    folders: Mapping[str, tuple[str, ...]]
    blobs: BlobReader

    @property
    def submodules(self) -> Mapping[str, str]:
        """The places of submodules, each with the id of its commit."""
        found = self.entries.items()
        return {place: one.oid for place, one in found if one.kind is EntryKind.SUBMODULE}


def files_of_commit(git: GitRepository, commit: str | None, blobs: BlobReader) -> GitFiles:
    """Return the files of a commit; there are none without a commit."""
    if commit is None:
        return _files(git.top, (), blobs)
    return _files(git.top, _listed(git.listing(*_ALL, commit, limit=MAX_NAMES)), blobs)


def files_of_index(git: GitRepository, blobs: BlobReader) -> GitFiles:
    """Return the files of the index: what the next commit holds."""
    return _files(git.top, _staged(git), blobs)


def submodules_of(git: GitRepository) -> Mapping[str, str]:
    """Return the places of submodules in the working tree, each with the id of its commit."""
    return {
        os.path.join(git.top, name): entry.oid
        for name, entry in _staged(git, conflicts=True)
        if entry.kind is EntryKind.SUBMODULE
    }


def places_on_disk(git: GitRepository) -> tuple[str, ...]:
    """Return the places of the files in the working tree that git does not ignore."""
    kinds = ("--cached", "--others", "--exclude-standard")
    said = git.listing("-C", git.top, "ls-files", "-z", *kinds, limit=MAX_NAMES)
    return tuple(os.path.join(git.top, os.fsdecode(name)) for name in said.split(b"\0")[:-1])


def _listed(said: bytes) -> Iterator[tuple[str, GitEntry]]:
    for line in said.split(b"\0")[:-1]:
        about, _, path = line.partition(b"\t")
        mode, _, oid = about.split(b" ")
        yield os.fsdecode(path), GitEntry(_MODES.get(mode, EntryKind.FILE), oid.decode())


def _staged(git: GitRepository, *, conflicts: bool = False) -> Iterator[tuple[str, GitEntry]]:
    """Yield the entries of the index; raise for a conflict unless they are asked for."""
    said = git.listing("-C", git.top, "ls-files", "-s", "-z", limit=MAX_NAMES)
    for line in said.split(b"\0")[:-1]:
        about, _, path = line.partition(b"\t")
        mode, oid, stage = about.split(b" ")
        name = os.fsdecode(path)
        if stage != b"0" and not conflicts:
            raise UsageError(f"`{name}` has a conflict in the index", help="resolve it first")
        yield name, GitEntry(_MODES.get(mode, EntryKind.FILE), oid.decode())


def _files(top: str, listed: Iterable[tuple[str, GitEntry]], blobs: BlobReader) -> GitFiles:
    entries: dict[str, GitEntry] = {}
    folders: dict[str, list[str]] = {top: []}
    size = 0
    for name, entry in listed:
        if len(name) > _LONGEST or not all(map(_is_possible, name.split("/"))):
            shown = name if len(name) <= _LONGEST else f"{name[:40]}…"
            raise ReadError(f"a revision has the path `{shown}`, which no working tree can have")
        place = os.path.join(top, *name.split("/"))
        entries[place] = entry
        while True:
            folder, base = os.path.split(place)
            is_known = folder in folders
            size += len(place)
            folders.setdefault(folder, []).append(base)
            if is_known:
                break
            place = folder
        if size > MAX_NAMES:
            raise ReadError(f"a revision has more than {MAX_NAMES:,} bytes of names")
    sorted_ = {place: tuple(sorted(names)) for place, names in folders.items()}
    return GitFiles(top, entries, sorted_, blobs)


def _is_possible(name: str) -> bool:
    """Return whether git makes a file of this name; a hand-made tree may have any."""
    return name.lower() not in ("", ".", "..", ".git") and os.sep not in name
