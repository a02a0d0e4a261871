"""Principals with more than they have now, such as another group, and principals that are new."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass, replace
from iamlint.graph.ways import Approach

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iamlint.graph.answer import GraphEdge
    from iamlint.graph.steps import Stepping, Way
    from iamlint.graph.teams import TeamWay
    from iamlint.graph.world import Being


@dataclass(frozen=True, slots=True, eq=False)
class Altered:
    """What becomes of a principal by one of some ways; `writers` may be able to go one of them.

    If it is `of` None it is new, and those who create it become it. `teams` may do so together.
    """

    being: Being
    of: str | None
    writers: tuple[str, ...]
    ways: tuple[Way, ...]
    teams: tuple[TeamWay, ...] = ()


class Alterations:
    """All that principals may become, and who makes them so."""

    def __init__(self, stepping: Stepping, members: Iterable[Altered]) -> None:
        self._stepping = stepping
        self.members = tuple(members)
        self._by_id = {one.being.id: one for one in self.members}
        self._into = {one.being.id: tuple(_approaches(one)) for one in self.members}

    def into(self, being: Being) -> tuple[Approach, ...]:
        """Return the ways of those that alter themselves, or make a new one, into a principal."""
        return self._into.get(being.id, ())

    def writers(self, being: Being) -> tuple[str, ...]:
        """Return who may be able to alter a principal so that it is this one."""
        member = self._by_id.get(being.id)
        if member is None:
            return ()
        parts = (part.names for team in member.teams for part in team.parts)
        others = frozenset[str]().union(*parts)
        return (*member.writers, *others, *(() if member.of is None else (member.of,)))

    def of_teams(self, being: Being) -> tuple[TeamWay, ...]:
        """Return the ways to make a principal that several others may go together."""
        member = self._by_id.get(being.id)
        return () if member is None else member.teams

    def edge(self, member: Altered, by: Being) -> GraphEdge | None:
        """Return the surest edge of a principal that another one alters."""
        edges = (self._stepping.edge(by, way) for way in member.ways)
        best = max((edge for edge in edges if edge), key=lambda one: one.level, default=None)
        if best is None or member.of is None:
            return best
        return replace(best, start=member.of, by=by.id)


def _approaches(member: Altered) -> Iterator[Approach]:
    if member.of is None:
        starts = member.writers
    else:
        starts = tuple(name for name in (member.of,) if name in member.writers)
    if starts:
        yield from (Approach(way, (starts,)) for way in member.ways)
