"""What git tracks, told by its index: `.gitignore` says nothing of that.

https://git-scm.com/docs/gitignore, https://git-scm.com/docs/index-format
"""

from __future__ import annotations

import os
import struct
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING, Final

from iamlint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.tree import FileTree

MAX_INDEX: Final = 200_000_000
"""Bytes of an index that are read, some two million files."""

_MAX_POINTER: Final = 10_000
"""Bytes of a `.git` that is a file and names the folder."""

_HEADER: Final = struct.Struct(">4sLL")
_STAT: Final = 40
_HASHES: Final = (20, 32)
"""Bytes of a name of an object, by SHA-1 or SHA-256."""

_EXTENDED: Final = 0x4000
_PADDED: Final = 8
_COMPRESSED: Final = 4
"""The version of an index from which paths leave out what they share with the one before."""


@dataclass(frozen=True)
class Tracked:
    """The files of a repository that git tracks; `data` is its index."""

    data: bytes = field(default=b"", repr=False)

    @classmethod
    def of(cls, tree: FileTree, home: str) -> Tracked:
        """Return what git tracks in a repository; nothing where there is no index to be read."""
        place = os.path.join(home, ".git")
        try:
            if tree.is_file(place):
                pointer = tree.read(place, _MAX_POINTER).decode("utf-8", "surrogateescape")
                folder = pointer.removeprefix("gitdir:").strip()
                place = os.path.join(home, folder)
            index = os.path.join(place, "index")
            return cls(tree.read(index, MAX_INDEX)) if tree.is_file(index) else cls()
        except (OSError, ValueError):
            return cls()

    def holds(self, path: str, *, is_folder: bool) -> bool:
        """Return whether a file is tracked, or one below a folder; `path` is below the home."""
        if not self.data:
            return False
        name = os.fsencode(path).replace(os.fsencode(os.sep), b"/")
        if not self._is_compressed and name not in self.data:
            return False
        return name in (self._folders if is_folder else self._files)

    @cached_property
    def _is_compressed(self) -> bool:
        return len(self.data) >= _HEADER.size and _HEADER.unpack_from(self.data)[1] >= _COMPRESSED

    @cached_property
    def _files(self) -> frozenset[bytes]:
        for size in _HASHES:
            try:
                return frozenset(_paths(self.data, size))
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
    """Yield the paths of an index; raise for what is none, or has names of another size."""
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
