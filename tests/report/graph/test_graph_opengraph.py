"""OpenGraph of BloodHound: the rules of its pages, and the properties of nodes and edges.

- https://bloodhound.specterops.io/opengraph/developer/schema
- https://bloodhound.specterops.io/opengraph/developer/nodes
- https://bloodhound.specterops.io/opengraph/developer/edges
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from iamlint.fast_dataclass import replace
from iamlint.graph.answer import GraphNode, How, NodeKind
from iamlint.report.graph.formats import GRAPH_FORMATS
from tests.report.graph.graphs import (
    ACCESS,
    ACCOUNT,
    AWS_MANAGED,
    CHANGE,
    EDGES,
    EMPTY,
    GRAPH,
    NODES,
    OUTPUT,
    edge,
    hostile,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.report.graph.view import GraphFound

report = GRAPH_FORMATS["opengraph"]
KIND = re.compile(r"[A-Za-z0-9_]+")
RESERVED = {"objectid", "ref"}
MOST_KINDS = 3


def read(found: GraphFound) -> Any:
    return json.loads(report(found, OUTPUT))


def faults(value: Any) -> Iterator[str]:
    """Yield what BloodHound would refuse."""
    if set(value) != {"metadata", "graph"} or set(value["metadata"]) != {"source_kind"}:
        yield f"members {sorted(value)}"
    nodes, edges = value["graph"]["nodes"], value["graph"]["edges"]
    ids = [node["id"] for node in nodes]
    if len(set(ids)) < len(ids):
        yield "two nodes have one id"
    for node in nodes:
        if set(node) != {"id", "kinds", "properties"}:
            yield f"members of a node: {sorted(node)}"
        if ":" in node["id"] or not node["id"]:
            yield f"id {node['id']}"
        if not 1 <= len(node["kinds"]) <= MOST_KINDS:
            yield f"kinds {node['kinds']}"
        yield from (f"kind {kind}" for kind in node["kinds"] if not KIND.fullmatch(kind))
        yield from faults_of_properties(node["properties"])
    for one in edges:
        if set(one) != {"kind", "start", "end", "properties"}:
            yield f"members of an edge: {sorted(one)}"
        if not KIND.fullmatch(one["kind"]):
            yield f"kind {one['kind']}"
        for place in (one["start"], one["end"]):
            if set(place) != {"match_by", "value"} or place["match_by"] != "id":
                yield f"end {place}"
            if place["value"] not in ids:
                yield f"edge without node {place['value']}"
        yield from faults_of_properties(one["properties"])


def faults_of_properties(properties: Any) -> Iterator[str]:
    for name, value in properties.items():
        if name != name.lower() or name in RESERVED or not KIND.fullmatch(name):
            yield f"name {name}"
        values = value if isinstance(value, list) else [value]
        if not all(isinstance(each, str | bool | int) for each in values):
            yield f"value {value}"
        if len({type(each) for each in values}) != 1:
            yield f"list {value}"


@pytest.mark.parametrize("found", [GRAPH, CHANGE, ACCESS, EMPTY, hostile()])
def test_report_keeps_the_rules_of_the_schema(found: GraphFound) -> None:
    assert [*faults(read(found))] == []


def test_rules_are_checked() -> None:
    value = read(GRAPH)
    nodes, (first, second, *_) = value["graph"]["nodes"], value["graph"]["edges"]
    first["kind"] = "IAM-x"
    second["start"]["value"] = "nowhere"
    nodes[0]["properties"]["objectid"] = {}
    nodes[1]["id"] = nodes[2]["id"]
    nodes[1]["kinds"] = []
    nodes[3]["properties"]["actions"] = ["a", 1]

    assert len([*faults(value)]) >= 7


def test_nodes_and_edges_have_their_properties() -> None:
    graph = read(GRAPH)["graph"]
    nodes = {node["properties"]["name"]: node for node in graph["nodes"]}

    assert list(nodes) == [node.id for node in NODES]
    assert nodes["role/debug"] == {
        "id": nodes["role/debug"]["id"],
        "kinds": ["IAM_Role"],
        "properties": {
            "displayname": "role/debug",
            "name": "role/debug",
            "account": ACCOUNT,
            "arn": f"arn:aws:iam::{ACCOUNT}:role/debug",
            "address": "aws_iam_role.debug",
            "admin": True,
            "place": "iam.json:2",
        },
    }
    assert len(graph["edges"]) == len(EDGES)
    assert graph["edges"][1] == {
        "kind": "IAM_PassRole",
        "start": {"match_by": "id", "value": nodes["role/deploy"]["id"]},
        "end": {"match_by": "id", "value": nodes["role/debug"]["id"]},
        "properties": {
            "how": "pass-role",
            "level": "sure",
            "path": "lambda-create-invoke",
            "actions": ["iam:PassRole", "lambda:CreateFunction"],
            "places": ["iam.json:4", "deploy.json:2", AWS_MANAGED],
        },
    }


def test_every_kind_has_a_name_of_its_own() -> None:
    nodes = [GraphNode(kind.value, kind) for kind in NodeKind]
    edges = [edge(how.value, "user", "role", how) for how in How]
    graph = read(replace(EMPTY, nodes=tuple(nodes), edges=tuple(edges)))["graph"]

    kinds = [one["kinds"][0] for one in graph["nodes"]] + [one["kind"] for one in graph["edges"]]
    assert len(set(kinds)) == len(NodeKind) + len(How)
    assert {"IAM_Role", "IAM_AssumeRoleWithWebIdentity", "IAM_RunAs"} <= set(kinds)


def test_ids_are_the_same_in_every_graph_and_differ_by_account() -> None:
    one = GraphNode("role/a", NodeKind.ROLE, ACCOUNT)
    other = replace(one, account="444455556666")

    def ids(*nodes: GraphNode) -> list[str]:
        return [node["id"] for node in read(replace(EMPTY, nodes=nodes))["graph"]["nodes"]]

    assert ids(NODES[0], one)[1:] == ids(one)
    assert ids(one) != ids(other)
