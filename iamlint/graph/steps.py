"""Ways to take a step, and the edge that a principal which can take it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from iamlint.catalog.escalation import escalation
from iamlint.fast_dataclass import dataclass, field
from iamlint.grants.reach import resource_patterns
from iamlint.graph.answer import GraphEdge, How, StepLevel
from iamlint.graph.places import StepPlaces
from iamlint.policy.arn_patterns import overlaps_arn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from iamlint.catalog.model import Action
    from iamlint.evaluator.context import ContextValue
    from iamlint.graph.answer import StepPlace
    from iamlint.graph.asking import StepAsking
    from iamlint.graph.decided import Decided
    from iamlint.graph.world import Being, GraphWorld


@dataclass(frozen=True, slots=True)
class Need:
    """One of these actions, in lower case, on one resource, or on any if `on` is None.

    If `on` is a pattern and it is about one thing whose name is not known, all that the pattern
    names must be allowed: it is `of_every`. `says` is for people: "may pass the role".
    """

    actions: tuple[str, ...]
    says: str
    on: str | None = None
    context: Mapping[str, ContextValue] = field(default_factory=dict)
    of_every: bool = False


@dataclass(frozen=True, slots=True)
class Premise:
    """What a way depends on besides the one who takes it, such as a trust policy."""

    decided: Decided
    places: tuple[StepPlace, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """A way to take a step: the actions that it needs, and what else it depends on."""

    how: How
    end: str
    needs: tuple[Need, ...]
    path: str | None = None
    through: str | None = None
    premises: tuple[Premise, ...] = ()


_Met: TypeAlias = "tuple[str, Decided]"


class Stepping:
    """Decides whether a principal can go a way.

    `stops` returns whether it is seen at once that a principal, by its name, cannot use an action
    of paths on a pattern of ARNs, or on anything.
    """

    def __init__(
        self,
        world: GraphWorld,
        asking: StepAsking,
        stops: Callable[[str, str, str | None], bool] = lambda *_: False,
    ) -> None:
        self.world = world
        self.asking = asking
        self._stops = stops
        self.places = StepPlaces(world)
        self._edges: dict[tuple[str, int], GraphEdge | None] = {}
        self._ways: list[Way] = []
        self._stopped: dict[tuple[str, str, str | None], bool] = {}
        self._refused: dict[str, list[Way]] = {}
        self._noted: dict[int, tuple[str, ...]] = {}

    def edge(self, being: Being, way: Way) -> GraphEdge | None:
        """Return the edge of a principal that can go a way; the id comes later."""
        key = (being.id, id(way))
        if key not in self._edges:
            self._ways.append(way)  # its id must not be given away again
            self._edges[key] = self._edge(being, way)
            if self._edges[key] is None:
                self._refused.setdefault(being.id, []).append(way)
        return self._edges[key]

    def refuse(self, names: tuple[str, ...], way: Way) -> None:
        """Note principals that hold what a way needs, and that something surely stops.

        The same tuple of them is noted once, with its first way.
        """
        if id(names) not in self._noted:
            self._noted[id(names)] = names  # its id must not be given away again
            for name in names:
                self._refused.setdefault(name, []).append(way)

    def refused(self, being: Being) -> Sequence[Way]:
        """Return the ways that a principal was found to be unable to go."""
        return self._refused.get(being.id, ())

    def _edge(self, being: Being, way: Way) -> GraphEdge | None:
        met: list[tuple[Need, str, Decided]] = []
        for need in way.needs:
            found = self.best(being, need)
            if found is None:
                return None
            met.append((need, *found))
        return self.joined(being, way, met)

    def joined(self, being: Being, way: Way, met: Sequence[tuple[Need, str, Decided]]) -> GraphEdge:
        """Return the edge of needs that are met, each by an action."""
        every = [*(one for _, _, one in met), *(one.decided for one in way.premises)]
        places = [place for each in met for place in self._places(being, way, *each)]
        places += [place for one in way.premises for place in one.places]
        return GraphEdge(
            "",
            being.id,
            way.end,
            way.how,
            min((one.level for one in every), default=StepLevel.SURE),
            way.path,
            tuple(dict.fromkeys(self._actions(met))),
            way.through,
            conditions=tuple(dict.fromkeys(key for one in every for key in one.conditions)),
            unknown=tuple(dict.fromkeys(name for one in every for name in one.unknown)),
            why=next((one.why for one in every if one.why), None),
            places=tuple(dict.fromkeys(places)),
            assumptions=tuple(dict.fromkeys(note for one in every for note in one.assumptions)),
        )

    def _actions(self, met: Iterable[tuple[Need, str, Decided]]) -> Iterator[str]:
        """Yield the actions of needs that are met, after those that set tags."""
        every = tuple(met)
        yield from (tag.action for _, _, one in every for tag in one.tagging)
        yield from (self._spelled(action) for _, action, _ in every)

    def _spelled(self, action: str) -> str:
        """Return an action as AWS spells it."""
        fact = self.world.catalog.action(action)
        return action if fact is None else fact.full_name

    def _places(
        self, being: Being, way: Way, need: Need, action: str, decided: Decided
    ) -> Iterator[StepPlace]:
        trusts = "trusts it" if way.how is How.ASSUME_ROLE else "lets it"
        yield from self.places.of(being, decided.because, action, need.says, trusts)
        for tag in decided.tagging:
            because = () if tag.decided is None else tag.decided.because
            yield from self.places.of(being, because, tag.action, "may tag itself")

    def best(self, being: Being, need: Need) -> _Met | None:
        """Return the action by which a need is met best."""
        best: _Met | None = None
        for action in need.actions:
            found = self.decide(being, action, need)
            if found is not None and (best is None or found.level > best[1].level):
                best = (action, found)
            if best is not None and best[1].level is StepLevel.SURE:
                break
        return best

    def is_stopped(self, name: str, needs: Iterable[Need]) -> bool:
        """Return whether it is seen at once that a principal cannot meet some needs."""
        return any(
            all(self._is_stopped(name, action, need.on) for action in need.actions)
            for need in needs
        )

    def _is_stopped(self, name: str, action: str, on: str | None) -> bool:
        key = name, action, on
        if key not in self._stopped:
            glob = None if on is None or not self._acts_on(action, on) else self.world.as_glob(on)
            self._stopped[key] = self._stops(name, action, glob)
        return self._stopped[key]

    def _acts_on(self, action: str, on: str) -> bool:
        """Return whether an action is asked about a resource, which is of a type that it takes."""
        fact = self.world.catalog.action(action)
        return (
            fact is not None
            and not fact.wildcard_only
            and any(
                not names or self._is_of(fact, names, on)
                for names in escalation().targets.get(action, ((),))
            )
        )

    def _is_of(self, fact: Action, names: Iterable[str], on: str) -> bool:
        """Return whether a resource is of one of some types that an action takes."""
        patterns = resource_patterns(fact, self.world.catalog, tuple(names))
        return any(overlaps_arn(pattern, on) for pattern in patterns)

    def decide(self, being: Being, action: str, need: Need) -> Decided | None:
        """Return whether a principal may use an action as it is needed.

        Of an action that needs several resources, each must be allowed.
        """
        if self._stops(being.id, action, None):
            return None
        spelled = self._spelled(action)
        found: Decided | None = None
        for group in escalation().targets.get(action, ((),)):
            one = self._of_group(being, spelled, group, need)
            if one is None:
                return None
            if found is None or one.level < found.level:
                found = one
        return found

    def _of_group(
        self, being: Being, action: str, group: Iterable[str], need: Need
    ) -> Decided | None:
        """Return the best of the answers about resources of any of these types."""
        fact = self.world.catalog.action(action)
        if fact is None:
            return None
        names = tuple(group)
        if not names:
            return self._ask(being, action, need.on, need)
        if need.on is not None and self._is_of(fact, names, need.on):
            return self._ask(being, action, need.on, need)
        best: Decided | None = None
        for pattern in resource_patterns(fact, self.world.catalog, names):
            found = self._ask(being, action, self._here(being, pattern), need)
            if found is not None and (best is None or found.level > best.level):
                best = found
        return best

    def _here(self, being: Being, pattern: str) -> str | None:
        """Return a pattern of ARNs in the account of a principal."""
        if pattern == "*":
            return None
        fields = pattern.split(":", 5)
        if len(fields) < 6 or fields[4] == "":  # noqa: PLR2004 - the fields of an ARN
            return pattern
        fields[1] = self.world.accounts.partition
        fields[4] = being.actor.account or "*"
        return ":".join(fields)

    def _ask(self, being: Being, action: str, on: str | None, need: Need) -> Decided | None:
        fact = self.world.catalog.action(action)
        carried = {
            key: value
            for key, value in need.context.items()
            if fact is None or self.world.catalog.may_carry(fact, key)
        }
        if fact is not None and on is not None and fact.wildcard_only:
            on = None
        if on is not None and self._stops(being.id, action.lower(), self.world.as_glob(on)):
            return None
        is_about_it = on is not None and on == need.on
        return self.asking.decide(
            being, action, on, carried, of_every=need.of_every and is_about_it
        )
