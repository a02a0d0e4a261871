"""The files on disk around a file or folder that is one side, and is another one on the other."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from iamlint.load.find.tree import FileTree

if TYPE_CHECKING:
    from collections.abc import Mapping


class PlacedTree(FileTree):
    """The files on disk, known by where they are from the `start`: a file or folder.

    So a variable is the same unknown in two copies of a folder, and in two versions of a file.
    """

    start: str

    def __init__(
        self, here: str, root: str, start: str, contents: Mapping[str, bytes] | None = None
    ) -> None:
        super().__init__(here, root, contents or {})
        object.__setattr__(self, "start", start)  # all other fields are frozen

    def seen_from(
        self,
        here: str | os.PathLike[str],
        root: str | os.PathLike[str],
        contents: Mapping[str, bytes],
    ) -> FileTree:
        found = FileTree.of(here, root, contents)
        return PlacedTree(found.here, found.root, self.start, found.contents)

    def known_as(self, path: str) -> str:
        return os.path.relpath(self.absolute(path), self.start).replace(os.sep, "/")
