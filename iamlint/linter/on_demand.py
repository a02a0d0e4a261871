"""The texts of files that a report shows, read again when they are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from iamlint.text.span import Lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from iamlint.linter.part import Hidden


class TextsOnDemand(Mapping[str, Lines]):
    """The lines of files by their paths; of some only those of the last that was asked for.

    `hidden` are passwords that no report shows, also in a file that is read again.
    """

    def __init__(
        self,
        known: Mapping[str, Lines],
        others: Mapping[str, None],
        read: Callable[[str], Lines | None],
        hidden: Sequence[Hidden] = (),
    ) -> None:
        self._known = known
        self._hidden = hidden
        for path in {path for path, *_ in hidden} & known.keys():
            self._hide(path, known[path])
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
        self._hide(path, again)
        return again

    def _hide(self, path: str, lines: Lines) -> None:
        for of_path, start, end in self._hidden:
            if of_path == path:
                lines.hide(start, end)

    def __iter__(self) -> Iterator[str]:
        yield from self._known
        yield from self._others

    def __len__(self) -> int:
        return len(self._known) + len(self._others)
