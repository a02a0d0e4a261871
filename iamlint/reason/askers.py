"""Who sends requests, and who owns the resources, at least one for each way to name them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.account.build.managed import full_access
from iamlint.fast_dataclass import dataclass
from iamlint.policy.grammar import Kind
from iamlint.reason.atoms import demands, named_resources
from iamlint.reason.callers import Mentioned, others, outside, users_and_roles
from iamlint.reason.universe import FRESH_ACCOUNTS, accounts_by, fresh_account, has_account

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iamlint.catalog import Catalog
    from iamlint.evaluator.request import Caller
    from iamlint.evaluator.statement import CompiledPolicy, CompiledStatement
    from iamlint.reason.budget import Budget
    from iamlint.reason.world import World

_OWNERS: Final = frozenset({"aws:resourceaccount", "s3:resourceaccount"})


@dataclass(frozen=True, slots=True)
class Setting:
    """A caller, the policies it holds besides those of the world, and the owner of resources."""

    caller: Caller
    held: tuple[CompiledPolicy, ...] | None = None
    owner: str | None = None


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
    ) -> None:
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
        """Yield the callers, each with the accounts that may own resources without an account."""
        for caller, held in self._callers(partition):
            for owner in self._owners(caller):
                setting = Setting(caller, held, owner)
                self._settings.append(setting)  # so that ids are not given away again
                yield setting

    def _callers(
        self, partition: str
    ) -> Iterator[tuple[Caller, tuple[CompiledPolicy, ...] | None]]:
        if self.world.caller is not None:
            yield self.world.caller, None
            return
        named, home = self.mentioned, self.home
        away = outside(named, home)
        if self.world.kind not in (Kind.RESOURCE, Kind.TRUST):
            accounts = list(dict.fromkeys((outside(named, ""), *named.accounts)))
            for caller in users_and_roles(named, partition, accounts, self.budget):
                yield caller, None
            return
        accounts = list(dict.fromkeys((away, home, *named.accounts)))
        for caller in users_and_roles(named, partition, accounts, self.budget):
            if self.world.is_bare:
                yield caller, None
                continue
            # Of callers in the account of the resource it is not known what they hold.
            yield caller, (full_access(Kind.IDENTITY),)
            if caller.account == home:
                yield caller, ()
        for caller in others(named, partition, accounts):
            yield caller, None

    def _owners(self, caller: Caller) -> list[str | None]:
        if self.world.kind in (Kind.RESOURCE, Kind.TRUST):
            return [self.home]
        if not self.keys & _OWNERS:
            return [None]
        named = (
            entry.known
            for statement in self.statements
            for demand in demands(statement)
            if demand.name in _OWNERS
            for entry in demand.condition.values
            if entry.known
        )
        found = [caller.account or "", *accounts_by(named, self.budget)]
        return [*dict.fromkeys(found), fresh_account(found)]

    def accounts(self, target: str, setting: Setting) -> list[str]:
        """Return the accounts in the ARNs of a target, one for each way to name one."""
        if not has_account(target):
            return [""]
        if self.world.resource is not None:
            return [self.world.resource.split(":")[4] or self.home]
        if setting.owner is not None:
            return [setting.owner]
        patterns = []
        for statement in self.statements:
            for named in named_resources(statement, {}):
                glob = named.fields[4] if named.fields else ()
                patterns.append("".join(p if isinstance(p, str) else p.value for p in glob))
        own = setting.caller.account or FRESH_ACCOUNTS[0]
        named_accounts = accounts_by(patterns, self.budget)
        fresh = [fresh_account(named_accounts)] if own in named_accounts else []
        return list(dict.fromkeys((own, *named_accounts, *fresh)))
