"""Steps and conditions in words, the same in every report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.graph.answer import How, NodeKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from iamlint.graph.answer import GraphEdge, GraphNode, NeededKey

_MOST_VALUES: Final = 4
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
_IN_TEAMS: Final = (How.PASS_ROLE, How.RUN_AS, How.CREDENTIALS, How.NEW_PRINCIPAL)
"""Steps that several may take together."""
_MFA: Final = ("aws:multifactorauthpresent", ("true",))


def step_of(edge: GraphEdge, nodes: Mapping[str, GraphNode], done: str) -> str:
    """Return what a step does, without who does it: `assumes role/deploy (admin)`.

    `done` are the actions of the last step to a resource.
    """
    form = _STEPS[edge.how]
    if edge.through is None:
        form = _NO_PART.get(edge.how, form)
    if edge.how is How.POLICY_REWRITTEN and edge.by in (None, edge.start):
        form = _OWN_POLICIES
    elif edge.by is not None and edge.how in _IN_TEAMS:
        form += " together with {by}"
    node = nodes.get(edge.end)
    mark = _ADMIN if node and is_admin(node) else ""
    return form.format(
        start=edge.start,
        end=f"{edge.end}{mark}",
        through=f"{edge.through}{mark}" if edge.how is How.JOINS else edge.through,
        by=edge.by,
        actions=done,
    )


def is_admin(node: GraphNode) -> bool:
    """Return whether a node is a principal that may do everything."""
    return node.is_admin and node.kind is not NodeKind.ADMIN


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
