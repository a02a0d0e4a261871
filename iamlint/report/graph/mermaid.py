"""A flowchart of Mermaid, as GitHub shows it in Markdown.

Its limits: https://mermaid.js.org/config/schema-docs/config-properties-maxedges.html and
https://mermaid.js.org/config/schema-docs/config-properties-maxtextsize.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.graph.answer import NodeKind, StepLevel
from iamlint.late_pattern import late_pattern
from iamlint.report.graph.labels import is_end, label_of, title_of
from iamlint.report.graph.view import GraphView
from iamlint.report.text import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from iamlint.graph.answer import GraphAnswer, GraphEdge, GraphNode
    from iamlint.report.graph.view import GraphFound, GraphOutput

_MOST_EDGES: Final = 500
_MOST_CHARACTERS: Final = 50_000
_MARGIN: Final = 500
_HEAD: Final = (
    "flowchart LR",
    "  %% thick: allowed, thin: allowed with conditions, dotted: unknown",
    "  classDef admin stroke-width:3px",
)
_ARROWS: Final = {
    StepLevel.SURE: "==>",
    StepLevel.CONDITIONAL: "-->",
    StepLevel.UNKNOWN: "-.->",
}
_SHAPES: Final = {
    NodeKind.USER: ("[", "]"),
    NodeKind.ROLE: ("(", ")"),
    NodeKind.GROUP: ("[/", "/]"),
    NodeKind.MEMBER: ("[", "]"),
    NodeKind.WORKLOAD: ("[[", "]]"),
    NodeKind.OUTSIDER: ("{{", "}}"),
    NodeKind.RESOURCE: ("[(", ")]"),
    NodeKind.ADMIN: ("((", "))"),
}
_MARKUP: Final = late_pattern(r"[^\w /.,:+=…-]")
"""What may be syntax of Mermaid, Markdown or HTML; it is written as an entity."""


def report(found: GraphFound, output: GraphOutput) -> str:
    view = GraphView(found, output.level)
    chart = _Chart(view)
    for one in view.chains:
        chart.add(one)
    return "".join(f"{line}\n" for line in chart.lines())


class _Chart:
    """The lines of whole chains, as far as they are within the limits."""

    def __init__(self, view: GraphView) -> None:
        self._view = view
        self._room = _MOST_CHARACTERS - _MARGIN - sum(len(line) + 1 for line in _HEAD)
        self._ids: dict[str, str] = {}
        self._edges: set[str] = set()
        self._lines: list[str] = []
        self._left_out: set[str] = set()

    def add(self, one: GraphAnswer) -> None:
        """Add the steps of a chain that are not there yet, all or none of them."""
        chains = (one.chain, *one.alternatives)
        edges = {
            edge.id: edge
            for chain in chains
            for edge in (*self._view.aside(chain), *self._view.steps(chain))
            if edge.id not in self._edges
        }
        ids = dict(self._ids)
        lines = [*self._new(edges.values(), ids)]
        size = sum(len(line) + 1 for line in lines)
        if size > self._room or len(self._edges) + len(edges) > _MOST_EDGES:
            self._left_out |= edges.keys()
            return
        self._room -= size
        self._ids = ids
        self._edges |= edges.keys()
        self._lines += lines

    def _new(self, edges: Iterable[GraphEdge], ids: dict[str, str]) -> Iterator[str]:
        """Yield the lines of edges and of their ends that have no id yet, which they get."""
        for edge in edges:
            for name in (edge.start, edge.end):
                if name not in ids:
                    ids[name] = f"n{len(ids)}"
                    yield f"  {ids[name]}{_box(self._view.nodes[name])}"
            arrow = f'{_ARROWS[edge.level]}|"{_escaped(label_of(edge))}"|'
            yield f"  {ids[edge.start]} {arrow} {ids[edge.end]}"

    def lines(self) -> Sequence[str]:
        number = len(self._left_out - self._edges)
        more = [f'  more["{count(number, "more step")} left out"]'] if number else []
        return [*_HEAD, *([*self._lines, *more] or ['  none["no chain"]'])]


def _box(node: GraphNode) -> str:
    start, end = _SHAPES[node.kind]
    mark = ":::admin" if is_end(node) else ""
    return f'{start}"{_escaped(title_of(node))}"{end}{mark}'


def _escaped(text: str) -> str:
    return _MARKUP.sub(lambda match: f"#{ord(match[0])};", text)
