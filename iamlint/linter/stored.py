"""The findings of many parts, on disk, and read again in the order of reports."""

from __future__ import annotations

from collections import deque
from heapq import heappop, heappush, heapreplace
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Final
from weakref import finalize

from iamlint.fast_dataclass import dataclass
from iamlint.linter.part_lines import findings_of, start_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.linter.part_lines import Start
    from iamlint.linter.written import WrittenPart
    from iamlint.rule.finding import Finding

_IN_MEMORY: Final = 1_000_000
"""Bytes of findings that are not worth a file."""


@dataclass(frozen=True, slots=True, order=True)
class _Segment:
    """Where in the file the findings of a part are; the first of them starts at `start`."""

    start: Start
    number: int
    offset: int
    size: int


class FindingsStore:
    """The findings of many parts in a file without a name, which is gone with the process."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - see below
        finalize(self, self._file.close)
        self._segments: list[_Segment] = []
        self._end = 0

    def add(self, number: int, part: WrittenPart) -> None:
        """Keep the findings of a part; of equal ones, those of the lower number come first."""
        if part.start is None:
            return
        text = part.lines[1]
        self._file.seek(self._end)
        self._file.write(text)
        self._segments.append(_Segment(part.start, number, self._end, len(text)))
        self._end += len(text)

    def __iter__(self) -> Iterator[Finding]:
        """Yield all findings in the order of reports.

        A part is read when its first finding is near, so that few of them are in memory.
        """
        waiting = deque(sorted(self._segments))
        heads: list[tuple[object, int, Finding, Iterator[Finding]]] = []
        while waiting or heads:
            while waiting and (not heads or waiting[0].start <= start_of(heads[0][2])):
                segment = waiting.popleft()
                rest = self._read(segment)
                first = next(rest)
                heappush(heads, (first.order, segment.number, first, rest))
            _, number, finding, rest = heads[0]
            yield finding
            following = next(rest, None)
            if following is None:
                heappop(heads)
            else:
                heapreplace(heads, (following.order, number, following, rest))

    def _read(self, segment: _Segment) -> Iterator[Finding]:
        self._file.seek(segment.offset)
        return findings_of(self._file.read(segment.size))
