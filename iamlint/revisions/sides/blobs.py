"""Reads the contents of files from the object store of a repository.

https://git-scm.com/docs/git-cat-file#_batch_output
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from errno import EFBIG, EIO, ENOENT
from typing import IO, TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.revisions.sides.git import GitProcess, GitRepository

_MAX_KEPT: Final = 256_000_000
"""Bytes of blobs that are kept for the other side."""

MAX_GIVEN: Final = 8_000_000_000
"""Bytes that are given for all files: few objects can be the content of many files."""

_CHUNK: Final = 1_000_000


class BlobReader:
    """The blobs of a repository. A blob that both sides have is read once.

    One process of git gives all that is asked for while the reader is `held_open`. Later questions
    take a process each.
    """

    def __init__(self, git: GitRepository) -> None:
        self._git = git
        self._kept: dict[str, bytes] = {}
        self._size = 0
        self._given = 0
        self._process: GitProcess | None = None
        self._is_held = False

    @contextmanager
    def held_open(self) -> Iterator[None]:
        """Keep the process of git until the end of the block."""
        self._is_held = True
        try:
            yield
        finally:
            self._is_held = False
            self._stop()

    def read(self, oid: str, limit: int) -> bytes:
        """Return the bytes of a blob, at most so many; raise `OSError`."""
        kept = self._kept.get(oid)
        data = self._read(oid, limit) if kept is None else kept[:limit]
        self._given += len(data)
        if self._given > MAX_GIVEN:
            raise OSError(EFBIG, f"the files have more than {MAX_GIVEN:,} bytes together")
        return data

    def _read(self, oid: str, limit: int) -> bytes:
        size, out = self._ask(oid)
        wanted = min(size, limit)
        data = _exactly(out, wanted)
        if wanted == size and len(data) == wanted:
            out.read(1)  # the end of the line
            self._keep(oid, data)
        else:
            self._stop()  # the rest is not read
        if len(data) < wanted:
            raise OSError(EIO, "git ended too early")
        if not self._is_held:
            self._stop()
        return data

    def size(self, oid: str) -> int:
        """Return the number of bytes of a blob; raise `OSError`."""
        kept = self._kept.get(oid)
        if kept is not None:
            return len(kept)
        size, _ = self._ask(oid)
        self._stop()
        return size

    def _ask(self, oid: str) -> tuple[int, IO[bytes]]:
        """Return the size of a blob, and where its bytes come next."""
        process = self._process or self._git.start("cat-file", "--batch")
        self._process = process
        into, out = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
        try:
            into.write(f"{oid}\n".encode())
            into.flush()
            header = out.readline().split()
        except BrokenPipeError:
            header = []
        if header[1:2] == [b"blob"]:
            return int(header[2]), out
        self._stop()
        raise OSError(ENOENT, "its content is missing in this clone, which is partial or damaged")

    def _keep(self, oid: str, data: bytes) -> None:
        if self._size + len(data) <= _MAX_KEPT:
            self._kept[oid] = data
            self._size += len(data)

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()  # it only reads
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):  # what was not written has no reader
                    stream.close()
        process.wait()


def _exactly(out: IO[bytes], count: int) -> bytes:
    """Return so many bytes, fewer at the end; room is made as they come."""
    data = bytearray()
    while len(data) < count and (more := out.read(min(_CHUNK, count - len(data)))):
        data += more
    return bytes(data)
