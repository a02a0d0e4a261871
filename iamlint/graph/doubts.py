"""Paths that the graph cannot follow, so that an answer is unknown instead of *no*."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.catalog.escalation import actions_of_paths
from iamlint.grants.reach import ANY_NAME
from iamlint.graph.answer import How, NodeKind, PathDoubt
from iamlint.graph.paths import paths_followed, paths_not_modelled
from iamlint.graph.steps import Need
from iamlint.graph.teams import TeamPart
from iamlint.graph.trusted import trusted_by

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from iamlint.graph.held import PathHoldings
    from iamlint.graph.paths import PathUse
    from iamlint.graph.routes import Routes
    from iamlint.graph.steps import Stepping
    from iamlint.graph.world import Being
    from iamlint.policy.model import Statement

_OWN_NAME: Final = "${aws:username}"
_OF_USERS: Final = frozenset(
    {
        "iam:createservicespecificcredential", "iam:resetservicespecificcredential",
        "iam:deactivatemfadevice", "iam:enablemfadevice", "iam:resyncmfadevice",
    }
)  # fmt: skip


_UNTRIED: Final = PathDoubt(
    "many principals", "it can change more of them, in more ways, than were tried"
)


class PathDoubts:
    """Finds the paths that principals may go and the graph does not follow."""

    def __init__(
        self, stepping: Stepping, holdings: PathHoldings, beings: Mapping[str, Being]
    ) -> None:
        self._stepping = stepping
        self._world = stepping.world
        self._holdings = holdings
        self._beings = beings

    def about(self, routes: Routes, untried: Collection[str] = ()) -> dict[str, list[PathDoubt]]:
        """Return the doubts about those that have no chain, where the routes are all there are.

        The search has not tried all that those who are `untried` can do to others.
        """
        found = self.untried(routes, untried)
        for name, being in self._beings.items():
            if name in routes.hops or being.kind is NodeKind.OUTSIDER:
                continue
            doubts = [*self._not_modelled(name, being)]
            if doubts:
                found.setdefault(name, []).extend(doubts)
        for name, doubt in self._nothing_to_run_on(routes):
            if name not in routes.hops:
                found.setdefault(name, []).append(doubt)
        return found

    def untried(self, routes: Routes, names: Collection[str]) -> dict[str, list[PathDoubt]]:
        """Return the doubts about what the search has not tried."""
        return {name: [_UNTRIED] for name in names if name not in routes.hops}

    def _not_modelled(self, name: str, being: Being) -> Iterator[PathDoubt]:
        held = self._holdings.actions.get(name, frozenset())
        for use in paths_not_modelled():
            if not all(any(one in held for one in need) for need in use.path.needs):
                continue
            if use.path.needs[0][0] in _OF_USERS and _is_about_itself(being, use.path.needs[0]):
                continue
            if all(self._stepping.best(being, need) is not None for need in _needs(use, being)):
                yield PathDoubt(use.path.id, use.why)

    def of_teams(self, routes: Routes) -> Iterator[tuple[tuple[TeamPart, ...], PathDoubt]]:
        """Yield the doubts about those who can become all that meet the needs of a path."""
        doubts = [(use, PathDoubt(use.path.id, use.why)) for use in paths_not_modelled()]
        doubts += self._without_workload(routes)
        for use, doubt in doubts:
            if len(use.path.needs) > 1:
                parts = tuple(map(self._part, use.path.needs))
                if all(part.names for part in parts):
                    yield parts, doubt

    def _part(self, actions: tuple[str, ...]) -> TeamPart:
        names = {name for one in actions for name in self._holdings.holders(one)}
        if actions[0] in _OF_USERS:
            names = {one for one in names if not _is_about_itself(self._beings[one], actions)}
        return TeamPart((Need(actions, ""),), frozenset(names))

    def _nothing_to_run_on(self, routes: Routes) -> Iterator[tuple[str, PathDoubt]]:
        for use, doubt in self._without_workload(routes):
            yield from ((name, doubt) for name in self._able(use))

    def _without_workload(self, routes: Routes) -> Iterator[tuple[PathUse, PathDoubt]]:
        """Yield the paths that run something as a role that has a chain, if there were anything.

        Where the files would describe it, there is nothing.
        """
        hosts: dict[str, list[str]] = {}
        for name in routes.hops:
            being = self._beings.get(name)
            if being is None or being.identity is None or being.kind is not NodeKind.ROLE:
                continue
            if self._world.lists_workloads(being):
                continue
            for host in trusted_by(being.identity).services:
                hosts.setdefault(host, []).append(name)
        for use in paths_followed(How.RUN_AS) if hosts else ():
            for type_, host in use.runs:
                if host in hosts and not self._world.workloads.has(type_):
                    why = f"no file shows which `{type_}` runs as `{hosts[host][0]}`"
                    yield use, PathDoubt(use.path.id, why)

    def _able(self, use: PathUse) -> Iterator[str]:
        """Yield who may do all that a path needs, on something."""
        for name in sorted(self._holdings.able(use.path)):
            needs = [Need(one, "") for one in use.path.needs]
            being = self._beings[name]
            if all(self._stepping.best(being, need) is not None for need in needs):
                yield name


def _needs(use: PathUse, being: Being) -> Iterator[Need]:
    """Yield the needs of a path; about users, another one than the one who asks."""
    for actions in use.path.needs:
        if actions[0] not in _OF_USERS:
            yield Need(actions, "")
            continue
        arn = f"arn:{being.actor.caller.partition}:iam::{being.actor.account}:user/{ANY_NAME}"
        yield Need(actions, "", arn)


def _is_about_itself(being: Being, actions: Collection[str]) -> bool:
    """Return whether a user may use some actions on itself alone."""
    for policy in being.actor.policies:
        for statement in policy.source.statements:
            if statement.denies or not _names_one(statement, actions):
                continue
            if statement.resource is None or "Resource" in statement.opaque:
                return False
            if not all(_OWN_NAME in entry.text for entry in statement.resources):
                return False
    return True


def _names_one(statement: Statement, actions: Collection[str]) -> bool:
    if statement.action is None or "Action" in statement.opaque:
        return True
    texts = (entry.known or "" for entry in statement.actions)
    return any(one in actions for text in texts for one in actions_of_paths(text))
