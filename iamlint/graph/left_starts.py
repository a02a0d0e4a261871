"""The principals that a search still has to look at, for each way."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from iamlint.graph.near import NearPrincipals
    from iamlint.graph.routes import Hop


class LeftStarts:
    """The principals of ways that have no chain as short as the next one, while a search spreads.

    Ways that share a tuple of principals share what is left of it, so that one that has a chain
    leaves all of these ways at once.
    """

    def __init__(
        self,
        hops: Mapping[str, Hop],
        shortest: Mapping[str, int],
        within: NearPrincipals | None = None,
    ) -> None:
        self._hops = hops
        self._within = within
        self._shortest = shortest
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
        return starts if self._within is None else self._within.of(starts)
