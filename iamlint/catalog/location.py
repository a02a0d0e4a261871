"""The files of catalogs: the bundled one, and the one that a user has fetched."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from iamlint.catalog.files import INDEX

if TYPE_CHECKING:
    from collections.abc import Mapping

BUNDLED = Path(__file__).parent / "data"


def user_directory(environ: Mapping[str, str]) -> Path:
    """Return where an update goes: `IAMLINT_CATALOG`, or a folder of the user's cache."""
    chosen = environ.get("IAMLINT_CATALOG")
    if chosen:
        return Path(chosen)
    cache = environ.get("XDG_CACHE_HOME", "")
    # The XDG specification ignores relative paths.
    home = Path(cache) if Path(cache).is_absolute() else Path.home() / ".cache"
    return home / "iamlint" / "catalog"


def user_catalog(environ: Mapping[str, str]) -> Path | None:
    """Return the directory of the user's own catalog; None when there is none.

    A directory that `IAMLINT_CATALOG` names is returned unseen: opening it says what is wrong.
    """
    directory = user_directory(environ)
    if environ.get("IAMLINT_CATALOG") or (directory / INDEX).is_file():
        return directory
    return None
