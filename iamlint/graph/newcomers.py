"""Principals that do not exist yet: who may create one with all rights, and become it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from iamlint.account.ask.principal import nameless
from iamlint.account.build.managed import full_access
from iamlint.evaluator.context import Missing
from iamlint.fast_dataclass import replace
from iamlint.grants.reach import ANY_NAME
from iamlint.graph.answer import How, NodeKind
from iamlint.graph.held import granted
from iamlint.graph.rewrites import ADMIN_POLICY
from iamlint.graph.steps import Need, Way
from iamlint.graph.world import Being
from iamlint.policy.grammar import Kind
from iamlint.policy.memory import remember
from iamlint.policy.wildcard import matches

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from iamlint.evaluator.context import ContextValue
    from iamlint.graph.answer import GraphEdge
    from iamlint.graph.goals import Arrival, Goal
    from iamlint.graph.held import PathHoldings
    from iamlint.graph.steps import Stepping

_FREE: Final[Mapping[str, ContextValue]] = {
    "iam:permissionsboundary": Missing.ABSENT,
    "iam:policyarn": ADMIN_POLICY,
}
_MOST_NAMES: Final = 5
_MOST_PATTERNS: Final = 30
_KINDS: Final = {
    "role": (
        "iam-create-role+policy",
        (("iam:createrole",), ("iam:attachrolepolicy", "iam:putrolepolicy")),
    ),
    "user": (
        None,
        (
            ("iam:createuser",),
            ("iam:attachuserpolicy", "iam:putuserpolicy"),
            ("iam:createaccesskey", "iam:createloginprofile"),
        ),
    ),
}


class Newcomers:
    """Finds who may create a principal that is at the end of the question."""

    def __init__(self, stepping: Stepping, holdings: PathHoldings, goal: Goal) -> None:
        self._stepping = stepping
        self._world = stepping.world
        self._holdings = holdings
        self._goal = goal
        self._arrivals: dict[str | None, Arrival | None] = {}
        self._edges: dict[str, GraphEdge | None] = {}

    def starts(self) -> set[str]:
        """Return who may be able to create one."""
        found: set[str] = set()
        for _, needs in _KINDS.values():
            groups = ({n for one in need for n in self._holdings.holders(one)} for need in needs)
            found |= set.intersection(*groups)
        return found

    def edge(self, being: Being) -> GraphEdge | None:
        """Return the edge by which a principal creates a principal that is at the end."""
        if being.id not in self._edges:
            self._edges[being.id] = self._edge(being)
        return self._edges[being.id]

    def _edge(self, being: Being) -> GraphEdge | None:
        account = being.actor.account
        if account not in self._arrivals:
            self._arrivals[account] = self._goal.arrival(self._newcomer(account))
        arrival = self._arrivals[account]
        if arrival is None:
            return None
        best: GraphEdge | None = None
        for kind, (path, needs) in _KINDS.items():
            for arn in self._names(being, kind, needs):
                says = f"may make a {kind} with any policy"
                way = Way(
                    How.NEW_PRINCIPAL,
                    self._goal.end,
                    tuple(Need(one, says, arn, _FREE) for one in needs),
                    path,
                )
                edge = self._stepping.edge(being, way)
                if edge is not None and (best is None or edge.level > best.level):
                    best = edge
        if best is None or best.level <= arrival.decided.level:
            return best
        decided = arrival.decided
        return replace(
            best, level=decided.level, conditions=(*best.conditions, *decided.conditions)
        )

    def _newcomer(self, account: str | None) -> Being:
        """Return a principal of an account that has all rights, within the limits of all there."""
        one = nameless("a new principal", account, self._world.accounts.partition)
        actor = replace(one, policies=(full_access(Kind.IDENTITY),))
        return Being(f"new in {account}", NodeKind.ROLE, actor, None)

    def _names(self, being: Being, kind: str, needs: Sequence[Sequence[str]]) -> Iterator[str]:
        """Yield ARNs of new names that a principal may be allowed to do all to that it needs."""
        start = f"arn:{self._world.accounts.partition}:iam::{being.actor.account}:{kind}/"
        held = [
            {
                pattern.partition(f":{kind}/")[2] or pattern
                for policy in being.actor.policies
                for action in need
                for pattern in remember(policy.source, granted).get(action, ())
            }
            for need in needs
        ]
        every = sorted({pattern for patterns in held for pattern in patterns})
        names = dict.fromkeys(
            one.replace("*", other).replace("*", ANY_NAME).replace("?", "x")
            for other in ("*", *every)
            for one in every[:_MOST_PATTERNS]
        )
        found = (
            f"{start}{name}"
            for name in names
            if all(any(matches(pattern, name) for pattern in patterns) for patterns in held)
        )
        yield from islice((arn for arn in found if arn not in self._world.by_arn), _MOST_NAMES)
