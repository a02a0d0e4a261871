"""The findings of many parts, on disk, and read again in the order of reports."""

from __future__ import annotations

from array import array
from collections import deque
from heapq import heappop, heappush, heapreplace
from sys import intern
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Final
from weakref import finalize

from iamlint.linter.part_lines import findings_of, start_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.linter.written import WrittenPart
    from iamlint.rule.finding import Finding

_IN_MEMORY: Final = 1_000_000
"""Bytes of findings that are not worth a file."""


class FindingsStore:
    """The findings of many parts in a file without a name, which is gone with the process."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - see below
        finalize(self, self._file.close)
        # Of each part: its number, the path and the line of its first finding, and its end.
        self._numbers = array("L")
        self._paths: list[str] = []
        self._lines = array("L")
        self._ends = array("Q", [0])

    def add(self, number: int, part: WrittenPart) -> None:
        """Keep the findings of a part; of equal ones, those of the lower number come first."""
        if part.start is None:
            return
        path, line = part.start
        text = part.lines[1]
        self._file.seek(self._ends[-1])
        self._file.write(text)
        self._numbers.append(number)
        self._paths.append(intern(path))
        self._lines.append(line)
        self._ends.append(self._ends[-1] + len(text))

    def __iter__(self) -> Iterator[Finding]:
        """Yield all findings in the order of reports.

        A part is read when its first finding is near, so that few of them are in memory.
        """
        waiting = deque(sorted(range(len(self._paths)), key=self._start))
        heads: list[tuple[object, int, Finding, Iterator[Finding]]] = []
        while waiting or heads:
            while waiting and (not heads or self._start(waiting[0])[:2] <= start_of(heads[0][2])):
                at = waiting.popleft()
                rest = self._read(at)
                first = next(rest)
                heappush(heads, (first.order, self._numbers[at], first, rest))
            _, number, finding, rest = heads[0]
            yield finding
            following = next(rest, None)
            if following is None:
                heappop(heads)
            else:
                heapreplace(heads, (following.order, number, following, rest))

    def _start(self, at: int) -> tuple[str, int, int]:
        return self._paths[at], self._lines[at], self._numbers[at]

    def _read(self, at: int) -> Iterator[Finding]:
        self._file.seek(self._ends[at])
        return findings_of(self._file.read(self._ends[at + 1] - self._ends[at]))
