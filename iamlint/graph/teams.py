"""Ways whose needs several principals meet: one makes a function with a role, another invokes it.

One who can become all of them goes such a way. The one that passes a role also makes the calls that
take it; other calls are anybody's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from iamlint.fast_dataclass import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from iamlint.graph.answer import GraphEdge, StepLevel
    from iamlint.graph.decided import Decided
    from iamlint.graph.steps import Need, Stepping, Way
    from iamlint.graph.world import Being

_One = TypeVar("_One")


@dataclass(frozen=True, slots=True, eq=False)
class TeamPart:
    """Needs that one principal must meet, and the names of those that may be able to."""

    needs: tuple[Need, ...]
    names: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class TeamWay:
    """A way in parts; the one who meets the first of them takes the step."""

    way: Way
    parts: tuple[TeamPart, ...]


class Teams:
    """Decides which principals meet which part of a way."""

    def __init__(self, stepping: Stepping, beings: Mapping[str, Being]) -> None:
        self._stepping = stepping
        self._beings = beings

    def able(self, part: TeamPart, level: StepLevel, names: Iterable[str]) -> Iterator[str]:
        """Yield which of some principals meet a part of a way, at least at a level."""
        for name in names:
            met = self._met(self._beings[name], part.needs)
            if met is not None and all(one.level >= level for _, _, one in met):
                yield name

    def _met(self, being: Being, needs: Sequence[Need]) -> list[tuple[Need, str, Decided]] | None:
        found: list[tuple[Need, str, Decided]] = []
        for need in needs:
            one = self._stepping.best(being, need)
            if one is None:
                return None
            found.append((need, *one))
        return found

    def edge(self, team: TeamWay, members: Sequence[str]) -> GraphEdge | None:
        """Return the edge of a team, each member with its part."""
        edges: list[GraphEdge] = []
        for name, part in zip(members, team.parts, strict=True):
            being = self._beings[name]
            met = self._met(being, part.needs)
            if met is None:
                return None
            way = team.way if not edges else replace(team.way, premises=())
            edges.append(self._stepping.joined(being, way, met))
        others = [name for name in members if name != members[0]]
        return replace(
            edges[0],
            by=others[0] if others else None,
            level=min(edge.level for edge in edges),
            actions=_all(edge.actions for edge in edges),
            conditions=_all(edge.conditions for edge in edges),
            unknown=_all(edge.unknown for edge in edges),
            why=next((edge.why for edge in edges if edge.why), None),
            places=_all(edge.places for edge in edges),
            assumptions=_all(edge.assumptions for edge in edges),
        )


def _all(parts: Iterable[tuple[_One, ...]]) -> tuple[_One, ...]:
    return tuple(dict.fromkeys(one for part in parts for one in part))
