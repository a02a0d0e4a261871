"""The steps of those who rewrite the policies of a principal, who is at the end then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.fast_dataclass import replace
from iamlint.graph.admin import with_everything
from iamlint.graph.answer import How, StepLevel
from iamlint.graph.rewrites import Change, Option, options
from iamlint.graph.steps import Way

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from iamlint.graph.answer import GraphEdge
    from iamlint.graph.decided import Decided
    from iamlint.graph.goals import Arrival, Goal
    from iamlint.graph.held import PathHoldings
    from iamlint.graph.steps import Need, Stepping
    from iamlint.graph.world import Being

_Met: TypeAlias = "tuple[Option, str, Decided]"
"""A change, the action that makes it, and how surely."""
_MOST_WAYS: Final = 6
"""Actions by which one principal can rewrite another one that are tried."""


class Rewriting:
    """Finds who can rewrite whose policies, so that these are at the end of the question."""

    def __init__(self, stepping: Stepping, holdings: PathHoldings, goal: Goal) -> None:
        self._stepping = stepping
        self._world = stepping.world
        self._holdings = holdings
        self._goal = goal
        self._options: dict[str, tuple[Option, ...]] = {}
        self._writers: dict[str, tuple[tuple[tuple[str, str], Collection[str]], ...]] = {}
        self._after: dict[tuple[object, ...], Arrival | None] = {}
        self._edges: dict[tuple[str, str], GraphEdge | None] = {}

    def options_of(self, being: Being) -> tuple[Option, ...]:
        """Return the actions that change the policies of a principal."""
        if being.id not in self._options:
            self._options[being.id] = options(self._world, being)
        return self._options[being.id]

    def writers(self, being: Being) -> tuple[tuple[tuple[str, str], Collection[str]], ...]:
        """Return who may be able to rewrite a principal, by action and pattern of resources."""
        if being.id not in self._writers:
            self._writers[being.id] = tuple(self._find_writers(being))
        return self._writers[being.id]

    def _find_writers(self, being: Being) -> Iterator[tuple[tuple[str, str], Collection[str]]]:
        for option in self.options_of(being):
            (action,), arn = option.need.actions, option.need.on or ""
            found = self._holdings.maybe_at(action, arn, self._world.as_glob(arn))
            yield from (((action, pattern), names) for pattern, names in found)

    def edge(self, being: Being, by: Being) -> GraphEdge | None:
        """Return the edge by which a principal is at the end, rewritten by itself or another."""
        key = (being.id, by.id)
        if key not in self._edges:
            self._edges[key] = self._edge(being, by)
        return self._edges[key]

    def _edge(self, being: Being, by: Being) -> GraphEdge | None:
        met: list[_Met] = []
        for option in self.options_of(being):
            found = self._stepping.best(by, option.need)
            if found is not None:
                met.append((option, *found))
        met += self._by_itself(being, met)
        best: GraphEdge | None = None
        for some in _combinations(met):
            edge = self._rewritten(being, by, some)
            if edge is not None and (best is None or edge.level > best.level):
                best = edge
            if best is not None and best.level is StepLevel.SURE:
                break
        return best

    def _by_itself(self, being: Being, met: Sequence[_Met]) -> Iterator[_Met]:
        """Yield the changes that a principal can make to itself after it was given a policy."""
        adds = [each for each in met if each[0].change is Change.ADDS]
        if not adds:
            return
        first = max(adds, key=lambda each: each[2].level)[0]
        after = with_everything(being, without=first.removed, is_bounded=True)
        made = {id(option) for option, _, _ in met}
        for option in self.options_of(being):
            if id(option) not in made and option.change is not Change.ADDS:
                found = self._stepping.best(after, option.need)
                if found is not None:
                    yield option, *found

    def _rewritten(self, being: Being, by: Being, met: Sequence[_Met]) -> GraphEdge | None:
        """Return the edge after some changes, if they are enough."""
        made = [option for option, _, _ in met]
        removed = frozenset[int]().union(*(option.removed for option in made))
        is_bounded = all(option.change is not Change.UNBOUNDS for option in made)
        adds = any(option.change is Change.ADDS for option in made)
        key = (being.id, removed, is_bounded, adds)
        if key not in self._after:
            after = with_everything(being, without=removed, is_bounded=is_bounded, adds=adds)
            self._after[key] = self._goal.arrival(after)
        arrival = self._after[key]
        if arrival is None:
            return None
        way = Way(
            How.POLICY_REWRITTEN,
            self._goal.end,
            tuple(option.need for option in made),
            made[0].path,
        )
        steps: list[tuple[Need, str, Decided]] = [(o.need, action, d) for o, action, d in met]
        edge = self._stepping.joined(by, way, steps)
        return replace(
            edge,
            start=being.id,
            by=None if by.id == being.id else by.id,
            level=min(edge.level, arrival.decided.level),
            conditions=tuple(dict.fromkeys((*edge.conditions, *arrival.decided.conditions))),
            unknown=tuple(dict.fromkeys((*edge.unknown, *arrival.decided.unknown))),
            why=edge.why or arrival.decided.why,
        )


def _combinations(
    met: Sequence[_Met],
) -> Iterator[list[_Met]]:
    """Yield sets of changes, the smallest first."""
    by_change: dict[Change, list[_Met]] = {}
    for one in sorted(met, key=lambda each: -each[2].level):
        by_change.setdefault(one[0].change, []).append(one)
    adds = by_change.get(Change.ADDS, [])[:_MOST_WAYS]
    frees = by_change.get(Change.UNBOUNDS, [])[:1]
    removes = by_change.get(Change.REMOVES, [])
    yield from ([add] for add in adds)
    for more in (frees, removes, [*frees, *removes]):
        if more:
            yield more
            yield from ([add, *more] for add in adds)
