"""GraphML as networkx reads it: every node and step with its properties."""

from __future__ import annotations

from typing import Any

import networkx as nx

from iamlint.report.graph.formats import GRAPH_FORMATS
from tests.report.graph.graphs import (
    ACCOUNT,
    AWS_MANAGED,
    CHANGE,
    EDGES,
    EMPTY,
    GRAPH,
    HOSTILE,
    NODES,
    OUTPUT,
    hostile,
)

report = GRAPH_FORMATS["graphml"]


def read(text: str) -> Any:
    """Return the graph, with the names of nodes as ids."""
    found = nx.parse_graphml(text, force_multigraph=True)
    names = {one: facts["name"] for one, facts in found.nodes.items()}
    return nx.relabel_nodes(found, names)


def test_networkx_reads_every_node_and_step() -> None:
    found = read(report(GRAPH, OUTPUT))

    assert found.is_directed()
    assert list(found.nodes) == [node.id for node in NODES]
    assert sorted((start, end) for start, end, _ in found.edges) == sorted(
        (edge.start, edge.end) for edge in EDGES
    )
    assert found.nodes["role/debug"] == {
        "kind": "role",
        "name": "role/debug",
        "account": ACCOUNT,
        "arn": f"arn:aws:iam::{ACCOUNT}:role/debug",
        "address": "aws_iam_role.debug",
        "admin": True,
        "place": "iam.json:2",
    }
    assert found.nodes["anonymous"] == {"kind": "outsider", "name": "anonymous", "admin": False}
    (step,) = [
        facts
        for facts in found.get_edge_data("role/deploy", "role/debug").values()
        if facts["how"] == "pass-role"
    ]
    assert step == {
        "how": "pass-role",
        "level": "sure",
        "path": "lambda-create-invoke",
        "actions": "iam:PassRole, lambda:CreateFunction",
        "places": f"iam.json:4, deploy.json:2, {AWS_MANAGED}",
    }


def test_paths_are_found_with_networkx() -> None:
    found = read(report(GRAPH, OUTPUT))

    assert nx.shortest_path(found, "role/ci", "admin") == ["role/ci", "role/etl", "admin"]


def test_graph_of_a_change_has_what_is_new() -> None:
    found = read(report(CHANGE, OUTPUT))

    assert "role/builder" in found.nodes
    assert "user/chris" not in found.nodes


def test_graph_without_nodes_is_read() -> None:
    assert len(read(report(EMPTY, OUTPUT))) == 0


def test_hostile_texts_are_read_as_they_are_shown() -> None:
    found = read(report(hostile(), OUTPUT))

    shown = HOSTILE.replace("\n", r"\n").replace("\x1b", r"\x1b").replace("\u202e", r"\u202e")
    assert list(found.nodes) == [f"user/{shown}", f"role/{shown}"]
    ((*_, facts),) = found.edges(data=True)
    assert (facts["path"], facts["through"], facts["actions"]) == (shown, shown, shown)
