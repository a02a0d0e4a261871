"""The files of a revision or of the index, read like those on disk, at the same paths."""

from __future__ import annotations

import os
from errno import EISDIR, ENOENT, ENOTDIR
from typing import TYPE_CHECKING, Final

from iamlint.load.find.tree import Child, FileTree, is_inside
from iamlint.paths import upwards
from iamlint.revisions.sides.git_files import EntryKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from iamlint.load.find.tree import Children
    from iamlint.revisions.sides.git_files import GitEntry, GitFiles

_MAX_LINKS: Final = 40
"""Links on the way to a file; a longer way leads nowhere, as on disk."""

_MAX_TARGET: Final = 4096
"""Bytes of the target of a link."""


class GitTree(FileTree):
    """The files that git stores. Nothing else is there: what is on disk does not count.

    A link is followed among these files. The folders that the tree starts from are there, empty if
    git has none.
    """

    files: GitFiles

    def __init__(self, here: str, root: str, files: GitFiles) -> None:
        super().__init__(here, root)
        object.__setattr__(self, "files", files)  # all other fields are frozen

    def seen_from(
        self,
        here: str | os.PathLike[str],
        root: str | os.PathLike[str],
        contents: Mapping[str, bytes],  # noqa: ARG002 - nothing is unsaved
    ) -> FileTree:
        start = os.path.realpath(here)
        return GitTree(start, self.place(os.path.join(start, root)), self.files)

    @property
    def is_tracked(self) -> bool:
        return True

    @property
    def of_user(self) -> FileTree:
        return FileTree(self.here)

    @property
    def places(self) -> Iterable[str]:
        """The places of all files."""
        return self.files.entries

    @property
    def submodules(self) -> Mapping[str, str]:
        """The places of submodules, each with the id of its commit; their folders are empty."""
        return self.files.submodules

    def real(self, absolute: str) -> str:
        entry = self.files.entries.get(absolute)
        if absolute in self.files.folders or (entry and entry.kind is not EntryKind.LINK):
            return absolute
        return self._followed(self._entered(absolute))

    def home(self, place: str) -> str | None:
        return self.files.top if is_inside(self.place(place), self.files.top) else None

    def exists(self, place: str) -> bool:
        """Return whether a path exists; one that leads out may, so that it is listed."""
        if place == os.path.join(self.files.top, ".git"):
            return True
        is_there = self.is_folder(place) or self._entry(place) is not None
        return is_there or not is_inside(self.place(place), self.files.top)

    def is_folder(self, place: str) -> bool:
        found = self.place(place)
        entry = self.files.entries.get(found)
        if entry is not None:
            return entry.kind is EntryKind.SUBMODULE
        return found in self.files.folders or found in (self.here, self.root)

    def is_file(self, place: str) -> bool:
        """Return whether a path is a file; a link that leads out may be, so that it is refused."""
        found = self.place(place)
        entry = self.files.entries.get(found)
        is_here = entry is not None and entry.kind is EntryKind.FILE
        return is_here or (
            is_inside(place, self.files.top) and not is_inside(found, self.files.top)
        )

    def is_pipe(self, place: str) -> bool:  # noqa: ARG002 - git stores none
        return False

    def is_link(self, place: str) -> bool:
        entry = self._entry(place)
        return entry is not None and entry.kind is EntryKind.LINK

    def read(self, place: str, limit: int) -> bytes:
        return self.files.blobs.read(self._file(place).oid, limit)

    def size(self, place: str) -> int:
        return self.files.blobs.size(self._file(place).oid)

    def children(self, place: str) -> Children:
        if not self.is_folder(place):
            code = ENOTDIR if self.exists(place) else ENOENT
            raise OSError(code, os.strerror(code), place)
        found = self.place(place)
        return [self._child(place, found, name) for name in self.files.folders.get(found, ())]

    def _child(self, asked: str, folder: str, name: str) -> Child:
        entry = self.files.entries.get(os.path.join(folder, name))
        is_link = entry is not None and entry.kind is EntryKind.LINK
        is_folder = entry is None or entry.kind is EntryKind.SUBMODULE
        return Child(name, os.path.join(asked, name), is_folder, is_link)

    def _file(self, place: str) -> GitEntry:
        entry = self.files.entries.get(self.place(place))
        if entry is None or entry.kind is not EntryKind.FILE:
            code = EISDIR if self.is_folder(place) else ENOENT
            raise OSError(code, os.strerror(code), place)
        return entry

    def _entry(self, place: str) -> GitEntry | None:
        """Return what is at a path itself, a link too."""
        found = self.files.entries.get(place)
        if found is not None:
            return found
        folder, name = os.path.split(place)
        return self.files.entries.get(os.path.join(self.place(folder), name))

    def _entered(self, path: str) -> str:
        """Return a path that leads into the repository through a link on disk, from its top."""
        top = self.files.top
        if is_inside(os.path.normpath(path), top):
            return path
        for above in upwards(path):
            if os.path.realpath(above) == top:
                return os.path.join(top, os.path.relpath(path, above))
        return path

    def _followed(self, path: str) -> str:
        """Return where a path leads, as on disk; one that leads in a circle stays as it is."""
        todo = path.split(os.sep)[::-1]
        at, links = todo.pop() + os.sep, 0
        while todo:
            name = todo.pop()
            if name in ("", os.curdir):
                continue
            if name == os.pardir:
                at = os.path.dirname(at)
                continue
            at = os.path.join(at, name)
            entry = self.files.entries.get(at)
            if entry is None or entry.kind is not EntryKind.LINK:
                continue
            links += 1
            target = self._target(entry)
            if target is None or links > _MAX_LINKS:
                return os.path.normpath(path)
            at = os.path.abspath(os.sep) if target.startswith("/") else os.path.dirname(at)
            todo += target.split("/")[::-1]
        return at

    def _target(self, entry: GitEntry) -> str | None:
        """Return the path that a link holds; None if it cannot be one."""
        try:
            data = self.files.blobs.read(entry.oid, _MAX_TARGET + 1)
        except OSError:
            return None
        return os.fsdecode(data) if data and len(data) <= _MAX_TARGET and 0 not in data else None
