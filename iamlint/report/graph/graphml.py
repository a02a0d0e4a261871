"""A graph as GraphML, which networkx, Gephi and yEd open: http://graphml.graphdrawing.org."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from iamlint.report.graph.records import edge_record, node_record
from iamlint.report.graph.view import GraphView

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from iamlint.report.graph.records import FlatValue
    from iamlint.report.graph.view import GraphFound, GraphOutput

_NAMESPACE: Final = "http://graphml.graphdrawing.org/xmlns"
_FLAGS: Final = frozenset({"admin"})


def report(found: GraphFound, output: GraphOutput) -> str:
    graph = GraphView(found, output.level).graph
    nodes = {node.id: node_record(node) for node in graph.nodes}
    edges = [edge_record(edge) for edge in graph.edges]
    root = ET.Element("graphml", {"xmlns": _NAMESPACE})
    _keys(root, "node", nodes.values())
    _keys(root, "edge", edges)
    shown = ET.SubElement(root, "graph", {"id": "iamlint", "edgedefault": "directed"})
    ids = {name: f"n{number}" for number, name in enumerate(nodes)}
    for name, record in nodes.items():
        _data(ET.SubElement(shown, "node", {"id": ids[name]}), "node", record)
    for number, (edge, record) in enumerate(zip(graph.edges, edges, strict=True)):
        ends = {"id": f"e{number}", "source": ids[edge.start], "target": ids[edge.end]}
        _data(ET.SubElement(shown, "edge", ends), "edge", record)
    ET.indent(root, " ")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _keys(root: ET.Element, of: str, records: Iterable[Mapping[str, FlatValue]]) -> None:
    """Declare the properties that some nodes or edges have."""
    for name in dict.fromkeys(name for record in records for name in record):
        kind = "boolean" if name in _FLAGS else "string"
        facts = {"id": f"{of}-{name}", "for": of, "attr.name": name, "attr.type": kind}
        ET.SubElement(root, "key", facts)


def _data(element: ET.Element, of: str, record: Mapping[str, FlatValue]) -> None:
    for name, value in record.items():
        ET.SubElement(element, "data", {"key": f"{of}-{name}"}).text = _text(value)


def _text(value: FlatValue) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else ", ".join(value)
