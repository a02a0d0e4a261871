"""The principals that may become another one, and these: none but they can be several at once.

A principal that can become no other one takes each step alone, so that the search leaves it out
where several take a step together. One that has a chain needs no such step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from iamlint.graph.altered import Alterations
    from iamlint.graph.held import PathHoldings
    from iamlint.graph.teams import TeamPart
    from iamlint.graph.ways import Approach, StepWays
    from iamlint.graph.world import Being


class NearPrincipals:
    """The names of principals that may be one of several, and who may become which of these."""

    def __init__(self, names: Iterable[str], into: Callable[[str], AbstractSet[str]]) -> None:
        self.names = frozenset(names)
        self._into = into
        self._starts: dict[str, AbstractSet[str]] = {}
        self._may: dict[tuple[str, ...], frozenset[str]] = {}
        self._of: dict[int, tuple[tuple[str, ...], Sequence[str]]] = {}
        """By the ids of tuples, which are kept so that no id is given away again."""

    def of(self, starts: tuple[str, ...]) -> Sequence[str]:
        """Return those of some principals that are near."""
        if id(starts) not in self._of:
            self._of[id(starts)] = starts, [one for one in starts if one in self.names]
        return self._of[id(starts)][1]

    def may_be_all(self, names: Iterable[tuple[str, ...]]) -> bool:
        """Return whether one may be able to become one of each of some groups of principals."""
        return bool(frozenset.intersection(*map(self._may_lead_to, names)))

    def _may_lead_to(self, names: tuple[str, ...]) -> frozenset[str]:
        """Return who may be able to become one of some principals, before any step is decided.

        One that becomes a principal with a chain has a chain too, so that only those near count.
        """
        if names not in self._may:
            found = set(self.names.intersection(names))
            todo = [*found]
            while todo:
                name = todo.pop()
                if name not in self._starts:
                    self._starts[name] = self.names & self._into(name)
                starts = self._starts[name] - found
                todo += starts
                found |= starts
            self._may[names] = frozenset(found)
        return self._may[names]


class NearFinder:
    """Finds the principals that may become another one, before any step is decided."""

    def __init__(self, ways: StepWays, altered: Alterations, holdings: PathHoldings) -> None:
        self._ways = ways
        self._altered = altered
        self._holdings = holdings

    def find(self, beings: Sequence[Being], able: AbstractSet[str]) -> NearPrincipals:
        """Return those of some principals that may become another one of them, and these.

        Those that are `able` may take a step.
        """
        found: set[str] = set()
        known: dict[tuple[int, object], frozenset[str]] = {}
        for being in beings:
            for approach in (*self._ways.into(being), *self._altered.into(being)):
                key = (id(approach.starts), tuple(need.actions for need in approach.way.needs))
                if key not in known:
                    known[key] = frozenset(self._able(approach, able))
                starts = known[key]
                if starts and starts != {being.id}:
                    found.add(being.id)
                    found |= starts
        return self.near(beings, self._with_several(beings, found))

    def near(self, beings: Sequence[Being], names: AbstractSet[str]) -> NearPrincipals:
        """Return principals as those that are near, with who may become which of them."""
        by_name = {being.id: being for being in beings}
        return NearPrincipals(names, lambda name: self._starts(by_name[name], names))

    def _starts(self, being: Being, near: AbstractSet[str]) -> set[str]:
        """Return who may take a step into a principal, alone or with others."""
        found = set(self._altered.writers(being))
        for approach in (*self._ways.into(being), *self._altered.into(being)):
            found.update(approach.starts)
        for team in self._ways.of_teams(being, near):
            for part in team.parts:
                found |= part.names
        return found

    def _able(self, approach: Approach, able: AbstractSet[str]) -> Iterator[str]:
        """Yield those of some principals that nothing surely stops from going a way."""
        for start in approach.starts:
            stopped = self._holdings.stopped.get(start, frozenset())
            if start in able and not any(
                stopped.issuperset(need.actions) for need in approach.way.needs
            ):
                yield start

    def _with_several(self, beings: Sequence[Being], near: set[str]) -> set[str]:
        """Add those that several of those who are near may become together."""
        count = -1
        while near and count < len(near):
            count = len(near)
            for being in beings:
                if being.id not in near and self._is_open(being, near):
                    near.add(being.id)
        return near

    def _is_open(self, being: Being, near: AbstractSet[str]) -> bool:
        if any(map(near.__contains__, self._altered.writers(being))):
            return True
        teams = (*self._ways.of_teams(being, near), *self._altered.of_teams(being))
        return any(_may_meet(team.parts, near) for team in teams)


def _may_meet(parts: Iterable[TeamPart], near: AbstractSet[str]) -> bool:
    return not any(part.names.isdisjoint(near) for part in parts)
