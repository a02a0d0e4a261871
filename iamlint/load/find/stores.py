"""Objects of stores that the user names, such as `s3://audit/iam`: read through `fsspec`.

Only names on a command line lead here, never what a file says. Nothing is written to a store.
"""

from __future__ import annotations

import gzip
import io
import os
from datetime import datetime
from errno import EIO, ENOENT, ESTALE
from importlib.util import find_spec
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING, Final, Protocol, cast

from iamlint.errors import ReadError, UsageError
from iamlint.fast_dataclass import dataclass
from iamlint.load.find.files import File
from iamlint.load.find.tree import FileTree
from iamlint.text.read import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from iamlint.load.find.files import Choice
    from iamlint.load.find.tree import Children

_GZIP: Final = ".gz"
_ZSTD: Final = ".zst"
_INSTALL: Final = "`pip install 'iamlint[stores]'` installs it"
_MARGIN: Final = 300_000
"""Compressed bytes that are read beside those that are needed: no block is larger."""

_CHUNK: Final = 1024
"""Bytes of zstd that are decoded at once; they hold some 32 MB at most."""

_DIGESTS: Final = (
    *("ETag", "etag", "md5Hash", "content_md5", "checksum"),
    *("crc32c", "generation"),
)
_TIMES: Final = ("LastModified", "last_modified", "mtime", "created")
"""What stores say of the content of an object, under the names of several libraries."""


class _Store(Protocol):
    """What is used of a file system of `fsspec`."""

    def info(self, path: str) -> Mapping[str, object]: ...
    def find(self, path: str, *, detail: bool) -> Mapping[str, Mapping[str, object]]: ...
    def glob(self, path: str, *, detail: bool) -> Mapping[str, Mapping[str, object]]: ...
    def cat_file(self, path: str, start: int, end: int) -> bytes: ...
    def unstrip_protocol(self, name: str) -> str: ...


@dataclass(frozen=True, slots=True)
class _Object:
    """An object: its full name, its size in bytes, and what the store said when it listed it."""

    name: str
    size: int
    listed: Mapping[str, object]


class StoreTree(FileTree):
    """The objects that were listed. Nothing else is there, on disk or in a store."""

    objects: dict[str, _Object]

    def __init__(self, here: str) -> None:
        super().__init__(here)
        object.__setattr__(self, "objects", {})  # all other fields are frozen

    def absolute(self, path: str) -> str:
        return path

    def place(self, path: str) -> str:
        return path

    def beside(self, place: str, path: str) -> str | None:
        """Return the name of an object that another one names; None unless it was listed."""
        scheme, _, rest = place.partition("://")
        found = f"{scheme}://{normpath(join(dirname(rest), path))}"
        return found if found in self.objects else None

    def shown(self, path: str) -> str:
        return path

    def bare(self, path: str) -> str:
        return path.removesuffix(_GZIP).removesuffix(_ZSTD)

    def repository(self, place: str) -> str:
        return place

    def exists(self, place: str) -> bool:
        return place in self.objects

    def is_folder(self, place: str) -> bool:  # noqa: ARG002 - objects have no folders
        return False

    def is_file(self, place: str) -> bool:
        return place in self.objects

    def is_pipe(self, place: str) -> bool:  # noqa: ARG002 - objects are data
        return False

    def is_link(self, place: str) -> bool:  # noqa: ARG002 - the same
        return False

    def children(self, place: str) -> Children:
        raise FileNotFoundError(ENOENT, os.strerror(ENOENT), place)

    def size(self, place: str) -> int:
        return self._object(place).size

    def read(self, place: str, limit: int) -> bytes:
        """Return the bytes of an object, expanded; raise if it is not what was listed."""
        found = self._object(place)
        store, path = _opened(place)  # a connection does not outlive the split of a process
        try:
            data = _content(store, path, found.size, limit)
            now = store.info(path)
        except OSError:
            raise
        except Exception as error:  # libraries of stores raise what they like
            raise OSError(EIO, str(error) or type(error).__name__) from error
        if not _is_same(found.listed, now):
            raise OSError(ESTALE, "the object changed after it was listed", place)
        return data

    def _object(self, place: str) -> _Object:
        found = self.objects.get(place)
        if found is None:
            raise FileNotFoundError(ENOENT, os.strerror(ENOENT), place)
        return found


