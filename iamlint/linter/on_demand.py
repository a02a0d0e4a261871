"""The texts of files that a report shows, read again when they are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from iamlint.text.span import Lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class TextsOnDemand(Mapping[str, Lines]):
    """The lines of files by their paths; of some only those of the last that was asked for."""

    def __init__(
        self,
        known: Mapping[str, Lines],
        others: Mapping[str, None],
        read: Callable[[str], Lines | None],
    ) -> None:
        self._known = known
        self._others = others
        self._read = lru_cache(maxsize=1)(read)

    def __getitem__(self, path: str) -> Lines:
        found = self._known.get(path)
        if found is not None:
            return found
        if path not in self._others:
            raise KeyError(path)
        again = self._read(path)
        if again is None:
            raise KeyError(path)
        return again

    def __iter__(self) -> Iterator[str]:
        yield from self._known
        yield from self._others

    def __len__(self) -> int:
        return len(self._known) + len(self._others)
