"""A graph as reports read it: nodes and edges by id, and which chains are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.fast_dataclass import dataclass
from iamlint.graph.answer import Graph, Reaching, StepLevel
from iamlint.graph.changed import GraphChange, answers_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from iamlint.graph.answer import GraphAnswer, GraphChain, GraphEdge, GraphNode

_LEVELS: Final = {
    Reaching.YES: StepLevel.SURE,
    Reaching.CONDITIONAL: StepLevel.CONDITIONAL,
    Reaching.UNKNOWN: StepLevel.UNKNOWN,
}

GraphFound: TypeAlias = Graph | GraphChange


@dataclass(frozen=True, slots=True)
class GraphOutput:
    """The look of a report on a graph, with the level of the weakest chains that it shows."""

    catalog_date: str
    level: StepLevel = StepLevel.CONDITIONAL
    color: bool = False


GraphReporter: TypeAlias = "Callable[[GraphFound, GraphOutput], str]"


class GraphView:
    """The answers that a report lists; of a change those that are new, and `gone`."""

    def __init__(self, found: GraphFound, level: StepLevel) -> None:
        self.change = found if isinstance(found, GraphChange) else None
        self.whole = found.new if isinstance(found, GraphChange) else found
        self.graph = self.whole if self.change is None else self.change.opened
        self.gone = None if self.change is None else self.change.gone
        self.nodes: Mapping[str, GraphNode] = {node.id: node for node in self.graph.nodes}
        self.edges: Mapping[str, GraphEdge] = {edge.id: edge for edge in self.graph.edges}
        self._level = level
        self._before = {} if self.change is None else answers_of(self.change.old)

    @property
    def chains(self) -> Sequence[GraphAnswer]:
        """The answers whose steps are shown; an administrator under conditions has none."""
        return [
            one
            for one in self.graph.answers
            if (one.chain.steps or one.answer is Reaching.CONDITIONAL) and self._is_shown(one)
        ]

    @property
    def drawn(self) -> Graph:
        """The graph with what is shown alone."""
        return self.graph.limited_to(tuple(self.chains))

    def with_answer(self, answer: Reaching) -> Sequence[GraphAnswer]:
        """Return the answers of a sort; administrators are not among them."""
        found = self.graph.answers
        return [one for one in found if one.answer is answer and not self.is_admin(one)]

    @property
    def administrators(self) -> Sequence[str]:
        return [one.start for one in self.graph.answers if self.is_admin(one)]

    def is_admin(self, one: GraphAnswer) -> bool:
        """Return whether a start is at the end already."""
        return one.answer is Reaching.YES and not one.chain.steps

    def before(self, one: GraphAnswer) -> str:
        """Return what a new answer was in the old revision, such as `new` or `was unknown`."""
        if self.change is None:
            return ""
        old = self._before.get(one.start, Reaching.NO)
        return "new" if old is Reaching.NO else f"was {old}"

    def steps(self, chain: GraphChain) -> Sequence[GraphEdge]:
        return [self.edges[step] for step in chain.steps]

    def aside(self, chain: GraphChain) -> Sequence[GraphEdge]:
        return [self.edges[step] for step in chain.aside]

    def _is_shown(self, one: GraphAnswer) -> bool:
        return one.answer is not Reaching.NO and _LEVELS[one.answer] >= self._level
