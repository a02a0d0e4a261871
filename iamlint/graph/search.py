"""The search from the end backwards: who gets there, by the shortest chains of each strength.

It looks for chains of steps that are sure, then of sure and conditional steps, then of any. Each
step is decided exactly when the search first meets it, so no chain has a step that `can` would not
confirm. A principal that has a chain is not asked about again at that level.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass, replace
from iamlint.graph.answer import ADMIN, StepLevel
from iamlint.graph.left_starts import LeftStarts
from iamlint.graph.near import NearFinder, NearPrincipals
from iamlint.graph.routes import Hop, Routes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from iamlint.graph.altered import Alterations, Altered
    from iamlint.graph.answer import GraphEdge
    from iamlint.graph.changes import Rewriting
    from iamlint.graph.goals import Goal
    from iamlint.graph.held import PathHoldings
    from iamlint.graph.newcomers import Newcomers
    from iamlint.graph.steps import Stepping
    from iamlint.graph.teams import TeamPart, Teams, TeamWay
    from iamlint.graph.ways import StepWays
    from iamlint.graph.world import Being


@dataclass(frozen=True, slots=True)
class _Group:
    """Those who may change some principals, and what these become, or else the end."""

    writers: tuple[str, ...]
    targets: tuple[str, ...]
    makes: Altered | None = None


@dataclass(frozen=True, slots=True)
class Finders:
    """What finds the steps of a question, and all who may take some."""

    stepping: Stepping
    holdings: PathHoldings
    ways: StepWays
    goal: Goal
    changes: Rewriting
    newcomers: Newcomers
    altered: Alterations
    teams: Teams
    beings: Mapping[str, Being]


class ChainSearch:
    """One question about all who can get to an end.

    `untried` are those who can become more pairs of principals than were tried. With `alone`, none
    are tried.
    """

    def __init__(
        self, of: Finders, without: frozenset[GraphEdge] = frozenset(), *, alone: bool = False
    ) -> None:
        self._of = of
        self._without = without
        self._alone = alone
        self.untried: set[str] = set()
        self._to: dict[tuple[frozenset[str], StepLevel], Routes] = {}
        self._near: dict[StepLevel, NearPrincipals] = {}

    def routes(self) -> Iterator[Routes]:
        """Yield the routes of each level, the surest first."""
        yield from map(self.at, sorted(StepLevel, reverse=True))

    def at(self, level: StepLevel) -> Routes:
        """Return the routes of steps that are at least of one level."""
        routes = Routes(level)
        self._spread(self._first(level), routes)
        self._complete(routes)
        return routes

    def _may_step(self, name: str, level: StepLevel) -> bool:
        """Return whether a step of a principal may be of a level."""
        of = self._of
        return level is StepLevel.UNKNOWN or of.stepping.asking.strongest(of.beings[name]) >= level

    def to(self, names: Iterable[str], ends: Routes) -> Routes:
        """Return who can become one of some principals, of those that have no chain to the end."""
        routes = Routes(ends.level)
        self._to[frozenset(names), ends.level] = routes
        first = ((name, Hop(0)) for name in sorted(names) if name not in ends.hops)
        self._spread(first, routes, ends.hops)
        self._complete(ends)
        return routes

    def together(
        self, teams: Iterable[Sequence[TeamPart]], ends: Routes
    ) -> Iterator[frozenset[str]]:
        """Yield who can become one of each part of teams, of those that have no chain."""
        near = self._near_of(ends)
        every = [self._leading_to_all(parts, ends.level, near) for parts in teams]
        self._complete(ends)
        for to in every:
            found = (frozenset(one.hops) for one in to)
            yield frozenset.intersection(*found).difference(ends.hops) if to else frozenset()

    def _near_of(self, routes: Routes) -> NearPrincipals:
        """Return who may be several principals, of those that have no chain by one at a time."""
        if routes.level not in self._near:
            of = self._of
            left = [being for name, being in of.beings.items() if name not in routes.hops]
            able = {being.id for being in left if self._may_step(being.id, routes.level)}
            finder = NearFinder(of.ways, of.altered, of.holdings, of.stepping, of.beings)
            self._near[routes.level] = finder.find(left, able)
        return self._near[routes.level]

    def _complete(self, routes: Routes) -> None:
        """Add those who get there by being several principals, and who can become one of them.

        To become these may take such steps too, so all routes grow until none does.
        """
        if self._alone:
            return
        near = self._near_of(routes)
        count = -1
        while near.names and count < (count := self._count(routes)):
            self._close(routes, near, to_end=True)
            for (_, level), one in [*self._to.items()]:
                if level is routes.level:
                    self._close(one, near, to_end=False)

    def _count(self, routes: Routes) -> int:
        return len(routes.hops) + sum(len(one.hops) for one in self._to.values()) + len(self._to)

    def _close(self, routes: Routes, near: NearPrincipals, *, to_end: bool) -> None:
        """Add those who get there by being several principals."""
        groups = [*(self._groups(routes, near) if to_end else ()), *self._altered(routes, near)]
        within = None if to_end else near
        self._spread(self._together(groups, routes, near), routes, within=within)
        teams = [*self._teams(routes, near, to_end=to_end)]
        self._spread(self._in_teams(teams, routes, near), routes, within=within)

    def _is_left(self, edge: GraphEdge | None, level: StepLevel) -> bool:
        return edge is not None and edge.level >= level and edge not in self._without

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
        without: Collection[str] = (),
        within: NearPrincipals | None = None,
    ) -> None:
        """Add those found, and all who can become one of them or of those added."""
        heap = [(hop.length, name, at, hop) for at, (name, hop) in enumerate(found)]
        heapq.heapify(heap)
        count = len(heap)
        shortest = dict.fromkeys(without, -1)
        shortest |= {name: length for length, name, _, _ in reversed(heap)}
        left = LeftStarts(routes, shortest, self._may_step, within)
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
        self, name: str, routes: Routes, left: LeftStarts, length: int
    ) -> Iterator[tuple[str, GraphEdge]]:
        """Yield those who can become a principal by one step, and have no shorter chain."""
        being, holdings = self._of.beings[name], self._of.holdings
        for approach in (*self._of.ways.into(being), *self._of.altered.into(being)):
            parts = [holdings.parted(group, approach.way.needs) for group in approach.starts]
            for _, stopped in parts:
                self._of.stepping.refuse(stopped, approach.way)
            for start in (one for open_, _ in parts for one in left.of(open_, length)):
                edge = self._of.stepping.edge(self._of.beings[start], approach.way)
                if edge is not None and self._is_left(edge, routes.level):
                    yield start, edge

    def _together(
        self, groups: Iterable[_Group], routes: Routes, near: NearPrincipals
    ) -> Iterator[tuple[str, Hop]]:
        """Yield who can become both a principal and the one who rewrites it, or has it join."""
        found: dict[str, Hop] = {}
        for group in groups:
            todo, missed = [group], set[str]()
            for _ in range(_MOST_SPLITS):
                if not todo:
                    break
                one = todo.pop()
                hops = dict(self._of_group(one, routes, near))
                for start, hop in hops.items():
                    if hop is not None and (start not in found or hop.length < found[start].length):
                        found[start] = hop
                missed.update(hops)
                if not hops.keys() <= found.keys():
                    todo += _halves(one)
            if todo:
                self.untried |= missed
        yield from found.items()

    def _of_group(
        self, group: _Group, routes: Routes, near: NearPrincipals
    ) -> Iterator[tuple[str, Hop | None]]:
        """Yield who can become one of each, with the step of the nearest two if it is allowed."""
        names = (group.writers, group.targets)
        if not near.may_be_all(names):
            return
        to_writers, to_targets = (self._leading_to(one, routes.level, near) for one in names)
        for start in sorted(to_writers.hops.keys() & to_targets.hops.keys()):
            if start not in routes.hops:
                yield start, self._joined(start, to_writers, to_targets, routes, group.makes)

    def _groups(self, routes: Routes, near: NearPrincipals) -> Iterator[_Group]:
        """Yield those who may rewrite principals but have no chain yet, with these principals."""
        found: dict[tuple[str, str], tuple[list[str], dict[str, None]]] = {}
        for name in sorted(near.names):
            for key, names in self._of.changes.writers(self._of.beings[name]):
                if key not in found:
                    found[key] = (self._able(names, routes, near, key[0]), {})
                found[key][1][name] = None
        yield from (_Group(tuple(some), tuple(others)) for some, others in found.values() if some)

    def _able(
        self, names: Collection[str], routes: Routes, near: NearPrincipals, action: str
    ) -> list[str]:
        """Return who may use an action, of those that are near and have no chain yet."""
        level, hops, stopped = routes.level, routes.hops, self._of.holdings.stopped
        return [
            one
            for one in sorted(near.names.intersection(names))
            if one not in hops and action not in stopped.get(one, ()) and self._may_step(one, level)
        ]

    def _altered(self, routes: Routes, near: NearPrincipals) -> Iterator[_Group]:
        """Yield those who may alter principals that have a chain then, with these principals."""
        for member in self._of.altered.members:
            if member.of not in near.names or member.of in routes.hops:
                continue
            if member.being.id in routes.hops:
                others = [one for one in member.writers if one != member.of]
                level, hops = routes.level, routes.hops
                writers = tuple(
                    one
                    for one in sorted(near.names.intersection(others))
                    if one not in hops and self._may_step(one, level)
                )
                if writers:
                    yield _Group(writers, (member.of,), member)

    def _teams(
        self, routes: Routes, near: NearPrincipals, *, to_end: bool
    ) -> Iterator[tuple[TeamWay, str | None]]:
        """Yield the ways that several may go together, each with the principal at its end."""
        of = self._of
        for name in sorted(routes.hops):
            being = of.beings[name]
            for team in (*of.ways.of_teams(being, near.names), *of.altered.of_teams(being)):
                yield team, name
        if to_end:
            yield from ((team, None) for team in self._of.newcomers.of_teams())

    def _in_teams(
        self,
        teams: Iterable[tuple[TeamWay, str | None]],
        routes: Routes,
        near: NearPrincipals,
    ) -> Iterator[tuple[str, Hop]]:
        """Yield who can become all those that meet the needs of a way together."""
        for team, then in teams:
            to = self._leading_to_all(team.parts, routes.level, near)
            starts = set(to[0].hops).intersection(*(one.hops for one in to)) if to else set[str]()
            for start in sorted(starts.difference(routes.hops)):
                edge = self._of.teams.edge(team, [one.last(start) for one in to])
                if edge is not None and self._is_left(edge, routes.level):
                    steps, aside = _ways_to(start, *to)
                    rest = self._after(then, routes)
                    yield start, Hop(len(steps) + 1 + rest, (*steps, edge), then, aside)

    def _after(self, then: str | None, routes: Routes) -> int:
        """Return how long the rest of a chain is, from a principal or a new one."""
        return int(self._of.goal.end != ADMIN) if then is None else routes.hops[then].length

    def _leading_to_all(
        self, parts: Sequence[TeamPart], level: StepLevel, near: NearPrincipals
    ) -> Sequence[Routes]:
        """Return who can become one of each part; nothing if one of them has no principal."""
        names: list[tuple[str, ...]] = []
        for part in parts:
            some = sorted(part.names & near.names)
            names.append(tuple(one for one in some if self._may_step(one, level)))
            if not names[-1]:
                return ()
        if not near.may_be_all(names):
            return ()
        able = [
            tuple(self._of.teams.able(part, level, some))
            for part, some in zip(parts, names, strict=True)
        ]
        if not all(able):
            return ()
        return [self._leading_to(one, level, near) for one in able]

    def _leading_to(self, names: Iterable[str], level: StepLevel, near: NearPrincipals) -> Routes:
        """Return who is known to become one of some principals that are near."""
        key = (near.names.intersection(names), level)
        if key not in self._to:
            self._to[key] = Routes(level)
            first = ((name, Hop(0)) for name in sorted(key[0]))
            self._spread(first, self._to[key], within=near)
        return self._to[key]

    def _joined(
        self,
        start: str,
        to_writers: Routes,
        to_targets: Routes,
        routes: Routes,
        makes: Altered | None,
    ) -> Hop | None:
        by, target = to_writers.last(start), to_targets.last(start)
        if by == target:
            return None
        beings = self._of.beings
        steps, aside = _ways_to(start, to_targets, to_writers)
        if makes is None:
            edge = self._of.changes.edge(beings[target], beings[by])
            hop = Hop(len(steps) + 1)
        else:
            edge = self._of.altered.edge(makes, beings[by])
            hop = routes.hops[makes.being.id]
            hop = Hop(len(steps) + 1 + hop.length, then=makes.being.id)
        if edge is None or not self._is_left(edge, routes.level):
            return None
        return replace(hop, edges=(*steps, edge), aside=aside)


def _ways_to(
    start: str, first: Routes, *others: Routes
) -> tuple[tuple[GraphEdge, ...], tuple[GraphEdge, ...]]:
    """Return the steps of a start to one principal, and those to others beside them."""
    steps, aside = first.edges(start), dict.fromkeys(first.aside(start))
    for other in others:
        if other.last(start) not in _on(start, steps):
            aside.update(dict.fromkeys((*other.edges(start), *other.aside(start))))
    return steps, tuple(edge for edge in aside if edge not in steps)


def _on(start: str, steps: Iterable[GraphEdge]) -> set[str]:
    return {start, *(edge.end for edge in steps)}


def _halves(group: _Group) -> Iterator[_Group]:
    """Yield two groups that have all pairs of a group; nothing for a single pair."""
    writers, targets = group.writers, group.targets
    half = max(len(writers), len(targets)) // 2
    if len(writers) >= len(targets) > 0 and half:
        yield from (replace(group, writers=some) for some in (writers[half:], writers[:half]))
    elif half:
        yield from (replace(group, targets=some) for some in (targets[half:], targets[:half]))


_MOST_SPLITS: Final = 1_000
"""Groups of those who rewrite and those who are rewritten that are tried for one pattern."""
