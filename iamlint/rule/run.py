"""What a run found: all that a report can say."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, overload

from iamlint.fast_dataclass import dataclass
from iamlint.rule.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from iamlint.errors import InternalError
    from iamlint.load.document import NotAnalysed
    from iamlint.rule.rule import Rule
    from iamlint.text.span import Lines

Counted: TypeAlias = tuple[str, Severity, bool, bool]
"""The rule and the severity of a finding, and whether it is open, and whether it is suppressed."""


class StoredFindings(Sequence[Finding]):
    """Findings that are not all in memory: each look at them reads them again, in order."""

    def __init__(self, read: Callable[[], Iterable[Finding]]) -> None:
        self._read = read
        self._tally: Counter[Counted] | None = None

    @property
    def tally(self) -> Counter[Counted]:
        """How many there are of each sort, known once they have all been read."""
        if self._tally is None:
            deque(self, maxlen=0)
        return self._tally or Counter()

    def __iter__(self) -> Iterator[Finding]:
        tally: Counter[Counted] = Counter()
        for finding in self._read():
            tally[_counted(finding)] += 1
            yield finding
        self._tally = tally

    def __len__(self) -> int:
        return self.tally.total()

    @overload
    def __getitem__(self, at: int) -> Finding: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Finding]: ...
    def __getitem__(self, at: int | slice) -> Finding | Sequence[Finding]:
        if isinstance(at, int) and at >= 0:
            for finding in islice(self, at, None):
                return finding
            raise IndexError(at)
        return tuple(self)[at]


@dataclass(frozen=True, slots=True)
class SwitchedOff:
    """What a configuration below the named folder may hide, against the one that holds there.

    `rules` are off, those of `severities` count for less, and findings depend on `settings`, which
    are keys of the file.
    """

    path: str
    rules: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DatedReport:
    """A report on an account that was read, and the time that it is of, in ISO 8601."""

    path: str
    kind: str
    as_of: str

    def age(self, at: datetime) -> int:
        """Return how many days old it was at a time."""
        from datetime import datetime  # noqa: PLC0415 - few runs read a report

        return (at - datetime.fromisoformat(self.as_of)).days


@dataclass(frozen=True, slots=True)
class Run:
    """All that a report can say.

    `findings` are sorted and include the suppressed ones; those of many parts are read from disk
    each time they are looked at. `lines` holds the text of every file that was read, by its path;
    paths start at `here`. `switched_off` is sorted by path. `subjects` counts what was looked at
    besides policies, `reports` are those on accounts, which are judged at the time `at` if the user
    gives one.
    """

    findings: Sequence[Finding]
    not_analysed: tuple[NotAnalysed, ...]
    broken: tuple[InternalError, ...]
    files: int
    policies: int
    lines: Mapping[str, Lines]
    rules: tuple[Rule, ...]
    catalog_date: str
    here: Path = Path()
    switched_off: tuple[SwitchedOff, ...] = ()
    subjects: int = 0
    reports: tuple[DatedReport, ...] = ()
    at: datetime | None = None

    @property
    def open(self) -> tuple[Finding, ...]:
        """The findings that are neither suppressed nor part of another one."""
        return tuple(f for f in self.findings if f.is_open)

    @property
    def tally(self) -> Counter[Counted]:
        """How many findings there are of each sort."""
        if isinstance(self.findings, StoredFindings):
            return self.findings.tally
        return Counter(map(_counted, self.findings))


def _counted(finding: Finding) -> Counted:
    return finding.rule, finding.severity, finding.is_open, finding.suppressed is not None
