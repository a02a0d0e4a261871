"""The principals that may become another one, and these: none but they can be several at once.

A principal that can become no other one takes each step alone, so that the search leaves it out
where several take a step together. One that has a chain needs no such step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from iamlint.graph.altered import Alterations
    from iamlint.graph.held import PathHoldings
    from iamlint.graph.steps import Need, Stepping
    from iamlint.graph.teams import TeamPart
    from iamlint.graph.ways import Approach, StepWays
    from iamlint.graph.world import Being


_MANY: Final = 32
"""Ways that some principals share, from which on it is asked whether they can go any."""
_FEW: Final = 8
"""Principals for which each of so many ways is asked about."""


@dataclass(slots=True)
class _Shared:
    """Those of a group who may go ways of one sort, and those whose boundary limits where.

    `kept` are what the key has the ids of, so that no id is given away again.
    """

    free: frozenset[str]
    limited: tuple[str, ...]
    kept: object
    ways: int = 0


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

    def __init__(
        self,
        ways: StepWays,
        altered: Alterations,
        holdings: PathHoldings,
        stepping: Stepping,
        beings: Mapping[str, Being],
    ) -> None:
        self._ways = ways
        self._altered = altered
        self._holdings = holdings
        self._stepping = stepping
        self._beings = beings
        self._shared: dict[tuple[object, ...], _Shared] = {}

    def find(self, beings: Sequence[Being], able: AbstractSet[str]) -> NearPrincipals:
        """Return those of some principals that may become another one of them, and these.

        Those that are `able` may take a step.
        """
        found: set[str] = set()
        met: set[frozenset[str]] = set()
        for being in beings:
            for approach in (*self._ways.into(being), *self._altered.into(being)):
                for starts in self._open_to(approach, able):
                    if starts and starts != {being.id}:
                        found.add(being.id)
                        if starts not in met:
                            met.add(starts)
                            found |= starts
        return self.near(beings, self._with_several(beings, found, able))

    def near(self, beings: Sequence[Being], names: AbstractSet[str]) -> NearPrincipals:
        """Return principals as those that are near, with who may become which of them."""
        by_name = {being.id: being for being in beings}
        return NearPrincipals(names, lambda name: self._starts(by_name[name], names))

    def _starts(self, being: Being, near: AbstractSet[str]) -> set[str]:
        """Return who may take a step into a principal, alone or with others."""
        found = set(self._altered.writers(being))
        for approach in (*self._ways.into(being), *self._altered.into(being)):
            found.update(*self._open_to(approach, near))
        for team in self._ways.of_teams(being, near):
            for part in team.parts:
                found |= part.names
        return found

    def _open_to(self, approach: Approach, able: AbstractSet[str]) -> Iterator[frozenset[str]]:
        """Yield those of some principals that nothing surely stops from going a way."""
        needs = approach.way.needs
        for group in approach.starts:
            key = (id(group), id(able), *((need.actions, *need.context.values()) for need in needs))
            shared = self._shared.get(key)
            if shared is None:
                starts, _ = self._holdings.parted(group, needs)
                some = [one for one in starts if one in able]
                limited = tuple(filter(self._holdings.is_limited, some))
                free = frozenset(some).difference(limited)
                shared = self._shared[key] = _Shared(free, limited, (group, able))
            shared.ways += 1
            if shared.ways == _MANY:
                anything = [replace(need, on=None, of_every=False) for need in needs]
                shared.free = self._meeting(anything, shared.free)
            is_asked = shared.ways >= _MANY and len(shared.free) <= _FEW
            yield self._meeting(needs, shared.free) if is_asked else shared.free
            if shared.limited:
                stopped = self._stepping.is_stopped
                yield frozenset(one for one in shared.limited if not stopped(one, needs))

    def _meeting(self, needs: Sequence[Need], names: Iterable[str]) -> frozenset[str]:
        """Return those of some principals that meet all of some needs, which is asked."""
        best, beings = self._stepping.best, self._beings
        return frozenset(
            name for name in names if all(best(beings[name], one) is not None for one in needs)
        )

    def _with_several(
        self, beings: Sequence[Being], near: set[str], able: AbstractSet[str]
    ) -> set[str]:
        """Add those that several of those who are near may become together."""
        count = -1
        while near and count < len(near):
            count = len(near)
            acting = near & able
            for being in beings:
                if being.id not in near and self._is_open(being, acting):
                    near.add(being.id)
                    if being.id in able:
                        acting.add(being.id)
        return near

    def _is_open(self, being: Being, acting: AbstractSet[str]) -> bool:
        if any(map(acting.__contains__, self._altered.writers(being))):
            return True
        teams = (*self._ways.of_teams(being, acting), *self._altered.of_teams(being))
        return any(self._may_meet(team.parts, acting) for team in teams)

    def _may_meet(self, parts: Iterable[TeamPart], acting: AbstractSet[str]) -> bool:
        """Return whether each part has someone; one that meets all of them needs no other."""
        every: set[str] = set()
        for part in parts:
            able = part.names & acting
            if limited := [one for one in able if self._holdings.is_limited(one)]:
                able -= {one for one in limited if self._stepping.is_stopped(one, part.needs)}
            if not able:
                return False
            every |= able
        return len(every) > 1
