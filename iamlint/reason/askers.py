"""Who sends requests, and who owns the resources, at least one for each way to name them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from iamlint.account.build.managed import full_access
from iamlint.evaluator.request import CallerKind
from iamlint.fast_dataclass import dataclass
from iamlint.policy.grammar import Kind
from iamlint.reason.atoms import demands, named_resources
from iamlint.reason.callers import (
    Mentioned,
    federated_users,
    others,
    outside,
    roots,
    users_and_roles,
)
from iamlint.reason.universe import (
    FRESH_ACCOUNTS,
    accounts_by,
    fresh_account,
    has_account,
    is_any,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iamlint.catalog import Catalog
    from iamlint.evaluator.request import Caller
    from iamlint.evaluator.statement import CompiledPolicy, CompiledStatement
    from iamlint.reason.budget import Budget
    from iamlint.reason.world import World

_OF_CALLERS: Final = frozenset(
    {"aws:principalarn", "aws:principaltype", "aws:userid", "aws:username"}
)
"""Keys whose values for federated users are not those of users and roles."""
_OWNERS: Final = frozenset({"aws:resourceaccount", "s3:resourceaccount"})


@dataclass(frozen=True, slots=True)
class Setting:
    """A caller, and the policies that it holds in place of those of the world."""

    caller: Caller
    held: tuple[CompiledPolicy, ...] | None = None


class Askers:
    """The callers of requests in a world, under the statements that are compared.

    `home` is the account of the resource, or an example of any.
    """

    def __init__(
        self,
        statements: Sequence[CompiledStatement],
        world: World,
        home: str | None,
        catalog: Catalog,
        budget: Budget,
        *,
        is_unlisted: bool = False,
    ) -> None:
        self.is_unlisted = is_unlisted
        self.statements, self.world, self.catalog, self.budget = statements, world, catalog, budget
        self.home = home or FRESH_ACCOUNTS[0]
        self.mentioned = Mentioned(statements, budget)
        self.keys = {demand.name for s in statements for demand in demands(s)}
        self._settings: list[Setting] = []

    def partitions(self) -> list[str]:
        """Return the partitions of requests: one cannot see the resources of another."""
        found = {"aws": None}
        for statement in self.statements:
            for named in named_resources(statement, {}):
                text = named.fields[1] if named.fields else ()
                if text and isinstance(text[0], str) and len(text) == 1:
                    found[text[0]] = None
                elif len(text) > 1:
                    found.update(dict.fromkeys(self.catalog.partitions()))
        if self.world.caller is not None:
            return [self.world.caller.partition]
        return [one for one in found if one in self.catalog.partitions()]

    def settings(self, partition: str) -> Iterator[Setting]:
        """Yield the callers; each lasts as long as this."""
        for caller, held in self._callers(partition):
            setting = Setting(caller, held)
            self._settings.append(setting)
            yield setting

    def _callers(
        self, partition: str
    ) -> Iterator[tuple[Caller, tuple[CompiledPolicy, ...] | None]]:
        if self.world.caller is not None:
            for caller in (self.world.caller, *self._federated_by(self.world.caller)):
                yield caller, None
            return
        named, home = self.mentioned, self.home
        away = outside(named, home)
        if self.world.kind not in (Kind.RESOURCE, Kind.TRUST):
            accounts = list(dict.fromkeys((outside(named, ""), *named.accounts)))
            for caller in self._limited(partition, accounts):
                yield caller, None
            return
        accounts = list(dict.fromkeys((away, home, *named.accounts)))
        for caller in self._of_accounts(partition, accounts):
            if self.world.is_bare:
                yield caller, None
                continue
            # Of callers in the account of the resource it is not known what they hold.
            if self.world.is_home_open or caller.account != home:
                yield caller, (full_access(Kind.IDENTITY),)
            if caller.account == home:
                yield caller, ()
        for caller in others(named, partition, accounts):
            yield caller, None

    def _of_accounts(self, partition: str, accounts: Sequence[str]) -> Iterator[Caller]:
        """Yield users and roles, and where that may matter the federated users."""
        yield from users_and_roles(self.mentioned, partition, accounts, self.budget)
        if self.is_unlisted and self.keys & _OF_CALLERS:
            yield from federated_users(self.mentioned, partition, accounts, self.budget)

    def _federated_by(self, caller: Caller) -> Iterator[Caller]:
        """Yield the federated users who have the permissions of a user."""
        is_asked = self.is_unlisted and self.keys & _OF_CALLERS
        if is_asked and caller.kind is CallerKind.USER and caller.account is not None:
            accounts = (caller.account,)
            yield from federated_users(self.mentioned, caller.partition, accounts, self.budget)

    def _limited(self, partition: str, accounts: Sequence[str]) -> Iterator[Caller]:
        """Yield the callers that policies apply to which do not belong to a resource.

        Those of organizations do not apply to service-linked roles, and SCPs apply to root users.
        https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
        https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
        """
        kind = self.world.kind
        for caller in self._of_accounts(partition, accounts):
            if not (caller.is_service_linked and kind in (Kind.SCP, Kind.RCP)):
                yield caller
        if kind in (Kind.RCP, Kind.ENDPOINT):
            every = others(self.mentioned, partition, accounts)
            yield from (one for one in every if one.kind is not CallerKind.CANONICAL_USER)
        elif kind is Kind.SCP:
            yield from roots(partition, accounts)

    def places(self, target: str, setting: Setting) -> list[tuple[str, str | None]]:
        """Return the accounts in the ARNs of a target, each with the owner if ARNs lack one."""
        if self.world.resource is not None:
            own = self.world.resource.split(":")[4] if has_account(target) else ""
            return [(own, None if own else self.home)]
        is_of_resource = self.world.kind in (Kind.RESOURCE, Kind.TRUST)
        own = self.home if is_of_resource else setting.caller.account or FRESH_ACCOUNTS[0]
        if not has_account(target):
            return self._owners(own)
        found: list[tuple[str, str | None]] = []
        found += [(one, None) for one in self._with_fresh(own, self._named_by_all)]
        return [*found, *self._owners(own)] if is_any(target) else found

    def _owners(self, own: str) -> list[tuple[str, str | None]]:
        """Return the owners of resources whose ARNs do not name an account."""
        found = self._with_fresh(own, self._named_by_conditions) if self.keys & _OWNERS else [own]
        return [("", one) for one in found]

    def _with_fresh(self, own: str, named: list[str]) -> list[str]:
        """Return accounts, and one that no policy names."""
        fresh = [fresh_account(named)] if own in named else []
        return list(dict.fromkeys((own, *named, *fresh)))

    @cached_property
    def _named_by_conditions(self) -> list[str]:
        return accounts_by(self._texts_of_owners(), self.budget)

    @cached_property
    def _named_by_all(self) -> list[str]:
        patterns = list(self._texts_of_owners())
        for statement in self.statements:
            for named in named_resources(statement, {}):
                glob = named.fields[4] if named.fields else ()
                patterns.append("".join(p if isinstance(p, str) else p.value for p in glob))
        return accounts_by(patterns, self.budget)

    def _texts_of_owners(self) -> Iterator[str]:
        """Yield the accounts that conditions on the owner of a resource ask for."""
        for statement in self.statements:
            for demand in demands(statement):
                if demand.name in _OWNERS:
                    yield from (e.known for e in demand.condition.values if e.known)
