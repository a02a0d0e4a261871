"""The files that git tracks, by its index: `.gitignore` does not apply to them.

https://git-scm.com/docs/gitignore, https://git-scm.com/docs/index-format
"""

from __future__ import annotations

import os
import struct
from functools import cached_property
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.find.tree import FileTree

MAX_INDEX: Final = 200_000_000
"""Bytes of an index that are read, some two million files."""

_MAX_POINTER: Final = 10_000
"""Bytes of a `.git` file that names the folder."""

_HEADER: Final = struct.Struct(">4sLL")
_STAT: Final = 40
_HASHES: Final = (20, 32)
"""Bytes of the name of an object, by SHA-1 or SHA-256."""

_EXTENDED: Final = 0x4000
_PADDED: Final = 8
_COMPRESSED: Final = 4
"""The version of an index from which paths omit the prefix they share with the one before."""


@dataclass(frozen=True)
class Tracked:
    """The files of a repository that git tracks; its index is read on demand."""

    tree: FileTree
    home: str

    def holds(self, place: str, *, is_folder: bool) -> bool:
        """Return whether git tracks a file, or one below a folder."""
        if not self._data:
            return False
        path = os.path.relpath(place, self.home).replace(os.sep, "/")
        name = os.fsencode(path)
        if not self._is_compressed and name not in self._data:
            return False
        return name in (self._folders if is_folder else self._files)

    @cached_property
    def _data(self) -> bytes:
        """The index; empty if it does not exist or cannot be read."""
        folder = os.path.join(self.home, ".git")
        try:
            if self.tree.is_file(folder):
                pointer = self.tree.read(folder, _MAX_POINTER).decode("utf-8", "surrogateescape")
                folder = os.path.join(self.home, pointer.removeprefix("gitdir:").strip())
            index = os.path.join(folder, "index")
            return self.tree.read(index, MAX_INDEX) if self.tree.is_file(index) else b""
        except (OSError, ValueError):
            return b""

    @cached_property
    def _is_compressed(self) -> bool:
        return len(self._data) >= _HEADER.size and _HEADER.unpack_from(self._data)[1] >= _COMPRESSED

    @cached_property
    def _files(self) -> frozenset[bytes]:
        for size in _HASHES:
            try:
                return frozenset(_paths(self._data, size))
            except (ValueError, IndexError, struct.error):
                continue
        return frozenset()

    @cached_property
    def _folders(self) -> frozenset[bytes]:
        found: set[bytes] = set()
        for path in self._files:
            folder = path.rpartition(b"/")[0]
            while folder and folder not in found:
                found.add(folder)
                folder = folder.rpartition(b"/")[0]
        return frozenset(found)


def _paths(data: bytes, hash_size: int) -> Iterator[bytes]:
    """Yield the paths of an index; raise if it is not one, or its names have another size."""
    signature, version, count = _HEADER.unpack_from(data)
    if signature != b"DIRC":
        raise ValueError
    at, path = _HEADER.size, b""
    for _ in range(count):
        start, at = at, at + _STAT + hash_size
        (flags,) = struct.unpack_from(">H", data, at)
        at += 4 if flags & _EXTENDED else 2
        if version >= _COMPRESSED:
            dropped, at = _number(data, at)
            end = data.index(b"\0", at)
            path = path[: len(path) - dropped] + data[at:end]
            at = end + 1
        else:
            end = data.index(b"\0", at)
            path = data[at:end]
            at = end + _PADDED - (end - start) % _PADDED
        if flags & 0xFFF != min(len(path), 0xFFF):
            raise ValueError
        yield path


def _number(data: bytes, at: int) -> tuple[int, int]:
    """Return a number of seven bits a byte, as packs write offsets, and where it ends."""
    byte = data[at]
    number = byte & 0x7F
    while byte & 0x80:
        at += 1
        byte = data[at]
        number = ((number + 1) << 7) | (byte & 0x7F)
    return number, at + 1
