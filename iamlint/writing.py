"""Writes files, each as a whole: a full disk leaves the old one, and two writers never mix."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path
from stat import S_IMODE
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Final

from iamlint.paths import repository_of

if TYPE_CHECKING:
    from collections.abc import Iterable

_STREAMS: Final = (("dev",), ("proc",))


def write_file(
    path: Path, text: str | Iterable[str], here: Path, *, make_folders: bool = False
) -> None:
    """Write a file in UTF-8, named from `here`, and perhaps the folders on the way to it.

    The text may come in pieces; the file has all of them, or stays as it was.
    Raises `OSError`, also where a link in the repository leads to it.

    A pipe and a stream such as `/dev/stdout` are written to as they are.
    """
    place = Path(os.path.normpath(here / path))
    leads = place.resolve()
    if leads != place and place.is_relative_to(repository_of(here) or here):
        raise OSError(errno.ELOOP, "a symbolic link leads to it", str(path))
    if make_folders:
        leads.parent.mkdir(parents=True, exist_ok=True)
    texts = (text,) if isinstance(text, str) else text
    pieces = (piece.encode("utf-8", "backslashreplace") for piece in texts)
    if place.parts[1:2] in _STREAMS or (leads.exists() and not leads.is_file()):
        with place.open("wb") as stream:
            stream.writelines(pieces)
    else:
        replace_file(leads, pieces)


def replace_file(place: Path, pieces: Iterable[bytes]) -> None:
    """Put new content in the place of a file at once; its mode stays, and its owner if he may."""
    old = place.stat() if place.exists() else None
    with NamedTemporaryFile(dir=place.parent, prefix=f".{place.name[:100]}.", delete=False) as new:
        temporary = Path(new.name)
        try:
            new.writelines(pieces)
            new.flush()
            os.fsync(new.fileno())
        except BaseException:
            temporary.unlink()
            raise
    try:
        if old is not None and hasattr(os, "chown"):
            with suppress(PermissionError):
                os.chown(temporary, old.st_uid, old.st_gid)
        temporary.chmod(S_IMODE(old.st_mode) if old else 0o666 & ~_mask())
        temporary.replace(place)
    except BaseException:
        temporary.unlink()
        raise


def _mask() -> int:
    """Return what the user takes away from the modes of new files; only setting it shows it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
