"""Names files as code hosts do: from the root of their repository."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

from iamlint.paths import has_scheme, repository_of


class RepositoryPaths:
    """URIs from the root of the repository around a folder, or from the folder itself."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()
        self._root = _root(self._folder) or self._folder

    def of(self, path: str) -> str:
        """Return the relative URI of a path that is relative to the folder.

        The URI of a file of another repository starts at the root of its own. A file outside of
        repositories and of the folder has an absolute URI: nothing shorter would lead to it.
        So has an object of a store.
        """
        if has_scheme(path):
            return quote(path, safe="/:")
        place = self.place(path)
        return place.as_uri() if place.is_absolute() else quote(place.as_posix(), safe="/")

    def place(self, path: str) -> Path:
        """Return the path of a file from the root of its repository."""
        place = Path(os.path.normpath(self._folder / path))
        root = self._root if place.is_relative_to(self._root) else _root(place.parent)
        return place if root is None else place.relative_to(root)


def _root(folder: Path) -> Path | None:
    home = repository_of(folder)
    return None if home is None else Path(home)
