"""The files that a run reads: those on disk, and texts that replace them or are beside them.

Nothing else in `load` opens, lists or follows a path, so that unsaved texts and the files of a git
revision are read like files on disk, and nothing depends on the current folder.
"""

from __future__ import annotations

import os
import sys
from functools import cached_property
from stat import S_ISFIFO
from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.fast_dataclass import dataclass, field
from iamlint.paths import possible, repository_of, shown, upwards

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Child:
    """A file or folder that is not looked up on disk; it answers like an `os.DirEntry`."""

    name: str
    path: str
    is_folder: bool
    is_link: bool = False

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:  # noqa: ARG002 - see above
        return self.is_folder

    def is_file(self, *, follow_symlinks: bool = True) -> bool:  # noqa: ARG002 - see above
        return not self.is_folder

    def is_symlink(self) -> bool:
        return self.is_link


Children: TypeAlias = "Sequence[os.DirEntry[str] | Child]"


@dataclass(frozen=True, eq=False)
class FileTree:
    """Files by their real paths.

    Relative paths start at `here`, which is also where reports name files from. `root` is the
    folder of the configuration, the repository of files outside of git repositories. `contents`
    holds texts by real path: each replaces a file on disk, or is a file that is not on disk.
    """

    here: str = field(default_factory=lambda: os.path.realpath(os.curdir))
    root: str = ""
    contents: Mapping[str, bytes] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        here: str | os.PathLike[str],
        root: str | os.PathLike[str],
        contents: Mapping[str, bytes],
    ) -> FileTree:
        """Return the files as seen from a folder; `root` is relative to it."""
        start = os.path.realpath(here)
        return cls(start, os.path.realpath(os.path.join(start, root)), contents)

    def seen_from(
        self,
        here: str | os.PathLike[str],
        root: str | os.PathLike[str],
        contents: Mapping[str, bytes],
    ) -> FileTree:
        """Return the same files as seen from a folder; `root` is relative to it."""
        return FileTree.of(here, root, contents)

    @property
    def is_tracked(self) -> bool:
        """Whether git tracks each file, so that no `.gitignore` applies."""
        return False

    @property
    def of_user(self) -> FileTree:
        """The files that the user names for their values: those on disk."""
        return self

    def absolute(self, path: str) -> str:
        """Return the absolute path, links kept."""
        return os.path.join(self.here, possible(path))

    def place(self, path: str) -> str:
        """Return the real path, links followed."""
        return self.real(self.absolute(path))

    def real(self, absolute: str) -> str:
        """Return the real path of an absolute one; names are compared by it."""
        return os.path.realpath(absolute)

    def beside(self, place: str, path: str) -> str | None:
        """Return the real path of a path in a file; None if it is outside of the repository."""
        folder = os.path.dirname(place)
        found = self.place(os.path.join(folder, path))
        return found if is_inside(found, self.repository(folder)) else None

    def shown(self, path: str) -> str:
        """Return a path for reports: from `here`, if it is below."""
        return shown(path, self.here)

    def known_as(self, path: str) -> str:
        """Return a path for identities: that of the same file in another copy of the files."""
        return os.path.relpath(self.absolute(path), self.here).replace(os.sep, "/")

    def bare(self, path: str) -> str:
        """Return a path without the mark of compression; files on disk are read as they are."""
        return path

    def repository(self, place: str) -> str:
        """Return the repository of a folder, or `root` or the folder itself if it has none."""
        place = self.absolute(place)
        if (home := self.home(place)) is not None:
            return home
        root = self.root or self.here
        return root if is_inside(place, root) else place

    def home(self, place: str) -> str | None:
        """Return the repository of a folder; None if it is in none."""
        return repository_of(place)

    def exists(self, place: str) -> bool:
        """Return whether a path exists; a link to nothing does."""
        return place in self.contents or place in self._given or os.path.lexists(place)

    def is_folder(self, place: str) -> bool:
        if place in self.contents:
            return False
        return place in self._given or os.path.isdir(place)

    def is_file(self, place: str) -> bool:
        return place in self.contents or os.path.isfile(place)

    def is_pipe(self, place: str) -> bool:
        """Return whether reading a file blocks until another process writes."""
        return place not in self.contents and os.path.exists(place) and S_ISFIFO(os.stat(place)[0])

    def is_link(self, place: str) -> bool:
        return place not in self.contents and os.path.islink(place)

    def read(self, place: str, limit: int) -> bytes:
        """Return the bytes of a file, at most so many; raise `OSError`."""
        given = self.contents.get(place)
        if given is not None:
            return given[:limit]
        with open(place, "rb") as opened:
            size = os.fstat(opened.fileno()).st_size  # less than is there, for a pipe
            start = opened.read(min(limit, size + 1))  # room for `limit` bytes takes time to make
            return start if len(start) <= size else start + opened.read(limit - len(start))

    def text(self, place: str) -> str:
        """Return the text of a file, its lines ended as Python's are; raise if it has none."""
        text = self.read(place, sys.maxsize).decode("utf-8")
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def peek(self, place: str, limit: int) -> bytes:
        """Return the bytes of a file as `read` does, for what no result depends on."""
        return self.read(place, limit)

    def size(self, place: str) -> int:
        """Return the number of bytes of a file; raise `OSError`."""
        given = self.contents.get(place)
        return os.stat(place).st_size if given is None else len(given)

    def children(self, place: str) -> Children:
        """Return the entries of a folder, sorted by name; raise `OSError`."""
        given = self._given.get(place)
        if given is None:
            return _listed(place)
        on_disk = _listed(place) if os.path.isdir(place) else ()
        kept = [child for child in on_disk if child.name not in given or _is_dir(child, given)]
        names = {child.name for child in kept}
        added = [Child(n, os.path.join(place, n), f) for n, f in given.items() if n not in names]
        return sorted((*kept, *added), key=lambda child: child.name)

    @cached_property
    def _given(self) -> Mapping[str, dict[str, bool]]:
        """The names that `contents` adds to folders, and whether each is a folder itself."""
        found: dict[str, dict[str, bool]] = {}
        for path in self.contents:
            is_folder = False
            for folder in upwards(os.path.dirname(path)):
                names = found.setdefault(folder, {})
                is_known = names.get(os.path.basename(path)) is not None
                names[os.path.basename(path)] = is_folder
                if is_known:
                    break
                path, is_folder = folder, True  # noqa: PLW2901 - one step up
        return found


DISK: Final = FileTree("")
"""The files on disk; relative paths start where the process works."""


def is_inside(place: str, folder: str) -> bool:
    return place == folder or place.startswith(folder.rstrip(os.sep) + os.sep)


def parts_below(place: str, root: str) -> tuple[str, ...]:
    """Return the names between `root` and `place`, or all of them if it is elsewhere."""
    if is_inside(place, root):
        place = place[len(root.rstrip(os.sep)) :]
    return tuple(name for name in place.split(os.sep) if name)


def _is_dir(child: os.DirEntry[str] | Child, given: Mapping[str, bool]) -> bool:
    return given[child.name] and child.is_dir(follow_symlinks=False)


def _listed(place: str) -> Sequence[os.DirEntry[str]]:
    with os.scandir(place) as listing:
        return sorted(listing, key=lambda entry: entry.name)
