"""The end of a question: all rights, what can be done to a resource, or one principal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from iamlint.account.ask.validate import arn_patterns, checked_resource, fits
from iamlint.catalog import AccessLevel
from iamlint.errors import UsageError
from iamlint.fast_dataclass import dataclass
from iamlint.graph.admin import decide_admin, grants_everything
from iamlint.graph.answer import ADMIN, How, NodeKind, StepLevel
from iamlint.graph.decided import Decided
from iamlint.graph.steps import Need, Way

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from iamlint.catalog import Catalog
    from iamlint.graph.answer import GraphEdge
    from iamlint.graph.steps import Stepping
    from iamlint.graph.ways import StepWays
    from iamlint.graph.world import Being


@dataclass(frozen=True, slots=True)
class Arrival:
    """That a principal is at the end: at once, or by a last step, its `edge`."""

    decided: Decided
    edge: GraphEdge | None = None


class Goal(Protocol):
    """The end of chains."""

    @property
    def end(self) -> str: ...

    def may_be_at(self, being: Being) -> bool:
        """Return whether it is worth asking about a principal."""
        ...

    def arrival(self, being: Being) -> Arrival | None:
        """Return how a principal is at the end; None if not."""
        ...


class AdminGoal:
    """All rights."""

    end = ADMIN

    def __init__(self, stepping: Stepping, *, of_known: bool = False) -> None:
        self._stepping = stepping
        self._of_known = of_known

    def may_be_at(self, being: Being) -> bool:
        is_of_here = being.kind is not NodeKind.OUTSIDER
        return is_of_here and grants_everything(being.actor.policies, of_known=self._of_known)

    def arrival(self, being: Being) -> Arrival | None:
        decided = decide_admin(being, self._stepping.world, self._stepping.asking)
        return None if decided is None else Arrival(decided)


class ResourceGoal:
    """What can be done to a resource."""

    def __init__(self, stepping: Stepping, arn: str, actions: Iterable[str]) -> None:
        self._stepping = stepping
        self.end = arn
        names = tuple(actions)
        need = Need(names, "may do it", arn)
        self._way = Way(How.DOES, arn, (need,))

    def may_be_at(self, being: Being) -> bool:
        return bool(being.actor.policies) or being.identity is not None

    def arrival(self, being: Being) -> Arrival | None:
        edge = self._stepping.edge(being, self._way)
        if edge is None:
            return None
        return Arrival(_of_edge(edge), edge)


class PrincipalGoal:
    """One of some principals; what is rewritten can be one if a way leads there."""

    def __init__(self, stepping: Stepping, ways: StepWays, targets: Sequence[Being]) -> None:
        self._stepping = stepping
        self._ways = ways
        self._targets = {target.id: target for target in targets}
        self.end = targets[0].id

    def may_be_at(self, being: Being) -> bool:
        return being.id in self._targets

    def arrival(self, being: Being) -> Arrival | None:
        if being.id in self._targets:
            return Arrival(Decided(StepLevel.SURE))
        edges = (
            self._stepping.edge(being, one.way)
            for target in self._targets.values()
            for one in self._ways.into(target)
        )
        best = max((edge for edge in edges if edge), key=lambda one: one.level, default=None)
        return None if best is None else Arrival(_of_edge(best), best)


def _of_edge(edge: GraphEdge) -> Decided:
    return Decided(edge.level, conditions=edge.conditions, unknown=edge.unknown, why=edge.why)


def actions_on(catalog: Catalog, arn: str, patterns: Iterable[str]) -> tuple[str, ...]:
    """Return the actions of a question about a resource, in lower case: all but listing.

    Raises `UsageError` if none of them acts on it.
    """
    resource = checked_resource(catalog, arn)
    asked = tuple(patterns)

    def named() -> Iterator[str]:
        for pattern in asked or (f"{_service_of(arn)}:*",):
            for action in catalog.expand(pattern):
                templates = arn_patterns(catalog, action)
                does_fit = templates is None or any(fits(one, resource) for one in templates)
                if does_fit and (asked or action.access_level is not AccessLevel.LIST):
                    yield action.full_name.lower()

    found = tuple(dict.fromkeys(named()))
    if not found:
        listed = ", ".join(f"`{one}`" for one in asked)
        what = f"{listed} matches no action" if asked else "there is no action"
        raise UsageError(f"{what} that acts on `{arn}`", help="check the ARN, or name `--action`")
    return found


def _service_of(arn: str) -> str:
    return arn.split(":")[2]
