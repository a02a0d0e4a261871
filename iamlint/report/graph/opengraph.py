"""A graph as BloodHound reads it: https://bloodhound.specterops.io/opengraph/developer/schema.

Ids are in no other source and have no colon; `objectid` and `ref` are names of its own
(https://bloodhound.specterops.io/opengraph/developer/nodes). Kinds have letters, digits and `_`
(https://bloodhound.specterops.io/opengraph/developer/edges).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final
from uuid import NAMESPACE_URL, uuid5

from iamlint.graph.answer import NodeKind
from iamlint.report.graph.records import edge_record, node_record
from iamlint.report.graph.view import GraphView
from iamlint.text.shown import plain

if TYPE_CHECKING:
    from iamlint.graph.answer import GraphEdge, GraphNode
    from iamlint.report.graph.view import GraphFound, GraphOutput

_PREFIX: Final = "IAM_"


def report(found: GraphFound, output: GraphOutput) -> str:
    graph = GraphView(found, output.level).graph
    ids = {node.id: _id(node) for node in graph.nodes}
    shown = {
        "metadata": {"source_kind": f"{_PREFIX}Base"},
        "graph": {
            "nodes": [_node(node, ids) for node in graph.nodes],
            "edges": [_edge(edge, ids) for edge in graph.edges],
        },
    }
    return json.dumps(shown, indent=1) + "\n"


def _id(node: GraphNode) -> str:
    """Return an id that is the same in every graph; a member of a group has the ARN of its user."""
    own = None if node.kind is NodeKind.MEMBER else node.arn
    name = own or f"iamlint:{node.account or ''}:{node.kind}:{node.id}"
    return str(uuid5(NAMESPACE_URL, name)).upper()


def _node(node: GraphNode, ids: dict[str, str]) -> dict[str, object]:
    record = node_record(node)
    kind = record.pop("kind")
    return {
        "id": ids[node.id],
        "kinds": [_kind(str(kind))],
        "properties": {"displayname": plain(node.id), **record},
    }


def _edge(edge: GraphEdge, ids: dict[str, str]) -> dict[str, object]:
    return {
        "kind": _kind(edge.how),
        "start": {"match_by": "id", "value": ids[edge.start]},
        "end": {"match_by": "id", "value": ids[edge.end]},
        "properties": edge_record(edge),
    }


def _kind(words: str) -> str:
    """Return a kind such as `IAM_AssumeRole`."""
    return _PREFIX + "".join(word.capitalize() for word in words.split("-"))
