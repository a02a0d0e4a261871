"""A graph in the language of Graphviz: https://graphviz.org/doc/info/lang.html."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.graph.answer import NodeKind, StepLevel
from iamlint.report.graph.labels import label_of, title_of
from iamlint.report.graph.view import GraphView

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.report.graph.view import GraphFound, GraphOutput

_STYLES: Final = {
    StepLevel.SURE: "solid",
    StepLevel.CONDITIONAL: "dashed",
    StepLevel.UNKNOWN: "dotted",
}
_SHAPES: Final = {
    NodeKind.USER: "box",
    NodeKind.ROLE: "ellipse",
    NodeKind.GROUP: "folder",
    NodeKind.MEMBER: "box",
    NodeKind.WORKLOAD: "component",
    NodeKind.OUTSIDER: "hexagon",
    NodeKind.RESOURCE: "cylinder",
    NodeKind.ADMIN: "doublecircle",
}


def report(found: GraphFound, output: GraphOutput) -> str:
    lines = _lines(GraphView(found, output.level))
    return "".join(f"{line}\n" for line in lines)


def _lines(view: GraphView) -> Iterator[str]:
    graph = view.drawn
    yield "// solid: allowed, dashed: allowed with conditions, dotted: unknown"
    yield "digraph iamlint {"
    yield "  rankdir=LR"
    names = {edge.start for edge in graph.edges} | {edge.end for edge in graph.edges}
    nodes = [node for node in graph.nodes if node.id in names]
    ids = {node.id: f"n{number}" for number, node in enumerate(nodes)}
    for node in nodes:
        bold = ", style=bold" if node.is_admin else ""
        label = _quoted(title_of(node))
        yield f"  {ids[node.id]} [label={label}, shape={_SHAPES[node.kind]}{bold}]"
    for edge in graph.edges:
        label, style = _quoted(label_of(edge)), _STYLES[edge.level]
        yield f"  {ids[edge.start]} -> {ids[edge.end]} [label={label}, style={style}]"
    yield "}"


def _quoted(text: str) -> str:
    r"""Return a label: `\N` would be the name of its node, and `&amp;` an entity."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
    return f'"{escaped}"'
