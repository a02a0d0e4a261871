"""Steps, answers and conditions in words, the same in every format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.graph import words
from iamlint.graph.answer import NeededKey, Reaching, SetBy
from iamlint.report.phrases import folded
from iamlint.report.text import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from iamlint.graph.answer import Graph, GraphAnswer, GraphEdge, GraphNode, StepPlace
    from iamlint.report.graph.view import GraphView

_MOST_VALUES: Final = 4
_MOST_ACTIONS: Final = 4
_SET_BY: Final = {
    SetBy.CALLER: "set by the caller",
    SetBy.TAGGER: "set by those that can tag",
    SetBy.TOKEN: "set by a token",
    SetBy.ORGANIZATION: "set by the organization of an account",
}


def step_of(edge: GraphEdge, nodes: Mapping[str, GraphNode]) -> str:
    """Return what a step does, without who does it: `assumes role/deploy (admin)`."""
    return words.step_of(edge, nodes, actions_of(edge.actions))


def actions_of(actions: Sequence[str]) -> str:
    return folded(actions, _MOST_ACTIONS)


def places_of(places: Iterable[StepPlace]) -> Sequence[str]:
    """Return the places of a step, each once."""
    return list(dict.fromkeys(filter(None, map(str, places))))


def set_by(one: NeededKey) -> str:
    """Return who gives a key its value: `set by the caller`."""
    if one.taggers:
        return f"set by {folded(one.taggers, _MOST_VALUES)}"
    return _SET_BY[one.set_by]


def becoming(graph: Graph) -> str:
    """Return what the graph is about: `become admin`."""
    if graph.actions:
        return f"do {actions_of(graph.actions)} on {graph.end}"
    return f"become {graph.end}"


def headline(one: GraphAnswer, graph: Graph) -> str:
    """Return an answer as a sentence."""
    if one.answer is Reaching.UNKNOWN:
        return f"unknown whether {one.start} can {becoming(graph)}"
    can = "cannot" if one.answer is Reaching.NO else "can"
    limits = ", with conditions" if one.answer is Reaching.CONDITIONAL else ""
    return f"{one.start} {can} {becoming(graph)}{limits}"


def counts(view: GraphView) -> str:
    """Return how many starts have each answer, as the last line of a report."""
    graph = view.whole
    parts = []
    if view.change is not None and view.gone is not None:
        new, gone = len(view.graph.answers), len(view.gone.answers)
        parts.append(f"{new} new and {gone} gone since {view.change.revision}")
    answers = [f"{number} {one}" for one in Reaching if (number := graph.count(one))]
    parts.append(", ".join(answers) or "no answers")
    found = (
        f"{count(graph.administrators, 'administrator')} of {count(graph.principals, 'principal')}"
    )
    parts.append(found)
    if gaps := sum(item.cause.is_gap for item in graph.not_analysed):
        parts.append(f"{count(gaps, 'place')} not analysed")
    return "; ".join(parts)


def reasons_of(edges: Iterable[GraphEdge]) -> Sequence[str]:
    """Return why steps are unknown, each reason once."""
    return list(dict.fromkeys(edge.why for edge in edges if edge.why))


def notes_of(view: GraphView) -> Sequence[str]:
    """Return what the graph and the steps that are shown take for granted, each once."""
    graph = view.drawn
    notes = [*graph.assumptions, *(note for edge in graph.edges for note in edge.assumptions)]
    return list(dict.fromkeys(notes))
