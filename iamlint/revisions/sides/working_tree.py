"""The files on disk, without those of submodules: a revision has none of them either."""

from __future__ import annotations

import os
from errno import ENOENT
from typing import TYPE_CHECKING

from iamlint.load.find.tree import FileTree
from iamlint.paths import upwards

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.load.find.tree import Children


class WorkingTree(FileTree):
    """The files on disk, where the folders of submodules are empty."""

    submodules: Mapping[str, str]
    places: tuple[str, ...]

    def __init__(
        self, here: str, root: str, submodules: Mapping[str, str], places: tuple[str, ...]
    ) -> None:
        """Read files on disk; `places` are those of all files that git does not ignore."""
        super().__init__(here, root)
        # All other fields are frozen.
        object.__setattr__(self, "submodules", submodules)
        object.__setattr__(self, "places", places)

    def seen_from(
        self,
        here: str | os.PathLike[str],
        root: str | os.PathLike[str],
        contents: Mapping[str, bytes],
    ) -> FileTree:
        found = FileTree.of(here, root, contents)
        return WorkingTree(found.here, found.root, self.submodules, self.places)

    @property
    def of_user(self) -> FileTree:
        return FileTree(self.here)

    def home(self, place: str) -> str | None:
        """Return the repository of a folder; that of a submodule is the one around it."""
        inside = self._submodule(place)
        return super().home(place if inside is None else os.path.dirname(inside))

    def exists(self, place: str) -> bool:
        return super().exists(place) and not self._is_hidden(place)

    def is_folder(self, place: str) -> bool:
        return super().is_folder(place) and not self._is_hidden(place)

    def is_file(self, place: str) -> bool:
        return super().is_file(place) and not self._is_hidden(place)

    def read(self, place: str, limit: int) -> bytes:
        if self._is_hidden(place):
            raise FileNotFoundError(ENOENT, os.strerror(ENOENT), place)
        return super().read(place, limit)

    def children(self, place: str) -> Children:
        return () if self._submodule(place) is not None else super().children(place)

    def _is_hidden(self, place: str) -> bool:
        """Return whether a path is inside of a submodule."""
        inside = self._submodule(place)
        return inside is not None and inside != place

    def _submodule(self, place: str) -> str | None:
        """Return the submodule that a path is or is in."""
        if not self.submodules:
            return None
        return next((above for above in upwards(place) if above in self.submodules), None)
