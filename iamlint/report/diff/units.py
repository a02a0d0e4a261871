"""The units of a comparison as reports list them, and how many there are of each sort."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.fast_dataclass import dataclass
from iamlint.policy.grammar import Kind
from iamlint.reason.answer import Open, Relation, UnitStatus
from iamlint.report.diff.words import has_many_actions
from iamlint.report.text import count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from iamlint.catalog import Catalog
    from iamlint.reason.answer import Diff, Difference, UnitChange
    from iamlint.report.diff.rank import Ranking

_STATUS = {UnitStatus.NEW: " (new)", UnitStatus.GONE: " (gone)", UnitStatus.MOVED: " (moved)"}


@dataclass(frozen=True, slots=True)
class DiffOutput:
    """The look of a report on changes, whose paths start at `here`."""

    catalog: Catalog
    here: Path
    color: bool = False


DiffReporter: TypeAlias = "Callable[[Diff, DiffOutput], str]"


@dataclass(frozen=True, slots=True)
class UnitView:
    """A unit with its name, which no other unit has, and what it gains and loses, sorted."""

    name: str
    change: UnitChange
    gained: Sequence[Difference]
    lost: Sequence[Difference]

    @property
    def open(self) -> Sequence[Open]:
        """The things that are unknown; one that decides about gains and losses is there once.

        Of more than a few the first one is shown, with the names of all.
        """
        found: dict[tuple[str, tuple[str, ...]], Open] = {}
        for one in sorted(self.change.comparison.open, key=lambda one: not one.of_gains):
            found.setdefault((one.reason, one.names), one)
        every = [*found.values()]
        return [one for ways in (True, False) for one in _few([*_of(every, ways)])]

    @property
    def is_holder(self) -> bool:
        """Whether it is a principal, which gains and loses itself."""
        return self.change.subject is not None and self.change.kind == Kind.IDENTITY

    @property
    def title(self) -> str:
        """The name, and what became of the unit if it is more than a change."""
        return f"{self.name}{_STATUS.get(self.change.status, '')}"


_FEW: Final = 2


def _of(every: Iterable[Open], of_gains: bool) -> Iterator[Open]:  # noqa: FBT001 - one of two
    return (one for one in every if one.of_gains is of_gains)


def _few(every: Sequence[Open]) -> Sequence[Open]:
    """Return reasons, of many the first with the names of all."""
    if len(every) <= _FEW:
        return every
    first, *others = every
    names = tuple(dict.fromkeys(name for one in every for name in one.names))
    reason = f"{first.reason}, and for {len(others)} more reasons"
    return [Open(reason, names, first.because, first.of_gains)]


def strongest_units_first(diff: Diff, ranking: Ranking) -> Sequence[UnitView]:
    """Return the units: those with the strongest gains, the strongest losses, then the others."""
    views = [*_views(diff, ranking)]
    return sorted(views, key=lambda view: _order(view, ranking))


def _views(diff: Diff, ranking: Ranking) -> Iterator[UnitView]:
    subjects = Counter(change.subject for change in diff.changes)
    for change in diff.changes:
        name = change.subject or change.path or "the policy"
        if subjects[change.subject] > 1 and change.subject:
            more = change.account or change.address or change.path
            name = f"{name} of {more}" if more else name
        gained, lost = (
            [
                ranking.strongest_actions_first(one) if has_many_actions(one) else one
                for one in ranking.strongest_first(found)
            ]
            for found in (change.comparison.gained, change.comparison.lost)
        )
        yield UnitView(name, change, gained, lost)


def _order(view: UnitView, ranking: Ranking) -> tuple[object, ...]:
    gained = min(map(ranking.strength, view.gained), default=())
    lost = min(map(ranking.strength, view.lost), default=())
    return not gained, gained, not lost, lost, not view.open, view.name, view.change.path or ""


@dataclass(frozen=True, slots=True)
class DiffCounts:
    """How many units there are of each sort; one that gains and loses counts for both."""

    gained: int
    lost: int
    same: int
    unchanged: int
    unknown: int

    def __str__(self) -> str:
        words = {
            "gained": self.gained,
            "lost": self.lost,
            "same meaning": self.same,
            "unknown": self.unknown,
        }
        found = ", ".join(f"{number} {word}" for word, number in words.items() if number)
        return found or "nothing changed"


def counts_of(diff: Diff) -> DiffCounts:
    """Return how many units there are of each sort."""
    found = [change.comparison for change in diff.changes]
    return DiffCounts(
        gained=sum(bool(one.gained) for one in found),
        lost=sum(bool(one.lost) for one in found),
        same=sum(one.relation is Relation.EQUIVALENT for one in found),
        unchanged=diff.unchanged,
        unknown=sum(bool(one.open) for one in found),
    )


def gaps(diff: Diff) -> int:
    """Return in how many places a policy may be that was not compared."""
    return sum(item.cause.is_gap for item in diff.not_analysed)


def not_compared(diff: Diff) -> str:
    """Return how many places may hold a policy that was not compared; empty for none."""
    number = gaps(diff)
    return f"{count(number, 'place')} not analysed" if number else ""


def headline(diff: Diff) -> str:
    """Return in one line what changes; that no principal gains access only if it is proved."""
    counts = counts_of(diff)
    is_open = any(change.comparison.is_gain_open for change in diff.changes)
    if counts.gained or is_open or gaps(diff):
        return str(counts)
    return f"no principal gains access{f': {counts}' if diff.changes else ''}"
