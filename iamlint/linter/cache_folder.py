"""The folder of results of earlier runs: the user's own, never one of the files to check."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from iamlint.load.find.tree import is_inside
from iamlint.paths import repository_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def default_cache(environ: Mapping[str, str]) -> Path | None:
    """Return the folder in the user's cache; None if there is no home."""
    given = Path(environ.get("XDG_CACHE_HOME", ""))
    # The XDG specification ignores relative paths.
    try:
        home = given if given.is_absolute() else Path.home() / ".cache"
    except RuntimeError:
        return None
    return home / "iamlint" / "results"


def is_in_repository(folder: Path, here: Path, paths: Iterable[str]) -> bool:
    """Return whether a folder is below one of the paths, or in the repository of one."""
    place = os.path.realpath(folder)
    return any(is_inside(place, _home(here / path)) for path in [*paths] or [os.curdir])


def _home(path: Path) -> str:
    """Return the repository of a path, or without one the folder, or what the file is in."""
    place = os.path.realpath(path)
    folder = place if os.path.isdir(place) else os.path.dirname(place)  # noqa: PTH112, PTH120 - links are followed
    return repository_of(folder) or folder
