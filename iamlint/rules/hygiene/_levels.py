"""The levels of an organization above an account, where files describe all of their policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.errors import IamlintError
from iamlint.fast_dataclass import dataclass
from iamlint.load.link import Thing, key_of_name
from iamlint.policy.grammar import Kind
from iamlint.rules.breadth._reach import administrator

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from iamlint.account.described import DescribedFiles
    from iamlint.evaluator.policy_set import Levels
    from iamlint.load.document import Document
    from iamlint.policy.model import Policy
    from iamlint.rule import AccountContext

KINDS = (Kind.SCP, Kind.RCP)
FULL_ACCESS = "FullAWSAccess"


@dataclass(frozen=True, slots=True)
class AttachedLimit:
    """A policy of a level; without a document it is AWS's `FullAWSAccess`."""

    policy: Policy
    document: Document | None

    @property
    def is_full(self) -> bool:
        """Whether it allows everything and denies nothing."""
        statements = self.policy.statements
        return not any(one.denies or one.effect is None for one in statements) and any(
            administrator(one, self.policy) and not one.conditions and not one.has_more_conditions
            for one in statements
        )

    @property
    def is_full_access(self) -> bool:
        """Whether it is AWS's policy, or a copy by the name of that."""
        if self.document is None:
            return True
        name = self.document.name or self.document.path.rpartition("/")[2].partition(".")[0]
        plain = "".join(filter(str.isalnum, name)).lower()
        return self.is_full and plain.endswith(FULL_ACCESS.lower())


@dataclass(frozen=True, slots=True)
class AccountLevels:
    """The levels from the root to an account, for one kind of policies; no account is that at home."""

    account: str | None
    kind: Kind
    levels: tuple[tuple[AttachedLimit, ...], ...]


def known_levels(context: AccountContext) -> Iterator[AccountLevels]:
    """Yield the levels of accounts as far as they are known as a whole, not in part."""
    if not context.described.has_organization:
        return
    try:
        accounts = context.described.account_of(frozenset()).accounts
    except IamlintError:  # files do not say which account they are of, or disagree
        return
    for account, limits in accounts.limits.items():
        for kind, levels in ((Kind.SCP, limits.scp), (Kind.RCP, limits.rcp)):
            if levels is not None and (found := _known(levels)) is not None:
                yield AccountLevels(account, kind, found)


def _known(levels: Levels) -> tuple[tuple[AttachedLimit, ...], ...] | None:
    found: list[tuple[AttachedLimit, ...]] = []
    for level in levels:
        for policy in level:
            label = policy.label
            if (
                getattr(label, "why", None)
                or getattr(label, "unread", None)
                or _is_open(policy.source)
            ):
                return None
        found.append(
            tuple(AttachedLimit(one.source, getattr(one.label, "document", None)) for one in level)
        )
    return tuple(found)


def _is_open(policy: Policy) -> bool:
    """Return whether a part of a policy that decides what it limits is not known."""
    return bool(policy.opaque) or any(one.opaque or one.is_open for one in policy.statements)


def by_target(described: DescribedFiles) -> dict[tuple[Kind, Hashable], dict[object, Document]]:
    """Return the policies that files surely attach to a root, a unit or an account, by its id."""
    found: dict[tuple[Kind, Hashable], dict[object, Document]] = {}
    for document in described.read.documents:
        for held in document.attachment.targets if document.kind in KINDS else ():
            key = None if held.given else key_of_name(held.ref.name)
            if key is not None and held.ref.thing is Thing.TARGET:
                scope = "" if isinstance(held.ref.name, str) else document.attachment.scope
                policies = found.setdefault((document.kind, (scope, key)), {})
                policies.setdefault((document.path, document.pointer), document)
    return found
