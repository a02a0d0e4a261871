"""Paths as messages name them, and the repository that they are in."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_IMPOSSIBLE: Final = "[\0\ud800-\udc7f\udd00-\udfff]"  # in the name of any file


def has_scheme(name: str) -> bool:
    """Return whether a name is such as `s3://bucket/object`: not a path on disk."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]*+://", name) is not None


def possible(path: str) -> str:
    """Return a path without what no path can have; it then leads to nothing."""
    return re.sub(_IMPOSSIBLE, "\ufffd", path)


def real(path: Path) -> Path:
    """Return where a path leads, links followed; one that leads in a circle stays as it is."""
    return Path(os.path.realpath(possible(str(path))))


def shown(path: str | os.PathLike[str], here: str | os.PathLike[str]) -> str:
    """Return a path, which starts at a folder, as messages name it: from there, if it is below."""
    written = os.fspath(path)
    start = os.path.abspath(here)
    relative = os.path.relpath(os.path.join(start, possible(written)), start)
    is_outside = relative == os.pardir or relative.startswith(os.pardir + os.sep)
    named = os.path.normpath(written) if is_outside else relative
    return named.replace(os.sep, "/").encode("utf-8", "backslashreplace").decode()


def upwards(place: str) -> Iterator[str]:
    """Yield a folder and all above it."""
    while True:
        yield place
        above = os.path.dirname(place)
        if above == place:
            return
        place = above


def repository_of(folder: str | os.PathLike[str]) -> str | None:
    """Return the nearest folder, from this one up, with a `.git`, which is a file in a worktree."""
    for above in upwards(os.fspath(folder)):
        if os.path.lexists(os.path.join(above, ".git")):
            return above
    return None
