"""The search from the end backwards: who gets there, by the shortest chains of each strength.

It looks for chains of steps that are sure, then of sure and conditional steps, then of any. Each
step is decided exactly when the search first meets it, so no chain has a step that `can` would not
confirm. A principal that has a chain is not asked about again at that level.
"""

from __future__ import annotations

import heapq
from functools import cached_property
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass
from iamlint.graph.answer import ADMIN, StepLevel

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from iamlint.graph.answer import GraphEdge
    from iamlint.graph.changes import Rewriting
    from iamlint.graph.goals import Arrival, Goal
    from iamlint.graph.held import PathHoldings
    from iamlint.graph.joining import Joining
    from iamlint.graph.newcomers import Newcomers
    from iamlint.graph.steps import Stepping
    from iamlint.graph.ways import Approach, StepWays
    from iamlint.graph.world import Being

LEVELS: Final = (StepLevel.SURE, StepLevel.CONDITIONAL, StepLevel.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Hop:
    """How a principal goes on towards the end: by edges, then as the `then`, if not at the end.

    `aside` are the edges to the one who rewrites a policy. The
    shortest `length` goes first: the edges to the end, and one more if it needs a new principal.
    """

    length: int
    edges: tuple[GraphEdge, ...] = ()
    then: str | None = None
    aside: tuple[GraphEdge, ...] = ()
    arrival: Arrival | None = None


class Routes:
    """Who gets to the end at one level, and how."""

    def __init__(self, level: StepLevel) -> None:
        self.level = level
        self.hops: dict[str, Hop] = {}

    def edges(self, start: str) -> tuple[GraphEdge, ...]:
        """Return the steps from a start to the end."""
        found: list[GraphEdge] = []
        at: str | None = start
        while at is not None:
            hop = self.hops[at]
            found += hop.edges
            at = hop.then
        return tuple(found)

    def aside(self, start: str) -> tuple[GraphEdge, ...]:
        """Return the steps to those who rewrite a policy on the way."""
        found: list[GraphEdge] = []
        at: str | None = start
        while at is not None:
            found += (edge for edge in self.hops[at].aside if edge not in found)
            at = self.hops[at].then
        on_the_way = self.edges(start)
        return tuple(edge for edge in found if edge not in on_the_way)

    def last(self, start: str) -> str:
        """Return the last principal of a chain."""
        at = start
        while (then := self.hops[at].then) is not None:
            at = then
        return at

    def arrival(self, start: str) -> Arrival | None:
        """Return how the last of a chain is at the end."""
        return self.hops[self.last(start)].arrival


@dataclass(frozen=True, slots=True)
class Finders:
    """What finds the steps of a question, and all who may take some."""

    stepping: Stepping
    holdings: PathHoldings
    ways: StepWays
    goal: Goal
    changes: Rewriting
    newcomers: Newcomers
    joining: Joining
    beings: Mapping[str, Being]


class ChainSearch:
    """One question about all who can get to an end.

    `untried` are those who can become more pairs of principals than were tried.
    """

    def __init__(self, of: Finders, without: frozenset[GraphEdge] = frozenset()) -> None:
        self._of = of
        self._without = without
        self.untried: set[str] = set()
        self._to: dict[tuple[frozenset[str], frozenset[str], StepLevel], Routes] = {}
        self._onward: dict[frozenset[str], frozenset[str]] = {}
        self._starts: list[tuple[str, ...]] = []
        self._ways_of: dict[str, list[int]] = {}
        self._may: dict[tuple[str, ...], frozenset[str]] = {}

    def routes(self) -> Iterator[Routes]:
        """Yield the routes of each level, the surest first."""
        yield from map(self.at, LEVELS)

    def at(self, level: StepLevel) -> Routes:
        """Return the routes of steps that are at least of one level."""
        routes = Routes(level)
        self._spread(self._first(level), routes)
        count = -1
        while count < len(routes.hops):
            count = len(routes.hops)
            self._spread(self._together(routes), routes)
        return routes

    def _may_step(self, name: str, level: StepLevel) -> bool:
        """Return whether a step of a principal may be of a level."""
        of = self._of
        return level is StepLevel.UNKNOWN or of.stepping.asking.strongest(of.beings[name]) >= level

    def _is_left(self, edge: GraphEdge | None, level: StepLevel) -> bool:
        if edge is None or edge.level < level:
            return False
        return not self._without or edge not in self._without

    def _first(self, level: StepLevel) -> Iterator[tuple[str, Hop]]:
        """Yield who is at the end at once, or takes the last step itself."""
        creating = self._of.newcomers.starts()
        for name, being in self._of.beings.items():
            hop = self._last(name, being, level, may_create=name in creating)
            if hop is not None:
                yield name, hop

    def _last(self, name: str, being: Being, level: StepLevel, *, may_create: bool) -> Hop | None:
        of = self._of
        arrival = of.goal.arrival(being) if of.goal.may_be_at(being) else None
        last = None if arrival is None else arrival.edge
        if arrival is not None and arrival.decided.level >= level and last not in self._without:
            edges = () if arrival.edge is None else (arrival.edge,)
            return Hop(len(edges), edges, arrival=arrival)
        if not self._may_step(name, level):
            return None
        edge = of.newcomers.edge(being) if may_create else None
        if edge is not None and self._is_left(edge, level):
            return Hop(1 + (of.goal.end != ADMIN), (edge,))
        if any(name in names for _, names in of.changes.writers(being)):
            edge = of.changes.edge(being, being)
            if edge is not None and self._is_left(edge, level):
                return Hop(1, (edge,))
        return None

    def _spread(
        self,
        found: Iterable[tuple[str, Hop]],
        routes: Routes,
        near: frozenset[str] | None = None,
    ) -> None:
        """Add those found, and all who can become one of them or of those added, if near."""
        heap = [(hop.length, name, at, hop) for at, (name, hop) in enumerate(found)]
        heapq.heapify(heap)
        count = len(heap)
        shortest = {name: length for length, name, _, _ in reversed(heap)}
        left = _Left(routes.hops, shortest, near)
        while heap:
            length, name, _, hop = heapq.heappop(heap)
            if name in routes.hops:
                continue
            routes.hops[name] = hop
            for start, edge in self._into(name, routes, left, length + 1):
                count += 1
                shortest[start] = length + 1
                entry = (length + 1, start, count, Hop(length + 1, (edge,), name))
                heapq.heappush(heap, entry)

    def _into(
        self, name: str, routes: Routes, left: _Left, length: int
    ) -> Iterator[tuple[str, GraphEdge]]:
        """Yield those who can become a principal by one step, and have no shorter chain."""
        being = self._of.beings[name]
        for approach in self._approaches(being):
            for start in left.of(approach.starts, length):
                if not self._may_step(start, routes.level):
                    continue
                edge = self._of.stepping.edge(self._of.beings[start], approach.way)
                if edge is not None and self._is_left(edge, routes.level):
                    yield start, edge

    def _approaches(self, being: Being) -> Sequence[Approach]:
        """Return the ways into a principal."""
        return (*self._of.ways.into(being), *self._of.joining.into(being))

    def _together(self, routes: Routes) -> Iterator[tuple[str, Hop]]:
        """Yield who can become both a principal and the one who rewrites it, or has it join."""
        reached = frozenset(routes.hops)
        found: dict[str, Hop] = {}
        for group in self._groups(routes):
            todo, missed = [group], set[str]()
            for _ in range(_MOST_SPLITS):
                if not todo:
                    break
                writers, targets = todo.pop()
                hops = dict(self._of_group(writers, targets, routes, reached))
                for start, hop in hops.items():
                    if hop is not None and (start not in found or hop.length < found[start].length):
                        found[start] = hop
                missed.update(hops)
                if not hops.keys() <= found.keys():
                    todo += _halves(writers, targets)
            if todo:
                self.untried |= missed
        yield from found.items()

    def _of_group(
        self,
        writers: tuple[str, ...],
        targets: tuple[str, ...],
        routes: Routes,
        reached: frozenset[str],
    ) -> Iterator[tuple[str, Hop | None]]:
        """Yield who can become one of each, with the step of the nearest two if it is allowed."""
        both = self._may_lead_to(writers, reached) & self._may_lead_to(targets, reached)
        if not both:
            return
        # The chains of a few do not need those of all others who can become one of the targets.
        near = self._may_become(both) - reached
        to_writers = self._leading_to(writers, routes.level, near)
        to_targets = self._leading_to(targets, routes.level, near)
        for start in sorted(to_writers.hops.keys() & to_targets.hops.keys()):
            if start not in routes.hops:
                yield start, self._joined(start, to_writers, to_targets, routes)

    def _groups(self, routes: Routes) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
        """Yield those who may rewrite principals but have no chain yet, with these principals."""

        def able(names: Iterable[str]) -> list[str]:
            level, hops = routes.level, routes.hops
            return [one for one in names if one not in hops and self._may_step(one, level)]

        found: dict[tuple[str, str], tuple[list[str], dict[str, None]]] = {}
        for name, being in self._of.beings.items():
            for key, names in self._of.changes.writers(being):
                if key not in found:
                    found[key] = (able(names), {})
                found[key][1][name] = None
        yield from ((tuple(some), tuple(others)) for some, others in found.values() if some)
        for member in self._of.joining.members:
            if member.being.id in routes.hops and member.user not in routes.hops:
                writers = able(one for one in member.writers if one != member.user)
                yield tuple(writers), (member.user,)

    def _may_lead_to(self, names: tuple[str, ...], reached: frozenset[str]) -> frozenset[str]:
        """Return who may be able to become one of some principals, before any step is decided.

        Who becomes one that has a chain has one too, so those that are `reached` do not count.
        """
        if names not in self._may:
            found = dict.fromkeys(reached)
            found.update(dict.fromkeys(names))
            todo, seen = [*names], dict[int, tuple[str, ...]]()
            while todo:
                being = self._of.beings[todo.pop()]
                for approach in self._approaches(being):
                    starts = approach.starts
                    if id(starts) not in seen:
                        seen[id(starts)] = starts
                        todo += (start for start in starts if start not in found)
                        found.update(dict.fromkeys(starts))
            self._may[names] = frozenset(found) - reached
        return self._may[names]

    def _may_become(self, names: frozenset[str]) -> frozenset[str]:
        """Return all that some principals may be able to become, with themselves."""
        if names not in self._onward:
            found, todo, every = set(names), [*names], self._ends
            while todo:
                for group in self._ways_of.get(todo.pop(), ()):
                    ends = every[group]
                    todo += (end for end in ends if end not in found)
                    found.update(ends)
            self._onward[names] = frozenset(found)
        return self._onward[names]

    @cached_property
    def _ends(self) -> Mapping[int, Collection[str]]:
        """The ends of ways by the ids of their starts."""
        found: dict[int, dict[str, None]] = {}
        for name, being in self._of.beings.items():
            for approach in self._approaches(being):
                starts = approach.starts
                if id(starts) not in found:
                    self._starts.append(starts)  # its id must not be given away again
                    for start in starts:
                        self._ways_of.setdefault(start, []).append(id(starts))
                found.setdefault(id(starts), {})[name] = None
        return found

    def leading_to(self, names: Iterable[str], level: StepLevel) -> Routes:
        """Return who can become one of some principals, and how."""
        routes = Routes(level)
        self._spread(((name, Hop(0)) for name in sorted(set(names))), routes)
        return routes

    def _leading_to(self, names: Iterable[str], level: StepLevel, near: frozenset[str]) -> Routes:
        """Return the same of the principals that are near, by chains of these."""
        key = (near.intersection(names), near, level)
        if key not in self._to:
            routes = self._to[key] = Routes(level)
            first = ((name, Hop(0)) for name in sorted(key[0]))
            self._spread(first, routes, near)
        return self._to[key]

    def _joined(
        self, start: str, to_writers: Routes, to_targets: Routes, routes: Routes
    ) -> Hop | None:
        by, target = to_writers.last(start), to_targets.last(start)
        beings = self._of.beings
        steps = to_targets.edges(start)
        aside = () if by in _on(start, steps) else to_writers.edges(start)
        edge = self._of.changes.edge(beings[target], beings[by]) if by != target else None
        if edge is not None and self._is_left(edge, routes.level):
            return Hop(len(steps) + 1, (*steps, edge), aside=aside)
        for member in self._of.joining.members:
            then = routes.hops.get(member.being.id)
            if member.user == target and by in member.writers and then is not None:
                edge = self._of.joining.edge(member, beings[by])
                if edge is not None and self._is_left(edge, routes.level):
                    length = len(steps) + 1 + then.length
                    return Hop(length, (*steps, edge), member.being.id, aside)
        return None


class _Left:
    """The principals of ways that have no chain as short as the next one, while a search spreads.

    PLACEHOLDER
        out of all of these ways at once.
    """

    def __init__(
        self,
        hops: Mapping[str, Hop],
        shortest: Mapping[str, int],
        near: frozenset[str] | None = None,
    ) -> None:
        self._hops = hops
        self._near = near
        self._shortest = shortest
        self._starts: dict[int, tuple[tuple[str, ...], list[str]]] = {}
        """By the ids of tuples, which are kept so that no id is given away again."""

    def of(self, starts: tuple[str, ...], length: int) -> list[str]:
        """Return those of some principals that a chain of a length is worth looking for."""
        _, before = self._starts.get(id(starts)) or (starts, self._first(starts))
        hops, shortest = self._hops, self._shortest
        found = [
            one for one in before if one not in hops and shortest.get(one, length + 1) > length
        ]
        self._starts[id(starts)] = (starts, found)
        return found

    def _first(self, starts: tuple[str, ...]) -> Iterable[str]:
        near = self._near
        return starts if near is None else [one for one in starts if one in near]


def _on(start: str, steps: Iterable[GraphEdge]) -> set[str]:
    return {start, *(edge.end for edge in steps)}


def _halves(
    writers: tuple[str, ...], targets: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Yield two groups that have all pairs of a group; nothing for a single pair."""
    half = max(len(writers), len(targets)) // 2
    if len(writers) >= len(targets) > 0 and half:
        yield from ((writers[half:], targets), (writers[:half], targets))
    elif half:
        yield from ((writers, targets[half:]), (writers, targets[:half]))


_MOST_SPLITS: Final = 1_000
"""Groups of those who rewrite and those who are rewritten that are tried for one pattern."""