def find_objects(names: Iterable[str], choice: Choice) -> tuple[File, ...]:
    """Return the objects that names of objects, globs and folders of stores lead to.

    Raises `ReadError` for a name that leads to nothing.
    """
    tree = StoreTree(choice.tree.here)
    files: dict[str, File] = {}
    for name in names:
        listed = list(_listed(name))
        if not listed:
            raise ReadError(f"`{name}` does not exist")
        for found, by_path in listed:
            tree.objects[found.name] = found
            asked = by_path or bool(choice.scope.include)
            file = File(found.name, found.name, asked, by_path, scope=choice.scope, tree=tree)
            if found.name not in files and _is_wanted(file, choice):
                files[found.name] = file
    if any(name.endswith(_ZSTD) for name in files) and find_spec("zstandard") is None:
        raise UsageError(
            f"objects with the ending `{_ZSTD}` need the library `zstandard`",
            help=_INSTALL,
        )
    return tuple(files.values())


def _is_wanted(file: File, choice: Choice) -> bool:
    parts = tuple(part for part in file.path.split("/") if part)
    is_out = any(globs and globs.cover(parts) for globs in (choice.scope.exclude, choice.exclude))
    if file.by_path:
        return not (is_out and choice.force_exclude)
    if choice.scope.include and not choice.scope.include.cover(parts):
        return False
    return not is_out and (file.asked or choice.wanted(file))


def _listed(name: str) -> Iterator[tuple[_Object, bool]]:
    """Yield the objects of a name, and whether it, or a glob, names them and no folder does."""
    store, path = _opened(name)
    is_glob = any(char in path for char in "*?[")
    try:
        named = store.glob(path, detail=True) if is_glob else {path: store.info(path)}
        for at, info in sorted(named.items()):
            is_folder = info.get("type") == "directory"
            inside = store.find(at, detail=True) if is_folder else {at: info}
            for each, about in sorted(inside.items()):
                if about.get("type") == "file":  # a link on disk has another type
                    size = about.get("size")
                    full = store.unstrip_protocol(each)
                    yield _Object(full, size if isinstance(size, int) else 0, about), not is_folder
    except FileNotFoundError:
        return
    except Exception as error:
        reason = str(error) or type(error).__name__
        raise ReadError(f"`{name}` cannot be listed: {reason}") from error


def _opened(name: str) -> tuple[_Store, str]:
    """Return the store of a name, and the path in it; it is asked for each answer anew."""
    try:
        from fsspec.core import url_to_fs  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise UsageError(
            f"`{name}` is in a store, for which a library is missing",
            help=_INSTALL,
        ) from error
    try:
        return cast("tuple[_Store, str]", url_to_fs(name, use_listings_cache=False))
    except (ImportError, ValueError, TypeError) as error:
        reason = str(error)
        raise UsageError(f"`{name}` cannot be opened: {reason[:1].lower()}{reason[1:]}") from error


def _content(store: _Store, path: str, size: int, limit: int) -> bytes:
    if not path.endswith((_GZIP, _ZSTD)):
        return store.cat_file(path, 0, min(limit, size or limit))[:limit]
    data = store.cat_file(path, 0, min(limit + _MARGIN, MAX_BYTES, size or MAX_BYTES))
    if path.endswith(_GZIP):
        return gzip.GzipFile(fileobj=io.BytesIO(data)).read(limit)
    return _from_zstd(data, limit)


def _from_zstd(data: bytes, limit: int) -> bytes:
    """Return what is compressed, at most so many bytes; raise if its end is missing."""
    from zstandard import ZstdDecompressor  # noqa: PLC0415 - only where it is installed

    made = bytearray()
    frame = ZstdDecompressor().decompressobj()
    for at in range(0, len(data), _CHUNK):
        rest = data[at : at + _CHUNK]
        while rest and len(made) < limit:
            if frame.eof:
                frame = ZstdDecompressor().decompressobj()
            made += frame.decompress(rest)
            rest = frame.unused_data if frame.eof else b""
    if len(made) < limit and not frame.eof:
        raise EOFError("the compressed data ends too early")
    return bytes(made[:limit])


def _is_same(listed: Mapping[str, object], now: Mapping[str, object]) -> bool:
    """Return whether a store says the same of an object twice, by what it says both times."""
    both = {key for key in listed if listed[key] is not None and now.get(key) is not None}
    compared = both.intersection(_DIGESTS) or both.intersection(_TIMES)
    return all(_plain(listed[key]) == _plain(now[key]) for key in compared | both & {"size"})


def _plain(value: object) -> str:
    """Return a value in one spelling: a list of objects and one of them may differ in it."""
    return str(value.timestamp() if isinstance(value, datetime) else value).strip('"')
