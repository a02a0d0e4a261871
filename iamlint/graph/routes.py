"""Who gets to the end at one level, and by which steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass

if TYPE_CHECKING:
    from iamlint.graph.answer import GraphEdge, StepLevel
    from iamlint.graph.goals import Arrival


@dataclass(frozen=True, slots=True)
class Hop:
    """How a principal goes on towards the end: by edges, then as the `then`, if not at the end.

    `aside` are the edges to the one who rewrites a policy. The
    shortest `length` goes first: the edges to the end, and one more if it needs a new principal.
    """

    length: int
    edges: tuple[GraphEdge, ...] = ()
    then: str | None = None
    aside: tuple[GraphEdge, ...] = ()
    arrival: Arrival | None = None


class Routes:
    """Who gets to the end at one level, and how."""

    def __init__(self, level: StepLevel) -> None:
        self.level = level
        self.hops: dict[str, Hop] = {}

    def edges(self, start: str) -> tuple[GraphEdge, ...]:
        """Return the steps from a start to the end."""
        found: list[GraphEdge] = []
        at: str | None = start
        while at is not None:
            hop = self.hops[at]
            found += hop.edges
            at = hop.then
        return tuple(found)

    def aside(self, start: str) -> tuple[GraphEdge, ...]:
        """Return the steps to those who rewrite a policy on the way."""
        found: list[GraphEdge] = []
        at: str | None = start
        while at is not None:
            found += (edge for edge in self.hops[at].aside if edge not in found)
            at = self.hops[at].then
        on_the_way = self.edges(start)
        return tuple(edge for edge in found if edge not in on_the_way)

    def last(self, start: str) -> str:
        """Return the last principal of a chain."""
        at = start
        while (then := self.hops[at].then) is not None:
            at = then
        return at

    def arrival(self, start: str) -> Arrival | None:
        """Return how the last of a chain is at the end."""
        return self.hops[self.last(start)].arrival
