"""For people: what each principal and policy gains, the strongest first, and what it loses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.report.diff.example import example
from iamlint.report.diff.rank import Ranking
from iamlint.report.diff.spots import line_of, place_of_unit
from iamlint.report.diff.units import counts_of, headline, not_compared, strongest_units_first
from iamlint.report.diff.words import (
    access_of,
    assumed,
    reason_of,
    same_meaning,
    to_decide,
)
from iamlint.report.painter import Painter
from iamlint.report.text import left_out
from iamlint.text.shown import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.reason.answer import Diff, Difference, Open
    from iamlint.report.diff.units import DiffOutput, UnitView

_WIDTH: Final = 100
_GAP: Final = "  "
_MOST_LOSSES: Final = 3
_GRAVE, _GAIN, _LOSS, _OPEN = "31", "33", "36", "35"


def report(diff: Diff, output: DiffOutput) -> str:
    ranking = Ranking(output.catalog)
    text = _Text(ranking, output)
    views = strongest_units_first(diff, ranking)
    lines = [line for view in views for line in text.unit(view)]
    if same := same_meaning(diff):
        lines.append(plain(same))
    lines += [
        f"not analysed: {plain(item.path)}: {plain(left_out(item))}"
        for item in diff.not_analysed
        if item.cause.is_gap
    ]
    lines.append(Painter(on=output.color).bold(_last(diff)))
    return "".join(f"{line}\n" for line in lines)


class _Text:
    """Writes the lines of one unit."""

    def __init__(self, ranking: Ranking, output: DiffOutput) -> None:
        self._ranking = ranking
        self._catalog = output.catalog
        self._painter = Painter(on=output.color)

    def unit(self, view: UnitView) -> Iterator[str]:
        if view.gained:
            place = place_of_unit(view.change, view.gained)
            yield self._head(view.title, "gains" if view.is_holder else "allows more", place)
            for one in view.gained:
                yield from self._gain(view, one, place)
        if view.lost:
            place = place_of_unit(view.change, view.lost)
            yield self._head(view.title, "loses" if view.is_holder else "allows less", place)
            yield from self._losses(view)
        for unknown in view.open:
            yield from self._open(view, unknown)

    def _head(self, title: str, verb: str, place: str) -> str:
        shown, where = f"{plain(title)} {verb}", plain(place)
        space = " " * max(_WIDTH - len(shown) - len(where), len(_GAP))
        return self._painter.bold(shown) + (space + self._painter.dim(where) if where else "")

    def _gain(self, view: UnitView, one: Difference, place: str) -> Iterator[str]:
        color = _GRAVE if self._ranking.is_grave(one) else _GAIN
        yield f"{_GAP}{self._painter.paint(plain(access_of(one)), color)}"
        if (granted := line_of(one.because)) and granted != place:
            yield f"{_GAP}granted at {self._painter.dim(plain(granted))}"
        values = f", {plain(given)}" if (given := assumed(one)) else ""
        yield f"{_GAP}for example{values}: {plain(example(view.change, one, self._catalog))}"
        if one.witness.unlisted:
            keys = ", ".join(f"`{key}`" for key in one.witness.unlisted)
            yield plain(f"{_GAP}note: AWS does not list {keys} for `{one.witness.action}`")

    def _losses(self, view: UnitView) -> Iterator[str]:
        for one in view.lost[:_MOST_LOSSES]:
            yield f"{_GAP}{self._painter.paint(plain(access_of(one)), _LOSS)}"
        if (more := len(view.lost) - _MOST_LOSSES) > 0:
            yield f"{_GAP}and {more} more"

    def _open(self, view: UnitView, one: Open) -> Iterator[str]:
        shown = plain(f"{view.title}: {reason_of(one)}")
        where = plain(line_of(one.because))
        yield self._painter.paint(shown, _OPEN) + (
            f"{_GAP}{self._painter.dim(where)}" if where else ""
        )
        if help_ := to_decide(one):
            yield plain(f"{_GAP}help: {help_}")


def _last(diff: Diff) -> str:
    counts = counts_of(diff)
    parts = [headline(diff)]
    if counts.unchanged:
        parts.append(f"{counts.unchanged} unchanged")
    if missing := not_compared(diff):
        parts.append(missing)
    return "; ".join(parts)
