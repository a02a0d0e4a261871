"""Steps, answers and conditions in words, the same in every format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.graph.answer import How, NeededKey, NodeKind, Reaching, SetBy
from iamlint.report.phrases import folded
from iamlint.report.text import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from iamlint.graph.answer import Graph, GraphAnswer, GraphEdge, GraphNode, StepPlace
    from iamlint.report.graph.view import GraphView

_MOST_VALUES: Final = 4
_MOST_ACTIONS: Final = 4
_STEPS: Final = {
    How.ASSUME_ROLE: "assumes {end}",
    How.WEB_IDENTITY: "assumes {end} with a token",
    How.SAML: "assumes {end} with a SAML assertion",
    How.PASS_ROLE: "passes {end} to a service",
    How.RUN_AS: "runs code as {end} in {through}",
    How.CREDENTIALS: "makes credentials of {end}",
    How.TRUST_REWRITTEN: "rewrites the trust policy of {end}",
    How.JOINS: "joins {through}",
    How.POLICY_REWRITTEN: "rewrites the policies of {start} as {by}",
    How.NEW_PRINCIPAL: "makes a principal with any policy",
    How.DOES: "does {actions} on {end}",
}
_ADMIN: Final = " (admin)"
_OWN_POLICIES: Final = "rewrites its own policies"
_NO_PART: Final = {How.RUN_AS: "runs code as {end}", How.JOINS: "joins the group of {end}"}
"""The same for steps that do not say what they use."""
_MFA: Final = ("aws:multifactorauthpresent", ("true",))
_SET_BY: Final = {
    SetBy.CALLER: "set by the caller",
    SetBy.TAGGER: "set by those that can tag",
    SetBy.TOKEN: "set by a token",
}


def step_of(edge: GraphEdge, nodes: Mapping[str, GraphNode]) -> str:
    """Return what a step does, without who does it: `assumes role/deploy (admin)`."""
    form = _STEPS[edge.how]
    if edge.through is None:
        form = _NO_PART.get(edge.how, form)
    if edge.how is How.POLICY_REWRITTEN and edge.by in (None, edge.start):
        form = _OWN_POLICIES
    node = nodes.get(edge.end)
    mark = _ADMIN if node and is_admin(node) else ""
    return form.format(
        start=edge.start,
        end=f"{edge.end}{mark}",
        through=f"{edge.through}{mark}" if edge.how is How.JOINS else edge.through,
        by=edge.by,
        actions=actions_of(edge.actions),
    )


def is_admin(node: GraphNode) -> bool:
    """Return whether a node is a principal that may do everything."""
    return node.is_admin and node.kind is not NodeKind.ADMIN


def actions_of(actions: Sequence[str]) -> str:
    return folded(actions, _MOST_ACTIONS)


def places_of(places: Iterable[StepPlace]) -> Sequence[str]:
    """Return the places of a step, each once."""
    return list(dict.fromkeys(filter(None, map(str, places))))


def if_of(conditions: Iterable[NeededKey]) -> str:
    """Return what a step depends on: `if MFA and aws:SourceIp is 192.0.2.1`; empty for nothing."""
    keys = list(dict.fromkeys(map(key_of, conditions)))
    return f"if {' and '.join(keys)}" if keys else ""


def key_of(one: NeededKey) -> str:
    """Return a key and its values: `aws:SourceIp is 192.0.2.1 or 192.0.2.2`."""
    if (one.key.lower(), one.values) == _MFA:
        return "MFA"
    if not one.values:
        return f"{one.key} is absent"
    more = len(one.values) - _MOST_VALUES
    values = one.values if more <= 1 else (*one.values[:_MOST_VALUES], f"{more} more")
    return f"{one.key} is {' or '.join(values)}"


def set_by(one: NeededKey) -> str:
    """Return who gives a key its value: `set by the caller`."""
    if one.taggers:
        return f"set by {folded(one.taggers, _MOST_VALUES)}"
    return _SET_BY[one.set_by]


def becoming(graph: Graph) -> str:
    """Return what the graph is about: `become admin`."""
    if graph.actions:
        return f"do {actions_of(graph.actions)} on {graph.end}"
    return f"become {graph.end}"


def headline(one: GraphAnswer, graph: Graph) -> str:
    """Return an answer as a sentence."""
    if one.answer is Reaching.UNKNOWN:
        return f"unknown whether {one.start} can {becoming(graph)}"
    can = "cannot" if one.answer is Reaching.NO else "can"
    limits = ", with conditions" if one.answer is Reaching.CONDITIONAL else ""
    return f"{one.start} {can} {becoming(graph)}{limits}"


def counts(view: GraphView) -> str:
    """Return how many starts have each answer, as the last line of a report."""
    graph = view.whole
    parts = []
    if view.change is not None and view.gone is not None:
        new, gone = len(view.graph.answers), len(view.gone.answers)
        parts.append(f"{new} new and {gone} gone since {view.change.revision}")
    answers = [f"{number} {one}" for one in Reaching if (number := graph.count(one))]
    parts.append(", ".join(answers) or "no answers")
    found = (
        f"{count(graph.administrators, 'administrator')} of {count(graph.principals, 'principal')}"
    )
    parts.append(found)
    if gaps := sum(item.cause.is_gap for item in graph.not_analysed):
        parts.append(f"{count(gaps, 'place')} not analysed")
    return "; ".join(parts)


def reasons_of(edges: Iterable[GraphEdge]) -> Sequence[str]:
    """Return why steps are unknown, each reason once."""
    return list(dict.fromkeys(edge.why for edge in edges if edge.why))


def notes_of(view: GraphView) -> Sequence[str]:
    """Return what the graph and the steps that are shown take for granted, each once."""
    graph = view.drawn
    notes = [*graph.assumptions, *(note for edge in graph.edges for note in edge.assumptions)]
    return list(dict.fromkeys(notes))
