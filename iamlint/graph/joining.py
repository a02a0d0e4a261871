"""Users who can join a group, or be added to one, and act with its policies too."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

from iamlint.account.ask.principal import of_identity
from iamlint.account.model import IdentityKind
from iamlint.fast_dataclass import replace
from iamlint.graph.altered import Altered
from iamlint.graph.answer import How, NodeKind
from iamlint.graph.steps import Need, Way
from iamlint.graph.world import Being

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from iamlint.account.ask.principal import Actor
    from iamlint.account.model import Identity
    from iamlint.graph.held import PathHoldings
    from iamlint.graph.steps import Stepping
    from iamlint.graph.world import GraphWorld

_ADD: Final = "iam:addusertogroup"
_PATH: Final = "iam-add-user-to-group"
MOST_MEMBERS: Final = 5_000
"""Pairs of a user and a group that are looked at."""


class Joining:
    """The groups that users may join, or be added to; `untried` may add more of them."""

    def __init__(
        self, stepping: Stepping, holdings: PathHoldings, at_end: Callable[[Being], bool]
    ) -> None:
        self._stepping = stepping
        self._world = stepping.world
        self._at_end = at_end
        self._known: dict[str, bool] = {}
        self.untried: set[str] = set()
        self.members = tuple(self._members(holdings))

    def _members(self, holdings: PathHoldings) -> Iterator[Altered]:
        groups = [*self._groups(holdings)]
        users = {
            name: being
            for name, being in self._world.beings.items()
            if being.kind is NodeKind.USER and being.identity is not None
        }
        pairs = chain(
            ((one, name) for one in groups for name in one.writers if name in users),
            ((one, name) for one in groups for name in users if name not in one.writers),
        )
        open_ = (pair for pair in pairs if _may_join(users[pair[1]].identity, *pair[0][:2]))
        for count, (one, name) in enumerate(open_):
            if count == MOST_MEMBERS:
                self.untried.update(name for one in groups for name in one.writers)
                return
            joined = _joined(self._world, users[name], one.title, one.group)
            shown = self._world.shown(one.title)
            need = Need((_ADD,), f"may add users to `{shown}`", one.group.arn)
            way = Way(How.JOINS, joined.id, (need,), _PATH, shown)
            yield Altered(joined, name, tuple(one.writers), (way,))

    def _groups(self, holdings: PathHoldings) -> Iterator[_OpenGroup]:
        for title, group in self._world.accounts.identities.items():
            if group.kind is not IdentityKind.GROUP or not group.policies:
                continue
            every = holdings.maybe_at(_ADD, group.arn, self._world.as_glob(group.arn))
            found = {
                name
                for _, names in every
                for name in names
                if _ADD not in holdings.stopped.get(name, ()) and not self._is_at_end(name)
            }
            if found:
                yield _OpenGroup(title, group, dict.fromkeys(sorted(found)))

    def _is_at_end(self, name: str) -> bool:
        """Return whether one is at the end, so that it needs no other."""
        if name not in self._known:
            being = self._world.beings.get(name)
            self._known[name] = being is not None and self._at_end(being)
        return self._known[name]


class _OpenGroup(NamedTuple):
    """A group, and who may be able to add users to it."""

    title: str
    group: Identity
    writers: dict[str, None]


def _may_join(user: Identity | None, title: str, group: Identity) -> bool:
    """Return whether a user is of the account of a group, and not in it."""
    return user is not None and user.account == group.account and title not in user.member_of


def _joined(world: GraphWorld, being: Being, title: str, group: Identity) -> Being:
    """Return a user with the policies of a group."""

    def with_group(actor: Actor, policies: Actor) -> Actor:
        return replace(
            actor,
            policies=(*actor.policies, *policies.policies),
            unknown=(*actor.unknown, *policies.unknown),
        )

    open_ = None
    if being.in_files is not None and world.in_files is not None:
        known = world.in_files.accounts.identities.get(world.shown(title))
        held = None if known is None else of_identity(world.in_files.accounts, known)
        open_ = None if held is None else with_group(being.in_files, held)
    return Being(
        f"{being.id}&{world.shown(title)}",
        NodeKind.MEMBER,
        with_group(being.actor, of_identity(world.accounts, group)),
        open_,
        being.identity,
    )
