"""Nodes and edges as flat properties, for other programs: no value has parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from iamlint.graph.words import key_of
from iamlint.report.graph.words import places_of
from iamlint.text.shown import plain

if TYPE_CHECKING:
    from iamlint.graph.answer import GraphEdge, GraphNode

FlatValue: TypeAlias = str | bool | list[str]
_Value: TypeAlias = FlatValue | None


def node_record(node: GraphNode) -> dict[str, FlatValue]:
    """Return the properties of a node, without those that it does not have."""
    return _known(
        {
            "kind": node.kind.value,
            "name": node.id,
            "account": node.account,
            "arn": node.arn,
            "address": node.address,
            "admin": node.is_admin,
            "place": str(node.place) if node.place else None,
        }
    )


def edge_record(edge: GraphEdge) -> dict[str, FlatValue]:
    """Return the properties of an edge, without those that it does not have."""
    return _known(
        {
            "how": edge.how.value,
            "level": str(edge.level),
            "path": edge.path,
            "actions": list(edge.actions),
            "through": edge.through,
            "by": edge.by,
            "conditions": [key_of(one) for one in edge.conditions],
            "unknown": list(edge.unknown),
            "why": edge.why,
            "places": list(places_of(edge.places)),
        }
    )


def _known(record: dict[str, _Value]) -> dict[str, FlatValue]:
    return {name: _shown(value) for name, value in record.items() if value or value is False}


def _shown(value: _Value) -> FlatValue:
    if isinstance(value, list):
        return [plain(each) for each in value]
    return plain(value) if isinstance(value, str) else bool(value)
