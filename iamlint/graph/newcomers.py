"""Principals that do not exist yet: who may create one with all rights, and become it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import replace
from iamlint.graph.creating import Creating
from iamlint.graph.steps import Premise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.graph.answer import GraphEdge
    from iamlint.graph.goals import Arrival, Goal
    from iamlint.graph.held import PathHoldings
    from iamlint.graph.steps import Stepping
    from iamlint.graph.teams import TeamWay
    from iamlint.graph.world import Being


class Newcomers:
    """Finds who may create a principal that is at the end of the question."""

    def __init__(self, stepping: Stepping, holdings: PathHoldings, goal: Goal) -> None:
        self._stepping = stepping
        self._creating = Creating(stepping, holdings)
        self._goal = goal
        self._arrivals: dict[str | None, Arrival | None] = {}
        self._edges: dict[str, GraphEdge | None] = {}
        self._teams: tuple[TeamWay, ...] | None = None

    def starts(self) -> set[str]:
        """Return who may be able to create one."""
        return self._creating.starts()

    def edge(self, being: Being) -> GraphEdge | None:
        """Return the edge by which a principal creates a principal that is at the end."""
        if being.id not in self._edges:
            self._edges[being.id] = self._edge(being)
        return self._edges[being.id]

    def _edge(self, being: Being) -> GraphEdge | None:
        account = being.actor.account
        arrival = self._arrival(account)
        if arrival is None:
            return None
        best: GraphEdge | None = None
        for way in self._creating.ways((being,), account, self._goal.end):
            edge = self._stepping.edge(being, way)
            if edge is not None and (best is None or edge.level > best.level):
                best = edge
        if best is None or best.level <= arrival.decided.level:
            return best
        decided = arrival.decided
        return replace(
            best, level=decided.level, conditions=(*best.conditions, *decided.conditions)
        )

    def of_teams(self) -> tuple[TeamWay, ...]:
        """Return the ways to create a principal that several others may go together."""
        if self._teams is None:
            self._teams = tuple(self._of_teams())
        return self._teams

    def _of_teams(self) -> Iterator[TeamWay]:
        for account, beings in self._creating.accounts().items():
            arrival = self._arrival(account)
            for way in self._creating.ways(beings, account, self._goal.end) if arrival else ():
                premises = (Premise(arrival.decided),) if arrival is not None else ()
                yield self._creating.team(replace(way, premises=premises))

    def _arrival(self, account: str | None) -> Arrival | None:
        """Return how a new principal of an account with all rights is at the end."""
        if account not in self._arrivals:
            self._arrivals[account] = self._goal.arrival(self._creating.newcomer(account))
        return self._arrivals[account]
