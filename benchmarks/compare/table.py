"""The figures of each row, as a table in Markdown and as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.compare.rows import BEFORE, Figure, Limit, MemoryLimit, Row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.compare.measure import Sample
    from benchmarks.compare.peers import PeerRuns

MEGA = 1_000_000


def median(values: Sequence[float]) -> float:
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


@dataclass(frozen=True, slots=True)
class Measured:
    """A row, and what was measured of it here and in the other tree."""

    row: Row
    size: int
    """Bytes of the files of its folder."""
    now: Sequence[Sample]
    before: Sequence[Sample] = ()
    peers: Sequence[PeerRuns] = ()

    @property
    def seconds(self) -> float:
        return median([one.seconds / one.count for one in self.now])

    @property
    def peak(self) -> float:
        return median([one.peak for one in self.now])

    @property
    def ratio(self) -> float | None:
        """Return the median of the ratios of runs that followed each other."""
        pairs = zip(self.now, self.before, strict=False)
        return median([_per(one) / _per(other) for one, other in pairs]) if self.before else None

    @property
    def ratio_of_minima(self) -> float | None:
        if not self.before:
            return None
        return min(map(_per, self.now)) / min(map(_per, self.before))

    @property
    def has_same_output(self) -> bool | None:
        """Return whether all runs printed the same; None if they are not expected to."""
        if not self.row.same or not self.before:
            return None
        return len({one.digest for one in (*self.now, *self.before)}) == 1


def _per(sample: Sample) -> float:
    return sample.seconds / sample.count


def reached(one: Measured, others: Mapping[str, Measured]) -> str:
    """Return which limits the row reaches: `goal`, `required` or `no`; nothing if unknown."""
    grades = [
        _grade(one.row.required, one.row.goal, lambda limit: _within(one, limit, others)),
        _grade(one.row.memory, one.row.memory_goal, lambda limit: _fits(one, limit)),
    ]
    known = [grade for grade in grades if grade is not None]
    return ("no", "required", "goal")[min(known)] if known else ""


def _grade(required: Any, goal: Any, holds: Any) -> int | None:
    if required is None or holds(required) is None:
        return None
    return 2 if holds(goal) else int(holds(required))


def _within(one: Measured, limit: Limit, others: Mapping[str, Measured]) -> bool | None:
    if limit.of == BEFORE:
        return None if one.ratio is None else one.ratio <= limit.ratio
    other = others.get(limit.of)
    return one.seconds <= limit.ratio * other.seconds + limit.plus if other else None


def _fits(one: Measured, limit: MemoryLimit) -> bool:
    most = limit.megabytes * MEGA if limit.megabytes else (limit.inputs or 0) * one.size
    return one.peak <= most


def table(found: Sequence[Measured]) -> str:
    """Return the rows as a table in Markdown; with the other tree, if there is one."""
    others = {one.row.name: one for one in found}
    compared = any(one.before for one in found)
    head = ["work", "before", "now", "ratio", "of minima", "required", "goal", "reached"]
    head += ["MB before", "MB", "MB limit", "output"]
    rows = [_cells(one, reached(one, others)) for one in found]
    kept = range(len(head)) if compared else [head.index(name) for name in ("work", "now", "MB")]
    head, *rows = ([line[at] for at in kept] for line in (head, *rows))
    return markdown(head, rows)


def _cells(one: Measured, grade: str) -> list[str]:
    row = one.row
    limits = f"{row.memory} / {row.memory_goal}" if row.memory else ""
    same = {None: "", True: "same", False: "**differs**"}[one.has_same_output]
    return [
        row.work,
        figure(row, one.before),
        figure(row, one.now),
        _ratio(one.ratio),
        _ratio(one.ratio_of_minima),
        str(row.required or ""),
        str(row.goal or ""),
        grade,
        memory(one, one.before),
        memory(one, one.now),
        limits,
        same,
    ]


def peer_table(found: Sequence[Measured]) -> str:
    """Return what peers take for the same works, and how many times as much as iamlint."""
    head = ["work", "iamlint", "MB", "peer", "CPU", "of iamlint's", "MB", "of iamlint's"]
    return markdown(head, [_peer_cells(one, runs) for one in found for runs in one.peers])


def _peer_cells(one: Measured, runs: PeerRuns) -> list[str]:
    name = f"{runs.installed.peer.name} {runs.installed.version}".rstrip()
    own = [one.row.work, f"{one.seconds:.2f} s", f"{one.peak / MEGA:.0f}", name]
    if not runs.samples:
        return [*own, runs.reason or runs.installed.reason, "", "", ""]
    seconds = median([sample.seconds for sample in runs.samples])
    peak = median([sample.peak for sample in runs.samples])
    return [
        *own,
        f"{seconds:.2f} s",
        f"{seconds / one.seconds:.1f} ×",
        f"{peak / MEGA:.0f}",
        f"{peak / one.peak:.1f} ×",
    ]


def _ratio(ratio: float | None) -> str:
    return "" if ratio is None else f"{ratio:.2f} ×"


def figure(row: Row, samples: Sequence[Sample]) -> str:
    if not samples:
        return ""
    if row.figure is Figure.RATE:
        return f"{1 / median([_per(one) for one in samples]):,.0f} /s"
    return f"{median([one.seconds for one in samples]):.3f} s"


def memory(one: Measured, samples: Sequence[Sample]) -> str:
    if not samples:
        return ""
    peak = median([sample.peak for sample in samples])
    times = f" ({peak / one.size:.1f} × input)" if one.row.input else ""
    return f"{peak / MEGA:.0f}{times}"


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(line) + " |" for line in (head, ["---"] * len(head), *rows)]
    return "\n".join(lines) + "\n"


def as_data(found: Sequence[Measured]) -> list[dict[str, Any]]:
    """Return all figures: seconds and bytes of each run, ratios and which limits are reached."""
    others = {one.row.name: one for one in found}
    return [
        {
            "row": one.row.name,
            "work": one.row.work,
            "input_bytes": one.size,
            "now": [_sample(sample) for sample in one.now],
            "before": [_sample(sample) for sample in one.before],
            "ratio": one.ratio,
            "ratio_of_minima": one.ratio_of_minima,
            "required": str(one.row.required or "") or None,
            "goal": str(one.row.goal or "") or None,
            "reached": reached(one, others) or None,
            "same_output": one.has_same_output,
            "peers": [
                {
                    "name": runs.installed.peer.name,
                    "version": runs.installed.version,
                    "runs": [_sample(sample) for sample in runs.samples],
                    "reason": runs.reason or runs.installed.reason or None,
                }
                for runs in one.peers
            ],
        }
        for one in found
    ]


def _sample(sample: Sample) -> dict[str, float | int]:
    return {
        "cpu_seconds": sample.seconds,
        "count": sample.count,
        "peak_bytes": sample.peak,
        "exit": sample.exit,
    }
