"""The world that files describe, as the graph asks about it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from iamlint.account.ask.account import Account
from iamlint.account.ask.principal import of_identity
from iamlint.account.build.accounts import accounts_in
from iamlint.account.build.home import at_home
from iamlint.account.model import UNKNOWN_ACCOUNT, IdentityKind
from iamlint.fast_dataclass import dataclass, replace
from iamlint.grants.reach import PROTECTED_ROLES
from iamlint.graph.answer import NodeKind
from iamlint.graph.stand_ins import ACCOUNT, StandIns, stand_ins
from iamlint.graph.workloads import RoleWorkloads

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.account.ask.principal import Actor
    from iamlint.account.build.declared import Declared
    from iamlint.account.model import Identity
    from iamlint.load import Loaded
    from iamlint.load.link import Node

_ASKERS: Final = (IdentityKind.USER, IdentityKind.ROLE)


@dataclass(frozen=True, slots=True, eq=False)
class Being:
    """Who may take steps. `in_files` is the same with what the files leave open, if they do."""

    id: str
    kind: NodeKind
    actor: Actor
    in_files: Actor | None = None
    identity: Identity | None = None

    @property
    def arn(self) -> str:
        """The ARN of a user or role; empty for others."""
        return "" if self.identity is None else self.identity.arn

    @property
    def is_of_aws(self) -> bool:
        """Whether it is a role that AWS's services alone can change or pass."""
        own = self.identity
        return own is not None and f"{own.kind}{own.path}".startswith(PROTECTED_ROLES)


@dataclass(frozen=True, slots=True)
class WorldPart:
    """The part `of` some files that a question is about; others do not have the principals of it.

    Those of the nodes that are `left_out` have no policies in it.
    """

    of: Loaded
    stand_ins: StandIns
    left_out: frozenset[object]


class GraphWorld:
    """The principals and policies that files describe, with their account.

    `account` has a text in place of each unknown value. `in_files` is the account as the files have
    it; None if they leave nothing open. If `loaded` is a `part` of the files, the principals that
    it leaves out have no policies, and take no part in anything.
    """

    def __init__(
        self, loaded: Loaded, declared: Declared, account: Account, part: WorldPart | None = None
    ) -> None:
        home = at_home(loaded if part is None else part.of, declared)
        self.stand_ins: StandIns = stand_ins(loaded) if part is None else part.stand_ins
        self._left_out = frozenset[object]() if part is None else part.left_out
        self.is_home_known = home.account is not None
        is_open = bool(self.stand_ins.values) or not self.is_home_known
        self.loaded, self.account = loaded, account
        if is_open:
            known = home if self.is_home_known else replace(home, account=ACCOUNT, accounts={})
            bindings = (*loaded.bindings, *self.stand_ins.bindings)
            self.loaded, accounts = accounts_in(replace(loaded, bindings=bindings), known)
            self.account = Account(accounts, account.catalog, where=account.where)
        self.in_files = account if is_open else None
        self.accounts = self.account.accounts
        self.catalog = account.catalog
        self.partition = self.accounts.partition

    @cached_property
    def workloads(self) -> RoleWorkloads:
        """What runs with roles."""
        return RoleWorkloads(self.accounts.workloads)

    def lists_workloads(self, role: Being) -> bool:
        """Return whether the files with a role would describe what runs beside it."""
        return role.identity is not None and bool(role.identity.scope)

    def shown(self, text: str) -> str:
        """Return a text for people; an account that no file names is not in it."""
        found = self.stand_ins.shown(text)
        if self.is_home_known or ACCOUNT not in found:
            return found
        found = found.replace(f"arn:{self.partition}:iam::{ACCOUNT}:", "")
        return found.replace(ACCOUNT, "the account")

    def in_files_arn(self, arn: str) -> str:
        """Return an ARN as the files have it."""
        found = self.stand_ins.in_files(arn)
        return found if self.is_home_known else found.replace(ACCOUNT, UNKNOWN_ACCOUNT)

    def as_glob(self, arn: str) -> str:
        """Return a pattern of all that an ARN may be."""
        found = self.stand_ins.as_glob(arn)
        return found if self.is_home_known else found.replace(ACCOUNT, "*")

    def names(self, arn: str) -> tuple[str, ...]:
        """Return what an ARN leaves open."""
        found = self.stand_ins.names(arn)
        return found if self.is_home_known or ACCOUNT not in arn else (*found, "the account")

    def shown_account(self, account: str | None) -> str | None:
        """Return an account that files name; None for one that they do not."""
        return None if account == ACCOUNT and not self.is_home_known else account

    @cached_property
    def beings(self) -> Mapping[str, Being]:
        """The users and roles by their names."""
        found: dict[str, Being] = {}
        for title, identity in self.accounts.identities.items():
            if identity.kind in _ASKERS and block_of(identity.node) not in self._left_out:
                name = self.shown(title)
                name = title if name in found else name
                found[name] = self._being(name, identity)
        return found

    @cached_property
    def by_arn(self) -> Mapping[str, str]:
        """The names of users and roles by their ARNs."""
        return {being.arn: name for name, being in self.beings.items()}

    def has(self, arn: str) -> bool:
        """Return whether there is a user or role with an ARN."""
        return arn in self._arns

    @cached_property
    def _arns(self) -> frozenset[str]:
        return frozenset(one.arn for one in self.accounts.identities.values())

    def _being(self, name: str, identity: Identity) -> Being:
        open_ = self._in_files(identity)
        return Being(
            name,
            NodeKind(identity.kind.value),
            of_identity(self.accounts, identity),
            None if self.in_files is None or open_ is None
            else of_identity(self.in_files.accounts, open_),
            identity,
        )  # fmt: skip

    def _in_files(self, identity: Identity) -> Identity | None:
        """Return the same identity as the files have it."""
        if self.in_files is None:
            return None
        return self._by_block.get(block_of(identity.node)) or self.in_files.accounts.identities.get(
            self.shown(identity.title)
        )

    @cached_property
    def _by_block(self) -> Mapping[object, Identity]:
        identities = self.in_files.accounts.identities if self.in_files is not None else {}
        return {
            block: one for one in identities.values() if (block := block_of(one.node)) is not None
        }


def block_of(node: Node | None) -> tuple[object, ...] | None:
    """Return what distinguishes the block of a file that describes a principal."""
    return None if node is None else (node.ref.thing, node.path, node.pointer, node.addresses)
