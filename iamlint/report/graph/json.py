"""A graph as JSON; the shape is a contract that scripts depend on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from iamlint.graph.answer import Reaching
from iamlint.report.graph.places import range_at
from iamlint.report.graph.view import GraphView
from iamlint.report.json import not_analysed, range_of, tool_of
from iamlint.text.masked import mask_all

if TYPE_CHECKING:
    from iamlint.graph.answer import (
        ClosedWay,
        Graph,
        GraphAnswer,
        GraphChain,
        GraphEdge,
        GraphNode,
        NeededKey,
        StepPlace,
    )
    from iamlint.report.graph.view import GraphFound, GraphOutput


def report(found: GraphFound, output: GraphOutput) -> str:
    view = GraphView(found, output.level)
    graph, whole = view.graph, view.whole
    closed = graph.closed if view.change is None else ()
    shown = {
        "version": 1,
        "tool": tool_of(output.catalog_date),
        "to": graph.end,
        "action": list(graph.actions),
        **_chains(graph),
        **({"closed": [_closed(one) for one in closed]} if closed else {}),
        **({"assumptions": list(graph.assumptions)} if graph.assumptions else {}),
        **_change(view),
        "not_analysed": [not_analysed(item) for item in whole.not_analysed],
        "summary": {
            "principals": whole.principals,
            "administrators": whole.administrators,
            **{str(one): whole.count(one) for one in Reaching},
        },
    }
    return json.dumps(mask_all(shown), indent=1) + "\n"


def _chains(graph: Graph) -> dict[str, object]:
    return {
        "answers": [_answer(one) for one in graph.answers],
        "nodes": [_node(one) for one in graph.nodes],
        "edges": [_edge(one) for one in graph.edges],
    }


def _change(view: GraphView) -> dict[str, object]:
    """Return what is gone, in a comparison with a revision."""
    if view.change is None or view.gone is None:
        return {}
    return {"against": view.change.revision, "gone": _chains(view.gone)}


def _answer(one: GraphAnswer) -> dict[str, object]:
    return {
        "from": one.start,
        "to": one.end,
        "answer": one.answer,
        **_chain(one.chain),
        "conditions": [_condition(each) for each in one.conditions],
        "unknown": list(one.deciders),
        "alternatives": [_chain(each) for each in one.alternatives],
    }


def _chain(chain: GraphChain) -> dict[str, object]:
    return {"steps": list(chain.steps), "aside": list(chain.aside)}


def _node(one: GraphNode) -> dict[str, object]:
    place = one.place
    file = None if place is None or place.path is None else place
    return {
        "id": one.id,
        "kind": one.kind,
        "account": one.account,
        "arn": one.arn,
        "address": one.address,
        "admin": one.is_admin,
        "place": file and {"path": file.path, "range": _range(file)},
    }


def _edge(one: GraphEdge) -> dict[str, object]:
    """Return a step; why it is unknown, and what it takes for granted, only if there is such."""
    return {
        "id": one.id,
        "from": one.start,
        "to": one.end,
        "how": one.how,
        "path": one.path,
        "actions": list(one.actions),
        "through": one.through,
        "by": one.by,
        "level": str(one.level),
        "conditions": [_condition(each) for each in one.conditions],
        **({"unknown": list(one.unknown)} if one.unknown else {}),
        **({"why": one.why} if one.why else {}),
        **({"assumptions": list(one.assumptions)} if one.assumptions else {}),
        "places": [_place(each) for each in one.places],
    }


def _condition(one: NeededKey) -> dict[str, object]:
    shown = {"key": one.key, "values": list(one.values), "set_by": one.set_by}
    return {**shown, **({"taggers": list(one.taggers)} if one.taggers else {})}


def _place(one: StepPlace) -> dict[str, object]:
    return {
        "path": one.path,
        "range": _range(one),
        "policy": one.policy or None,
        "sid": one.sid,
        "says": one.says,
    }


def _closed(one: ClosedWay) -> dict[str, object]:
    return {
        "state": one.closed,
        "from": one.start,
        "path": one.path,
        "why": one.why,
        "places": [_place(each) for each in one.places],
    }


def _range(place: StepPlace) -> dict[str, object] | None:
    found = range_at(place)
    return None if found is None else range_of(found)
