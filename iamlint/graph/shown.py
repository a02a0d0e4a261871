"""Nodes and edges as answers have them: with ids, and the names that people know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.account.model import IdentityKind
from iamlint.fast_dataclass import replace
from iamlint.graph.answer import ADMIN, GraphNode, NodeKind, StepPlace
from iamlint.load.link import NamedAt
from iamlint.policy.arn import is_account_id, parse_arn

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from iamlint.account.model import Identity
    from iamlint.graph.answer import GraphAnswer, GraphEdge, NeededKey
    from iamlint.graph.taggers import Taggers
    from iamlint.graph.world import Being, GraphWorld


class Drawing:
    """The edges on chains that are shown, in the order in which they were asked for."""

    def __init__(
        self, world: GraphWorld, beings: Mapping[str, Being], end: str, taggers: Taggers
    ) -> None:
        self._world = world
        self._taggers = taggers
        self._beings = beings
        self._end = end
        self._ids: dict[GraphEdge, str] = {}

    def ids(self, edges: Iterable[GraphEdge]) -> tuple[str, ...]:
        """Return the ids of edges, which are shown from now on."""
        return tuple(self._ids.setdefault(edge, f"e{len(self._ids) + 1}") for edge in edges)

    def conditions(self, edge: GraphEdge) -> tuple[NeededKey, ...]:
        """Return the keys that a step needs, with those that can set them."""
        return self._taggers.conditions(edge)

    @property
    def edges(self) -> tuple[GraphEdge, ...]:
        return tuple(self._shown(edge, name) for edge, name in self._ids.items())

    def _shown(self, edge: GraphEdge, name: str) -> GraphEdge:
        shown = self._world.shown
        return replace(
            edge,
            id=name,
            conditions=self.conditions(edge),
            why=None if edge.why is None else shown(edge.why),
            unknown=tuple(map(shown, edge.unknown)),
            through=None if edge.through is None else shown(edge.through),
            assumptions=(),
        )

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the steps take for granted."""
        found = (self._world.shown(note) for edge in self._ids for note in edge.assumptions)
        return tuple(dict.fromkeys(found))

    def nodes(
        self, answers: Sequence[GraphAnswer], administrators: frozenset[str]
    ) -> tuple[GraphNode, ...]:
        """Return the nodes of the answers and of the edges that are shown."""
        names = {one.start: None for one in answers}
        names |= {edge.start: None for edge in self._ids} | {edge.end: None for edge in self._ids}
        names |= {edge.by: None for edge in self._ids if edge.by}
        names[self._end] = None
        found = {name: self._node(name, administrators) for name in names}
        for edge in self._ids:
            if edge.through is not None and edge.through not in found:
                found[edge.through] = self._passed_through(edge.through)
        return tuple(found[name] for name in sorted(found))

    def _node(self, name: str, administrators: frozenset[str]) -> GraphNode:
        being = self._beings.get(name)
        if being is None:
            kind = NodeKind.ADMIN if name == ADMIN else NodeKind.RESOURCE
            return GraphNode(name, kind, arn=None if name == ADMIN else name)
        identity = being.identity
        if identity is None:
            arn = parse_arn(name)
            if arn is None or not is_account_id(arn.account):
                return GraphNode(name, being.kind)
            return GraphNode(name, being.kind, arn.account, name)
        return GraphNode(
            name,
            being.kind,
            self._world.shown_account(identity.account),
            self._arn(identity),
            identity.addresses[0] if identity.addresses else None,
            name in administrators,
            _place(identity),
        )

    def _passed_through(self, name: str) -> GraphNode:
        """Return a workload, or a group."""
        groups = (
            one
            for one in self._world.accounts.identities.values()
            if one.kind is IdentityKind.GROUP
        )
        group = next((one for one in groups if self._world.shown(one.title) == name), None)
        if group is not None:
            account = self._world.shown_account(group.account)
            address = group.addresses[0] if group.addresses else None
            return GraphNode(
                name, NodeKind.GROUP, account, self._arn(group), address, place=_place(group)
            )
        return GraphNode(name, NodeKind.WORKLOAD, address=name)

    def _arn(self, identity: Identity) -> str | None:
        """Return an ARN that is known as a whole."""
        arn = identity.arn
        is_known = self._world.shown(arn) == arn and self._world.shown_account(identity.account)
        return arn if is_known else None


def _place(identity: Identity) -> StepPlace | None:
    node = identity.node
    if node is None or node.source is None:
        return None
    span = node.span or node.source.locate(node.pointer, key=True)
    return StepPlace("describes it", named_at=NamedAt(node.path, node.source, span))
