"""The principals that a search still has to look at, for each way."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from iamlint.graph.answer import StepLevel
    from iamlint.graph.near import NearPrincipals
    from iamlint.graph.routes import Routes


class LeftStarts:
    """The principals of ways that have no chain as short as the next one, while a search spreads.

    Ways that share a tuple of principals share what is left of it, so that one that has a chain
    leaves all of these ways at once.
    """

    def __init__(
        self,
        routes: Routes,
        shortest: Mapping[str, int],
        may_step: Callable[[str, StepLevel], bool],
        within: NearPrincipals | None = None,
    ) -> None:
        self._hops, self._level = routes.hops, routes.level
        self._within = within
        self._shortest = shortest
        self._may_step = may_step
        self._starts: dict[int, tuple[tuple[str, ...], Sequence[str]]] = {}
        """By the ids of tuples, which are kept so that no id is given away again."""

    def of(self, starts: tuple[str, ...], length: int) -> Sequence[str]:
        """Return those of some principals that have no chain of a length, and may get one."""
        _, before = self._starts.get(id(starts)) or (starts, self._first(starts))
        hops, shortest = self._hops, self._shortest
        found = [
            one for one in before if one not in hops and shortest.get(one, length + 1) > length
        ]
        self._starts[id(starts)] = (starts, found)
        return found

    def _first(self, starts: tuple[str, ...]) -> Sequence[str]:
        every = starts if self._within is None else self._within.of(starts)
        return [one for one in every if self._may_step(one, self._level)]
