"""How principals that do not exist yet are created, and what they may do within a boundary."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from iamlint.account.ask.principal import nameless
from iamlint.account.build.managed import ManagedPolicies, full_access, unknown_policy
from iamlint.evaluator.context import Missing
from iamlint.fast_dataclass import replace
from iamlint.grants.reach import ANY_NAME
from iamlint.graph.altered import Altered
from iamlint.graph.answer import How, NodeKind, StepLevel
from iamlint.graph.held import glob_of_entry, granted
from iamlint.graph.rewrites import ADMIN_POLICY
from iamlint.graph.steps import Need, Way
from iamlint.graph.teams import TeamPart, TeamWay
from iamlint.graph.world import Being
from iamlint.load.link import Ref, Thing
from iamlint.policy.grammar import Kind
from iamlint.policy.memory import remember
from iamlint.policy.wildcard import is_wild, matches

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from iamlint.graph.held import PathHoldings
    from iamlint.graph.steps import Stepping
    from iamlint.policy.model import Policy

_BOUNDARY: Final = "iam:permissionsboundary"
_MOST_NAMES: Final = 5
_MOST_PATTERNS: Final = 30
_MOST_BOUNDARIES: Final = 10
_KINDS: Final = {
    "role": (
        "iam-create-role+policy",
        (("iam:createrole",), ("iam:attachrolepolicy", "iam:putrolepolicy")),
    ),
    "user": (
        None,
        (
            ("iam:createuser",),
            ("iam:attachuserpolicy", "iam:putuserpolicy"),
            ("iam:createaccesskey", "iam:createloginprofile"),
        ),
    ),
}


class Creating:
    """Finds the ways to create a user or role with any policy, and to become it."""

    def __init__(self, stepping: Stepping, holdings: PathHoldings) -> None:
        self._world = stepping.world
        self._holdings = holdings

    def starts(self) -> set[str]:
        """Return who may be able to create one."""
        found: set[str] = set()
        for _, needs in _KINDS.values():
            groups = ({n for one in need for n in self._holdings.holders(one)} for need in needs)
            found |= set.intersection(*groups)
        return found

    def accounts(self) -> dict[str | None, list[Being]]:
        """Return who may be able to do a part of it, by account, where all parts may be done."""
        found: dict[str | None, list[Being]] = {}
        every: set[str] = set()
        for _, needs in _KINDS.values():
            groups = [{n for one in need for n in self._holdings.holders(one)} for need in needs]
            every |= set[str]().union(*groups) if all(groups) else set()
        for name in sorted(every & self._world.beings.keys()):
            being = self._world.beings[name]
            found.setdefault(being.actor.account, []).append(being)
        return found

    def ways(
        self, beings: Sequence[Being], account: str | None, end: str, boundary: str | None = None
    ) -> Iterator[Way]:
        """Yield the ways to create a principal that some others may be able to go."""
        context = {
            _BOUNDARY: Missing.ABSENT if boundary is None else boundary,
            "iam:policyarn": ADMIN_POLICY,
        }
        for kind, (path, needs) in _KINDS.items():
            says = f"may make a {kind} with any policy"
            for arn in self._names(beings, account, kind, needs):
                every = tuple(Need(one, says, arn, context) for one in needs)
                yield Way(How.NEW_PRINCIPAL, end, every, path)

    def team(self, way: Way) -> TeamWay:
        """Return a way that several may go together, each with one of its needs."""
        return TeamWay(way, tuple(map(self._part, way.needs)))

    def _part(self, need: Need) -> TeamPart:
        names = (name for one in need.actions for name in self._holdings.holders(one))
        return TeamPart((need,), frozenset(names))

    def newcomer(self, account: str | None) -> Being:
        """Return a principal of an account that has all rights, within the limits of all there."""
        one = nameless("a new principal", account, self._world.accounts.partition)
        actor = replace(one, policies=(full_access(Kind.IDENTITY),))
        return Being(f"new in {account}", NodeKind.ROLE, actor, None)

    def _names(
        self,
        beings: Sequence[Being],
        account: str | None,
        kind: str,
        needs: Sequence[Sequence[str]],
    ) -> Iterator[str]:
        """Yield ARNs of new names that some may be allowed to do all to that is needed."""
        start = f"arn:{self._world.accounts.partition}:iam::{account}:{kind}/"
        held = [
            {
                pattern.partition(f":{kind}/")[2] or pattern
                for being in beings
                for policy in being.actor.policies
                for action in need
                for pattern in remember(policy.source, granted).get(action, ())
            }
            for need in needs
        ]
        every = sorted({pattern for patterns in held for pattern in patterns})
        names = dict.fromkeys(
            one.replace("*", other).replace("*", ANY_NAME).replace("?", "x")
            for other in ("*", *every)
            for one in every[:_MOST_PATTERNS]
        )
        found = (
            f"{start}{name}"
            for name in names
            if all(any(matches(pattern, name) for pattern in patterns) for patterns in held)
        )
        yield from islice((arn for arn in found if not self._world.has(arn)), _MOST_NAMES)


class BoundedNewcomers:
    """Finds new principals that a boundary, or the organization, limits; they may lead on.

    In the accounts that are `direct`, or in all if None, one with all rights is at the end at once.
    """

    def __init__(
        self,
        stepping: Stepping,
        holdings: PathHoldings,
        direct: Collection[str | None] | None,
    ) -> None:
        self._stepping = stepping
        self._world = stepping.world
        self._creating = Creating(stepping, holdings)
        self._direct = direct
        self._managed = ManagedPolicies(self._world.accounts.partition)
        self.members = tuple(self._find())

    def _find(self) -> Iterator[Altered]:
        accounts = self._creating.accounts()
        for document in self._world.loaded.documents if accounts else ():
            self._managed.take(document, None)
        for account, beings in accounts.items():
            starts = tuple(sorted(self._creating.starts() & {one.id for one in beings}))
            for boundary in (None, *self._boundaries(beings)):
                being = self._bounded(account, boundary)
                if being is None:
                    continue
                ways = tuple(self._creating.ways(beings, account, being.id, boundary))
                teams = tuple(map(self._creating.team, ways))
                yield Altered(being, None, starts, ways, teams)

    def _bounded(self, account: str | None, boundary: str | None) -> Being | None:
        """Return a new principal with a boundary; None for one that is at the end at once."""
        free = self._creating.newcomer(account)
        if boundary is None:
            is_direct = self._direct is None or account in self._direct
            is_limited = self._world.accounts.limits_of(account).scp is not None
            name = f"new principal in {account}"
            return None if is_direct and not is_limited else replace(
                free, id=self._world.shown(name), kind=NodeKind.MEMBER
            )  # fmt: skip
        found = self._managed.find(Ref(Thing.POLICY, boundary), Kind.BOUNDARY)
        limit = found.policies if found is not None else (unknown_policy(boundary, Kind.BOUNDARY),)
        bounded = replace(
            free,
            id=f"new principal within {self._world.shown(boundary)}",
            kind=NodeKind.MEMBER,
            actor=replace(free.actor, boundary=limit),
        )
        return replace(bounded, actor=free.actor) if self._frees_itself(bounded) else bounded

    def _frees_itself(self, bounded: Being) -> bool:
        """Return whether its boundary surely lets a principal remove its boundary."""
        actor = bounded.actor
        arn = f"arn:{actor.caller.partition}:iam::{actor.account}:role/{ANY_NAME}"
        action = "iam:DeleteRolePermissionsBoundary"
        decided = self._stepping.asking.decide(bounded, action, arn)
        return decided is not None and decided.level is StepLevel.SURE

    def _boundaries(self, beings: Sequence[Being]) -> Iterator[str]:
        """Yield the policies that conditions of some principals name as boundaries."""
        every = dict.fromkeys(
            text
            for being in beings
            for policy in being.actor.policies
            for text in remember(policy.source, _boundaries_in)
        )
        arns = [
            arn
            for document in self._world.loaded.documents
            if isinstance(arn := document.attachment.policy_arn, str)
        ]
        named = dict.fromkeys(
            one
            for text in every
            for one in ([arn for arn in arns if matches(text, arn)] if is_wild(text) else [text])
        )
        yield from islice(named, _MOST_BOUNDARIES)


def _boundaries_in(policy: Policy) -> tuple[str, ...]:
    return tuple(
        glob_of_entry(entry.pattern)
        for statement in policy.statements
        for condition in statement.conditions
        if condition.name == _BOUNDARY
        for entry in condition.values
    )
