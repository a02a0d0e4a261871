"""Ways that are not open, and why: no principal has it, nothing is there, or something stops it.

They explain an answer that is *no*: a reviewer sees what the silence rests on.
"""

from __future__ import annotations

from functools import cached_property
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from iamlint.account.ask.answer import Ruling, reason_of
from iamlint.account.origin import Origin
from iamlint.catalog.escalation import escalation
from iamlint.errors import UsageError
from iamlint.evaluator.verdict import Verdict
from iamlint.graph.answer import Closed, ClosedWay, How, NodeKind, StepPlace
from iamlint.graph.held import granted
from iamlint.graph.paths import path_uses, paths_followed
from iamlint.graph.steps import Need
from iamlint.graph.trusted import trusted_by
from iamlint.policy.at import At
from iamlint.policy.grammar import Kind
from iamlint.policy.memory import remember

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iamlint.account.ask.answer import Answer
    from iamlint.evaluator.decision import Decision
    from iamlint.graph.routes import Routes
    from iamlint.graph.search import Finders
    from iamlint.graph.steps import Stepping
    from iamlint.graph.world import Being, GraphWorld
    from iamlint.load.document import Document

MOST: Final = 50
"""Ways that are listed."""

_MOST_TRIED: Final = 8
"""Ways of one principal that are looked at."""

_LIMITS: Final = frozenset({Kind.BOUNDARY, Kind.SCP, Kind.RCP, Kind.SESSION})


def closed_ways(of: Finders, routes: Routes, starts: Iterable[str]) -> tuple[ClosedWay, ...]:
    """Return the first ways of some starts without a chain that are not open.

    The routes are those of steps that are not known too.
    """
    finder = _Closed(of, routes)
    asked = (of.beings[name] for name in starts if name in of.beings)
    found = (way for being in asked for way in (*finder.guarded(being), *finder.latent(being)))
    return tuple(islice(chain(found, _dormant(of.stepping.world)), MOST))


class _Closed:
    """Looks for the ways of one start after the other."""

    def __init__(self, of: Finders, routes: Routes) -> None:
        self._of = of
        self._stepping: Stepping = of.stepping
        self._routes = routes

    def guarded(self, being: Being) -> Iterator[ClosedWay]:
        """Yield the steps that policies of a principal grant, and something else stops."""
        seen: set[str] = set()
        ends = {*self._routes.hops, self._of.goal.end}
        ways = (way for way in self._stepping.refused(being) if way.end in ends)
        for way in islice(ways, _MOST_TRIED):
            name = way.path or str(way.how)
            stopped = next(filter(None, (self._stop(being, need) for need in way.needs)), None)
            why = "" if stopped is None else self._stepping.world.shown(reason_of(stopped))
            if stopped is not None and why not in seen:
                seen.add(why)
                action = stopped.request.action
                places = self._stepping.places.of(being, stopped.deciding, action, "stops it")
                yield ClosedWay(Closed.GUARDED, being.id, name, why, tuple(places))
        if being.actor.boundary and self._may_rewrite_itself(being):
            why = f"the permissions boundary of `{being.id}` stays in force"
            yield ClosedWay(Closed.GUARDED, being.id, str(How.POLICY_REWRITTEN), why)

    def _may_rewrite_itself(self, being: Being) -> bool:
        return any(
            self._stepping.best(being, option.need) is not None
            for option in self._of.changes.options_of(being)
        )

    def _stop(self, being: Being, need: Need) -> Decision | None:
        """Return the decision by which a Deny or a limit stops one need of a way."""
        for action in need.actions:
            if self._stepping.decide(being, action, need) is not None:
                continue
            answer = self._answer(being, action, need)
            decision = None if answer is None else answer.first(Ruling.DENIED)
            if decision is None:
                continue
            is_limit = bool(_LIMITS & set(decision.blocked_by)) and Kind.IDENTITY not in (
                decision.blocked_by
            )
            if decision.verdict is Verdict.EXPLICITLY_DENIED or is_limit:
                return decision
        return None

    def _answer(self, being: Being, action: str, need: Need) -> Answer | None:
        spelled = escalation().spelled.get(action, action)
        try:
            return self._stepping.world.account.ask(being.actor, (spelled,), need.on)
        except UsageError:
            return None

    def latent(self, being: Being) -> Iterator[ClosedWay]:
        """Yield what a principal could run as a role that has a chain, if there were anything."""
        held, seen = self._of.holdings.actions.get(being.id, frozenset()), set[str]()
        for use in paths_followed(How.RUN_AS):
            types = [type_ for type_, host in use.runs if host in self._hosts]
            new = [one for one in types if one not in seen and not self._has(one)]
            if not new or not all(any(one in held for one in need) for need in use.path.needs):
                continue
            needs = (Need(one, "may use it") for one in use.path.needs)
            if all(self._stepping.best(being, need) is not None for need in needs):
                seen.update(new)
                why = f"no file describes a `{new[0]}`"
                yield ClosedWay(Closed.LATENT, being.id, use.path.id, why)

    def _has(self, type_: str) -> bool:
        return self._stepping.world.workloads.has(type_)

    @cached_property
    def _hosts(self) -> frozenset[str]:
        """The services that a role with a chain trusts."""
        beings = (self._of.beings.get(name) for name in self._routes.hops)
        roles = (one for one in beings if one is not None and one.kind is NodeKind.ROLE)
        identities = (role.identity for role in roles if role.identity is not None)
        return frozenset(host for one in identities for host in trusted_by(one).services)


def _dormant(world: GraphWorld) -> Iterator[ClosedWay]:
    """Yield the managed policies of files that no principal has, and that would open a way."""
    held = {
        (label.document.path, label.document.pointer)
        for identity in world.accounts.identities.values()
        for policy in identity.find().every
        if isinstance(label := policy.label, Origin) and label.document is not None
    }
    for document in world.loaded.documents:
        is_managed = document.kind is Kind.IDENTITY and document.attachment.policy_arn is not None
        if is_managed and (document.path, document.pointer) not in held:
            path = _path_in(document)
            if path is not None:
                why = "the policy is attached to no principal"
                place = StepPlace("grants it", str(document.kind), None, document, At(()))
                yield ClosedWay(Closed.DORMANT, None, path, why, (place,))


def _path_in(document: Document) -> str | None:
    """Return the first path that a policy opens alone."""
    actions = remember(document.policy, granted)
    for use in path_uses().values():
        if use.how and all(any(one in actions for one in need) for need in use.path.needs):
            return use.path.id
    return None
