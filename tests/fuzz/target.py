"""The targets of the fuzzer.

A target raises `Wrong` if a property does not hold. Documented errors of input are not faults.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from iamlint.config import nearest
from tests.fuzz.archive import unpack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

OFTEN: Final = 4
"""One in so many inputs is looked at twice, which takes twice the time."""


class Wrong(AssertionError):  # noqa: N818 - what it says is no error of the program, but of ours
    """A property that does not hold; `kind` is the same for all inputs with one cause."""

    def __init__(self, kind: str, message: str = "") -> None:
        super().__init__(f"{kind}: {message}")
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Target:
    """A target: `run` takes the files of an archive by their names; `longest` is in bytes."""

    name: str
    run: Callable[[Mapping[str, bytes]], None]
    seeds: Callable[[], Iterable[bytes]]
    longest: int = 4_000

    def __call__(self, archive: bytes) -> None:
        nearest.cache_clear()
        if files := unpack(archive):
            self.run(files)


def is_one_in(number: int, *bodies: bytes) -> bool:
    """Return whether to read an input twice; the same each time."""
    return zlib.crc32(b"".join(bodies)) % number == 0


def equal(kind: str, one: object, other: object) -> None:
    if one != other:
        raise Wrong(kind, f"{one!r} and {other!r}"[:2000])
