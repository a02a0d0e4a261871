"""For people: one chain for each start, one line for each step, then what is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.graph.answer import Reaching, StepLevel
from iamlint.graph.changed import answers_of
from iamlint.graph.words import if_of, key_of
from iamlint.report.graph.view import GraphView
from iamlint.report.graph.words import (
    becoming,
    counts,
    headline,
    notes_of,
    places_of,
    reasons_of,
    set_by,
    step_of,
)
from iamlint.report.painter import Painter
from iamlint.report.phrases import deciders, folded
from iamlint.report.text import count, left_out
from iamlint.text.shown import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iamlint.graph.answer import ClosedWay, GraphAnswer, GraphChain, GraphEdge, NeededKey
    from iamlint.report.graph.view import GraphFound, GraphOutput

_GAP: Final = "  "
_COLUMN: Final = "   "
_WIDEST: Final = 60
_MOST_NAMES: Final = 8
_MOST_CLOSED: Final = 10
_COLORS: Final = {
    Reaching.YES: "31",
    Reaching.CONDITIONAL: "33",
    Reaching.UNKNOWN: "35",
    Reaching.NO: "36",
}


def report(found: GraphFound, output: GraphOutput) -> str:
    view = GraphView(found, output.level)
    text = _Text(view, Painter(on=output.color))
    lines = [*text.chains(), *text.gone(), *text.conditions(), *text.unknown()]
    lines += [*text.hidden(output.level), *text.others(), *text.closed()]
    lines += [
        f"not analysed: {plain(item.path)}: {plain(left_out(item))}"
        for item in view.whole.not_analysed
        if item.cause.is_gap
    ]
    lines += [f"taken for granted: {plain(note)}" for note in notes_of(view)]
    lines.append(Painter(on=output.color).bold(plain(counts(view))))
    return "".join(f"{line}\n" for line in lines)


class _Text:
    """Writes the lines of a graph."""

    def __init__(self, view: GraphView, painter: Painter) -> None:
        self._view = view
        self._painter = painter

    def chains(self) -> Iterator[str]:
        for one in self._view.chains:
            yield self._head(one)
            yield from self._steps(one.chain)
            for chain in one.alternatives:
                yield f"{_GAP}or"
                yield from self._steps(chain)

    def _head(self, one: GraphAnswer) -> str:
        before = self._view.before(one)
        shown = plain(headline(one, self._view.graph)) + (f" ({before})" if before else "")
        return self._painter.paint(shown, _COLORS[one.answer])

    def _steps(self, chain: GraphChain) -> Iterator[str]:
        edges = [
            *(
                (edge, f"also {step_of(edge, self._view.nodes)}")
                for edge in self._view.aside(chain)
            ),
            *((edge, step_of(edge, self._view.nodes)) for edge in self._view.steps(chain)),
        ]
        width = max((len(plain(text)) for _, text in edges), default=0)
        for edge, text in edges:
            yield self._step(edge, plain(text), min(width, _WIDEST))

    def _step(self, edge: GraphEdge, text: str, width: int) -> str:
        places = plain(", ".join(places_of(edge.places)))
        where = f"by {self._painter.dim(places)}" if places else ""
        unknown = "unknown" if edge.level is StepLevel.UNKNOWN else ""
        rest = [part for part in (where, plain(if_of(edge.conditions)), unknown) if part]
        return _GAP + (_COLUMN.join([f"{text:{width}}", *rest]) if rest else text)

    def gone(self) -> Iterator[str]:
        """Yield the starts whose old answer is stronger than the new one."""
        if self._view.gone is None:
            return
        now = answers_of(self._view.whole)
        for one in self._view.gone.answers:
            answer = now.get(one.start, Reaching.NO)
            shown = f"gone: {one.start} to {one.end}: was {one.answer}, now {answer}"
            yield self._painter.paint(plain(shown), _COLORS[Reaching.NO])

    def conditions(self) -> Iterator[str]:
        """Yield each key with the starts whose chains depend on it."""
        found: dict[NeededKey, list[str]] = {}
        for one in self._view.chains:
            for key in dict.fromkeys(one.conditions):
                found.setdefault(key, []).append(one.start)
        for key, starts in found.items():
            shown = f"conditional on {key_of(key)} ({set_by(key)}): {folded(starts, _MOST_NAMES)}"
            yield self._painter.paint(plain(shown), _COLORS[Reaching.CONDITIONAL])

    def unknown(self) -> Iterator[str]:
        """Yield what is not known, and what would decide it, for starts that are alike."""
        found: dict[tuple[tuple[str, ...], tuple[str, ...]], list[GraphAnswer]] = {}
        for one in self._view.with_answer(Reaching.UNKNOWN):
            reasons = tuple(reasons_of(self._view.steps(one.chain)))
            found.setdefault((reasons, one.deciders), []).append(one)
        for (reasons, names), answers in found.items():
            starts = folded([one.start for one in answers], _MOST_NAMES)
            shown = f"unknown whether {starts} can {becoming(self._view.graph)}"
            yield self._painter.paint(plain(shown), _COLORS[Reaching.UNKNOWN])
            yield from (f"{_GAP}because {plain(reason)}" for reason in reasons)
            if help_ := deciders(names):
                yield f"{_GAP}help: {plain(help_)}"

    def hidden(self, level: StepLevel) -> Iterator[str]:
        """Yield how many conditional chains are not shown."""
        if level is not StepLevel.SURE:
            return
        if number := len(self._view.with_answer(Reaching.CONDITIONAL)):
            yield f"not shown: {count(number, 'chain')} with conditions (`--level conditional`)"

    def others(self) -> Iterator[str]:
        """Yield who has no chain, and who needs none."""
        without = [one.start for one in self._view.with_answer(Reaching.NO)]
        yield from _names("no chain in these files", without)
        yield from _names("administrators", self._view.administrators)

    def closed(self) -> Iterator[str]:
        """Yield the first ways that are not open, each with the reason."""
        ways = self._view.graph.closed if self._view.change is None else ()
        yield from map(_closed, ways[:_MOST_CLOSED])
        if (more := len(ways) - _MOST_CLOSED) > 0:
            yield f"not open: {count(more, 'more way')}"


def _names(title: str, names: Sequence[str]) -> Iterator[str]:
    if names:
        yield plain(f"{title}: {folded(names, _MOST_NAMES)}")


def _closed(way: ClosedWay) -> str:
    who = f"{way.start}: " if way.start else ""
    where = ", ".join(places_of(way.places))
    shown = f"not open ({way.closed}): {who}{way.path}: {way.why}"
    return plain(shown + (f"{_COLUMN}by {where}" if where else ""))
