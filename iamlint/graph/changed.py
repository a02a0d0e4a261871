"""Chains in two worlds: those that a revision did not have, and those that are gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass
from iamlint.graph.answer import Graph, Reaching

if TYPE_CHECKING:
    from collections.abc import Mapping

_WEAKEST_FIRST: Final = (
    Reaching.NO,
    Reaching.UNKNOWN,
    Reaching.CONDITIONAL,
    Reaching.YES,
)


@dataclass(frozen=True, slots=True)
class GraphChange:
    """Two graphs with one end: `old` of a revision, and `new`.

    Chains are compared by their start and answer: another way to the same answer changes nothing. A
    principal that one side does not describe has no chain there.
    """

    old: Graph
    new: Graph
    revision: str

    @property
    def opened(self) -> Graph:
        """The new graph, with the answers alone that are stronger than before."""
        return _stronger(self.new, answers_of(self.old))

    @property
    def gone(self) -> Graph:
        """The old graph, with the answers alone that are weaker now: some may be unknown."""
        return _stronger(self.old, answers_of(self.new))


def answers_of(graph: Graph) -> Mapping[str, Reaching]:
    """Return the answers by their starts."""
    return {one.start: one.answer for one in graph.answers}


def _stronger(graph: Graph, than: Mapping[str, Reaching]) -> Graph:
    return graph.limited_to(
        tuple(
            one
            for one in graph.answers
            if _strength(one.answer) > _strength(than.get(one.start, Reaching.NO))
        )
    )


def _strength(answer: Reaching) -> int:
    return _WEAKEST_FIRST.index(answer)
