"""Short texts of boxes and arrows, the same in every picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.graph.answer import How, NodeKind, StepLevel
from iamlint.graph.words import if_of, is_admin
from iamlint.report.graph.words import actions_of
from iamlint.text.shown import plain

if TYPE_CHECKING:
    from iamlint.graph.answer import GraphEdge, GraphNode

_LONGEST: Final = 120
_LABELS: Final = {
    How.ASSUME_ROLE: "assumes",
    How.WEB_IDENTITY: "assumes with a token",
    How.SAML: "assumes with SAML",
    How.PASS_ROLE: "passes the role",
    How.RUN_AS: "runs code in {through}",
    How.CREDENTIALS: "makes credentials",
    How.TRUST_REWRITTEN: "rewrites the trust",
    How.JOINS: "joins {through}",
    How.POLICY_REWRITTEN: "policies rewritten by {by}",
    How.NEW_PRINCIPAL: "makes a principal",
    How.DOES: "{actions}",
}
_OWN_POLICIES: Final = "rewrites its own policies"


def label_of(edge: GraphEdge) -> str:
    """Return what an arrow says: its action, what it depends on, and whether it is unknown."""
    return _cut(" ".join(filter(None, (_action(edge), _limits(edge)))))


def lines_of(edge: GraphEdge) -> tuple[str, str]:
    """Return the same in two lines; the second one may be empty."""
    return _cut(_action(edge)), _cut(_limits(edge))


def _action(edge: GraphEdge) -> str:
    is_own = edge.how is How.POLICY_REWRITTEN and edge.by in (None, edge.start)
    return (_OWN_POLICIES if is_own else _LABELS[edge.how]).format(
        through=edge.through or "…", by=edge.by, actions=actions_of(edge.actions)
    )


def _limits(edge: GraphEdge) -> str:
    unknown = "(unknown)" if edge.level is StepLevel.UNKNOWN else ""
    return " ".join(filter(None, (if_of(edge.conditions), unknown)))


def title_of(node: GraphNode) -> str:
    """Return what a box says: the name, and whether it is an administrator."""
    return _cut(node.id) + (" (admin)" if is_admin(node) else "")


def is_end(node: GraphNode) -> bool:
    """Return whether a box is `admin` or an administrator."""
    return node.is_admin or node.kind is NodeKind.ADMIN


def _cut(text: str) -> str:
    shown = plain(text)
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"
