"""A graph in GitHub's Markdown: a table of chains for a comment on a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.graph.answer import Reaching
from iamlint.graph.changed import answers_of
from iamlint.graph.words import if_of
from iamlint.report.graph.view import GraphView
from iamlint.report.graph.words import becoming, counts, notes_of, places_of, reasons_of, step_of
from iamlint.report.markdown_page import MarkdownBlock, MarkdownPage
from iamlint.report.markdown_text import code, text
from iamlint.report.phrases import deciders
from iamlint.report.text import left_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.graph.answer import ClosedWay, GraphAnswer, GraphChain
    from iamlint.report.graph.view import GraphFound, GraphOutput

_MOST_CHAINS: Final = 30_000
_MOST_UNKNOWN: Final = 10_000
_MOST_PLACES: Final = 6
_LONGEST_CHAIN: Final = 8
_HEAD: Final = "| who | becomes | by which steps | if | where |\n|---|---|---|---|---|"
_ACCESS: Final = _HEAD.replace("becomes", "gets")
_GONE: Final = "| who | becomes | was | is now |\n|---|---|---|---|"


def report(found: GraphFound, output: GraphOutput) -> str:
    view = GraphView(found, output.level)
    page = MarkdownPage(["### iamlint graph", f"**{text(counts(view))}**"])
    head = _ACCESS if view.graph.actions else _HEAD
    rows = [_row(view, one, one.chain) for one in view.chains]
    page.add(MarkdownBlock(head, rows, "chain"), _MOST_CHAINS)
    page.add(MarkdownBlock("", [*_unknown(view)], "unknown answer"), _MOST_UNKNOWN)
    for block in _folded(view, head):
        page.add(block, page.room // 2)
    return page.text


def _folded(view: GraphView, head: str) -> Iterator[MarkdownBlock]:
    yield MarkdownBlock(_GONE, [*_gone(view)], "chain", "What is gone")
    others = [_row(view, one, each) for one in view.chains for each in one.alternatives]
    yield MarkdownBlock(head, others, "chain", "Other chains")
    closed = [] if view.change else [*map(_closed, view.graph.closed)]
    yield MarkdownBlock("", closed, "way", "Ways that are not open")
    notes = [f"- {text(note)}" for note in notes_of(view)]
    yield MarkdownBlock("", notes, "note", "What is taken for granted")
    missing = [
        f"- {code(item.path)}: {text(left_out(item))}"
        for item in view.whole.not_analysed
        if item.cause.is_gap
    ]
    yield MarkdownBlock("", missing, "place", "What is not analysed")


def _row(view: GraphView, one: GraphAnswer, chain: GraphChain) -> str:
    steps = [f"also {step_of(edge, view.nodes)}" for edge in view.aside(chain)]
    steps += [step_of(edge, view.nodes) for edge in view.steps(chain)]
    edges = (*view.aside(chain), *view.steps(chain))
    places = places_of(place for edge in edges for place in edge.places)
    before = view.before(one)
    who = text(one.start) + (f" ({before})" if before else "")
    when = if_of(one.conditions).removeprefix("if ")
    if one.answer is Reaching.UNKNOWN:
        when = "unknown"
    cells = (
        who,
        text(one.end),
        _lines([text(step) for step in steps], _LONGEST_CHAIN),
        text(when),
        _lines([code(place) for place in places], _MOST_PLACES),
    )
    return f"| {' | '.join(cells)} |"


def _lines(parts: list[str], most: int) -> str:
    """Return the lines of a cell."""
    more = len(parts) - most
    return "<br>".join([*parts[:most], f"and {more} more"] if more > 0 else parts)


def _unknown(view: GraphView) -> Iterator[str]:
    for one in view.with_answer(Reaching.UNKNOWN):
        shown = f"unknown whether {text(one.start)} can {text(becoming(view.graph))}"
        reasons = reasons_of(view.steps(one.chain))
        because = f", because {text(' and '.join(reasons))}" if reasons else ""
        help_ = deciders(one.deciders)
        yield f"- {shown}{because}" + (f"; {text(help_)}" if help_ else "")


def _gone(view: GraphView) -> Iterator[str]:
    if view.gone is None:
        return
    now = answers_of(view.whole)
    for one in view.gone.answers:
        answer = now.get(one.start, Reaching.NO)
        yield f"| {text(one.start)} | {text(one.end)} | {one.answer} | {answer} |"


def _closed(way: ClosedWay) -> str:
    who = f"{text(way.start)}, " if way.start else ""
    where = ", ".join(map(code, places_of(way.places)))
    return f"- {way.closed}: {who}{text(way.path)}: {text(way.why)}" + (
        f" ({where})" if where else ""
    )
