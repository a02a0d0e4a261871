"""The ways that lead to one principal, and who may be able to go each of them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from iamlint.account.ask.named import subject_of
from iamlint.fast_dataclass import dataclass, replace
from iamlint.graph.answer import How, NodeKind, StepLevel, StepPlace
from iamlint.graph.decided import Decided
from iamlint.graph.held import glob_of_entry
from iamlint.graph.paths import NOT_LISTED, OF_OTHERS, paths_followed
from iamlint.graph.stand_ins import is_outsider
from iamlint.graph.steps import Need, Premise, Way
from iamlint.graph.teams import TeamPart, TeamWay
from iamlint.graph.trusted import role_of_session, trusted_by
from iamlint.graph.who_holds import PASS, WhoHolds
from iamlint.graph.world import Being
from iamlint.load.link import LinkKind
from iamlint.policy.wildcard import matches, overlaps

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from iamlint.account.workload import DescribedWorkload
    from iamlint.graph.held import PathHoldings
    from iamlint.graph.outsiders import Outsiders
    from iamlint.graph.paths import PathUse
    from iamlint.graph.steps import Stepping
    from iamlint.graph.trusted import TrustedPrincipals
    from iamlint.graph.who_holds import Starts
    from iamlint.graph.workloads import Running

_SERVICE: Final = "iam:passedtoservice"
_EC2: Final = "ec2.amazonaws.com"
MOST_TAKING: Final = 32
"""Workloads of one type that are looked at to see which takes a role."""


@dataclass(frozen=True, slots=True)
class Approach:
    """A way, and the names of those who may be able to go it, in groups.

    Ways that are open to the same principals by the same pattern have the same group, so that each
    is kept, and looked at, once.
    """

    way: Way
    starts: Starts


class StepWays:
    """Finds the ways into principals."""

    def __init__(self, stepping: Stepping, holdings: PathHoldings, outsiders: Outsiders) -> None:
        self._stepping = stepping
        self._world = stepping.world
        self._holdings = holdings
        self._who = WhoHolds(stepping.world, holdings)
        self._outsiders = outsiders
        self._found: dict[str, tuple[Approach, ...]] = {}
        self._services: dict[tuple[str, str], Premise | None] = {}
        self._teams: dict[str, tuple[TeamWay, ...]] = {}

    def into(self, target: Being) -> tuple[Approach, ...]:
        """Return the ways that lead to a principal, the plainest first."""
        if target.id not in self._found:
            self._found[target.id] = tuple(self._into(target))
        return self._found[target.id]

    def of_teams(self, target: Being, near: AbstractSet[str]) -> tuple[TeamWay, ...]:
        """Return the ways into a principal whose needs some may meet together with others."""
        if target.kind is NodeKind.ROLE and not self._may_pass_role(target, near):
            title = "" if target.identity is None else target.identity.title
            if not any(self._world.workloads.of_role(title)):
                return ()
        if target.id not in self._teams:
            self._teams[target.id] = tuple(self._of_teams(target))
        return self._teams[target.id]

    def _of_teams(self, target: Being) -> Iterator[TeamWay]:
        approaches = self._credentials(target) if target.kind is NodeKind.USER else iter(())
        if target.kind is NodeKind.ROLE and target.identity is not None:
            approaches = self._running(target)
            trusted = trusted_by(target.identity)
            passing = self._may_pass(target, trusted)
            for use in paths_followed(How.PASS_ROLE) if passing else ():
                for way in self._pass_ways(target, trusted, use):
                    yield from self._in_parts(way)
        for approach in approaches:
            yield from self._in_parts(approach.way)

    def _may_pass_role(self, role: Being, near: AbstractSet[str]) -> bool:
        """Return whether one who is near may pass a role."""
        if role.identity is None:
            return False
        groups = self._may_pass(role, trusted_by(role.identity))
        return any(not near.isdisjoint(group) for group in groups)

    def _in_parts(self, way: Way) -> Iterator[TeamWay]:
        """Yield a way in parts, if it has several and each may have a principal."""
        together, alone = way.needs[:1], way.needs[1:]
        if way.how is How.PASS_ROLE:
            together += tuple(one for one in alone if not OF_OTHERS.issuperset(one.actions))
            alone = tuple(one for one in alone if OF_OTHERS.issuperset(one.actions))
        groups = (together, *((one,) for one in alone))
        parts = [TeamPart(needs, self._who.hold_each(needs)) for needs in groups]
        if len(parts) > 1 and all(part.names for part in parts):
            yield TeamWay(way, tuple(parts))

    def _into(self, target: Being) -> Iterator[Approach]:
        if target.kind is NodeKind.USER:
            yield from self._credentials(target)
        if target.kind is NodeKind.ROLE and target.identity is not None:
            trusted = trusted_by(target.identity)
            yield from self._assumed(target, trusted)
            if not target.is_of_aws:
                yield from self._trust_rewritten(target)
                yield from self._passed(target, trusted)
            yield from self._running(target)

    def _credentials(self, user: Being) -> Iterator[Approach]:
        for use in paths_followed(How.CREDENTIALS):
            needs = [
                Need(one, "may make credentials of the user", user.arn) for one in use.path.needs
            ]
            way = Way(How.CREDENTIALS, user.id, tuple(needs), use.path.id)
            yield Approach(way, self._who.hold(use.path.needs[0][0], user.arn))

    def _trust_rewritten(self, role: Being) -> Iterator[Approach]:
        action = "iam:updateassumerolepolicy"
        need = Need((action,), "may rewrite the trust policy of the role", role.arn)
        way = Way(How.TRUST_REWRITTEN, role.id, (need,), "iam-update-assume-role-policy")
        yield Approach(way, self._who.hold(action, role.arn))

    def _assumed(self, role: Being, trusted: TrustedPrincipals) -> Iterator[Approach]:
        arn = role.arn
        action = "sts:assumerole"
        way = Way(
            How.ASSUME_ROLE, role.id, (Need((action,), "may assume the role", arn),),
            "sts-assume-role",
        )  # fmt: skip
        names = dict.fromkeys(name for one in trusted.arns for name in self._called(one))
        if trusted.is_open:
            names.update(dict.fromkeys(self._world.beings))
        elif trusted.accounts or trusted.unknown:
            names.update(
                dict.fromkeys(
                    name
                    for names_ in self._who.hold(action, arn)
                    for name in names_
                    if trusted.unknown or self._may_be_of(name, trusted.accounts)
                )
            )
        if names:
            yield Approach(way, (tuple(sorted(names)),))
        for outsider in self._outsiders.let_in(trusted):
            how, action = outsider.how, outsider.action
            need = Need((action.lower(),), "may assume the role", arn)
            premises = _of_open_account(outsider.unknown)
            # Nothing can be asked about an account that is not known.
            needs = () if premises else (need,)
            yield Approach(Way(how, role.id, needs, premises=premises), ((outsider.being.id,),))

    def _called(self, text: str) -> Iterable[str]:
        """Return the principals of an ARN, and those that it may be of."""
        if (name := self._world.by_arn.get(text)) is not None:
            return (name,)
        if is_outsider(text):
            return ()
        if (of := role_of_session(text)) is not None:
            return self._roles_called(of)
        glob = self._glob(text)
        if glob != text:
            return [
                name for arn, name in self._world.by_arn.items() if overlaps(glob, self._glob(arn))
            ]
        rest = text.rpartition(":")[2]
        return [name for glob, name in self._globs if matches(glob, rest)]

    def _roles_called(self, session: tuple[str, str]) -> Iterable[str]:
        """Return the roles that a session may be of; its ARN has no path."""
        account, of = map(self._glob, session)
        for name, being in self._world.beings.items():
            if being.kind is NodeKind.ROLE and being.identity is not None:
                arn = self._glob(being.arn).split(":", 5)
                if overlaps(account, arn[4]) and overlaps(of, arn[5].rpartition("/")[2]):
                    yield name

    def _glob(self, text: str) -> str:
        """Return a pattern of all that a text of a trust policy may be."""
        return glob_of_entry(self._world.as_glob(text))

    @cached_property
    def _globs(self) -> Sequence[tuple[str, str]]:
        """The principals whose ARN is not known as a whole, by kind and name."""
        found = ((self._world.as_glob(arn), arn, name) for arn, name in self._world.by_arn.items())
        return [(glob.rpartition(":")[2], name) for glob, arn, name in found if glob != arn]

    def _may_be_of(self, name: str, accounts: Collection[str]) -> bool:
        """Return whether a principal is, or may be, of one of some accounts."""
        being = self._world.beings.get(name)
        account = None if being is None else being.actor.account
        if account in accounts or self._world.shown_account(account) is None:
            return True
        return any(matches(self._glob(one), account or "") for one in accounts)

    def _may_pass(self, role: Being, trusted: TrustedPrincipals) -> Starts:
        """Return who may pass a role to a service that it trusts."""
        if role.is_of_aws or not (trusted.services or trusted.unknown):
            return ()
        return self._who.hold(PASS, role.arn)

    def _passed(self, role: Being, trusted: TrustedPrincipals) -> Iterator[Approach]:
        passing = self._may_pass(role, trusted)
        for use in paths_followed(How.PASS_ROLE) if passing else ():
            if starts := self._who.hold_all(use.path, passing):
                for way in self._pass_ways(role, trusted, use):
                    yield Approach(way, starts)

    def _pass_ways(self, role: Being, trusted: TrustedPrincipals, use: PathUse) -> Iterator[Way]:
        """Yield the ways to have services that a role trusts use it."""
        for host in use.path.services:
            premises = self._premises(role, host, use) if self._trusts(trusted, host) else None
            for workload in self._taking(use) if premises is not None else ():
                yield from self._with_profile(role, host, use, premises or (), workload)
            if premises is not None and len(self._of_type(use)) > MOST_TAKING:
                every = (*premises, _one_of_many(use))
                yield from self._with_profile(role, host, use, every, None)

    def _with_profile(
        self,
        role: Being,
        host: str,
        use: PathUse,
        premises: Sequence[Premise],
        workload: DescribedWorkload | None,
    ) -> Iterator[Way]:
        """Yield a way; for EC2 also what it needs if there may be no instance profile."""
        way = self._passing(role, host, use, premises, workload)
        if host != _EC2 or self._has_profile(role):
            yield way
            return
        yield replace(way, needs=(*way.needs, *_making_profiles(use)))
        if self._may_have_profile(role):
            yield replace(way, premises=(*way.premises, _open_profile(role)))

    def _of_type(self, use: PathUse) -> Sequence[DescribedWorkload]:
        return self._world.workloads.of_type(use.needs) if use.needs else ()

    def _taking(self, use: PathUse) -> Sequence[DescribedWorkload | None]:
        """Return what may take the role; None for something new, or that no file describes."""
        return self._of_type(use)[:MOST_TAKING] or (None,)

    def _trusts(self, trusted: TrustedPrincipals, host: str) -> bool:
        """Return whether a trust policy names a service, or may do so."""
        if host in trusted.services or trusted.unknown:
            return True
        return any(matches(self._glob(one), host) for one in trusted.services)

    def _passing(
        self,
        role: Being,
        host: str,
        use: PathUse,
        premises: Sequence[Premise],
        workload: DescribedWorkload | None,
    ) -> Way:
        first = Need((PASS,), "may pass the role", role.arn, {_SERVICE: host})
        says = f"may have `{host}` use it"
        rest = [self._need(one, says, workload) for one in use.path.needs[1:]]
        through = None if workload is None else workload.address
        return Way(How.PASS_ROLE, role.id, (first, *rest), use.path.id, through, tuple(premises))

    def _need(
        self, actions: tuple[str, ...], says: str, workload: DescribedWorkload | None
    ) -> Need:
        """Return a need about a workload, if its action is about one."""
        arn = None if workload is None else workload.arn
        is_about_it = arn is not None and self._world.account.acts_on(actions[0], arn)
        return Need(actions, says, arn if is_about_it else None, of_every=True)

    def _has_profile(self, role: Being) -> bool:
        title = "" if role.identity is None else role.identity.title
        return title in self._profiled

    def _may_have_profile(self, role: Being) -> bool:
        """Return whether a role may have an instance profile that no file shows."""
        node = None if role.identity is None else role.identity.node
        return node is None or not node.lists_profiles or self._has_open_profiles

    @cached_property
    def _has_open_profiles(self) -> bool:
        """Whether it is not known which role an instance profile of the files has."""
        links = [one for one in self._world.loaded.links if one.kind is LinkKind.PROFILE]
        return any(one.given for one in links) or len({one.holder for one in links}) > len(
            self._world.accounts.profiles
        )

    @cached_property
    def _profiled(self) -> frozenset[str]:
        return frozenset(self._world.accounts.profiles.values())

    def _premises(self, role: Being, host: str, use: PathUse) -> list[Premise] | None:
        """Return that the service may use the role, and that what it takes is there."""
        trust = self._service(role, host)
        if trust is None:
            return None
        if not use.needs or self._world.workloads.has(use.needs):
            return [trust]
        if self._world.lists_workloads(role) and use.needs not in NOT_LISTED:
            return None
        why = f"it needs a `{use.needs}`, and no file describes one"
        return [trust, Premise(Decided(StepLevel.UNKNOWN, unknown=(use.needs,), why=why))]

    def _service(self, role: Being, host: str) -> Premise | None:
        """Return that a service may use a role, which is asked once for all paths."""
        if (role.id, host) not in self._services:
            self._services[role.id, host] = self._service_of(role, host)
        return self._services[role.id, host]

    def _service_of(self, role: Being, host: str) -> Premise | None:
        actor = subject_of(self._world.accounts, f"Service:{host}")
        being = Being(f"service {host}", NodeKind.OUTSIDER, actor, actor)
        context = {"aws:sourceaccount": role.actor.account or ""}
        decided = self._stepping.asking.decide(being, "sts:AssumeRole", role.arn, context)
        if decided is None:
            return None
        says = f"lets `{host}` use the role"
        places = self._stepping.places.of(being, decided.because, "sts:AssumeRole", says)
        return Premise(decided, tuple(places))

    def _running(self, role: Being) -> Iterator[Approach]:
        title = "" if role.identity is None else role.identity.title
        for running in self._world.workloads.of_role(title):
            for use in paths_followed(How.RUN_AS):
                if running.workload.type.lower() in (type_.lower() for type_, _ in use.runs):
                    way = self._run(role, running, use)
                    yield Approach(way, self._who.hold_all(use.path))

    def _run(self, role: Being, running: Running, use: PathUse) -> Way:
        workload = running.workload
        says = f"may use `{workload.address}`"
        needs = [self._need(actions, says, workload) for actions in use.path.needs]
        level = StepLevel.SURE if running.is_sure else StepLevel.UNKNOWN
        why = None if running.is_sure else running.why
        decided = Decided(level, unknown=running.unknown, why=why)
        place = StepPlace(f"`{workload.address}` runs with the role", named_at=workload.named_at)
        return Way(
            How.RUN_AS,
            role.id,
            tuple(needs),
            use.path.id,
            workload.address,
            (Premise(decided, (place,)),),
        )


def _of_open_account(unknown: tuple[str, ...]) -> tuple[Premise, ...]:
    """Return that a principal may be one of this account, which needs an Allow of its own."""
    if not unknown:
        return ()
    why = "the account that the trust policy names is not known"
    return (Premise(Decided(StepLevel.UNKNOWN, unknown=unknown, why=why)),)


def _making_profiles(use: PathUse) -> Iterator[Need]:
    """Yield what it needs to make an instance profile, besides what a path needs."""
    for action in ("iam:createinstanceprofile", "iam:addroletoinstanceprofile"):
        if (action,) not in use.path.needs:
            yield Need((action,), "may make an instance profile of the role")


def _open_profile(role: Being) -> Premise:
    """Return that it is not known whether a role has an instance profile."""
    why = f"no file shows whether `{role.id}` has an instance profile"
    return Premise(Decided(StepLevel.UNKNOWN, unknown=(f"instance profile of {role.id}",), why=why))


def _one_of_many(use: PathUse) -> Premise:
    """Return that it may be another workload than those that were looked at."""
    why = f"it may use another `{use.needs}` than the first {MOST_TAKING}"
    return Premise(Decided(StepLevel.UNKNOWN, unknown=(use.needs,), why=why))
