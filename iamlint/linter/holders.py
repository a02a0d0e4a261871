"""What the files of a run say about the principals that hold a policy, looked up when asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from iamlint.account.holdings import place_of
from iamlint.errors import UsageError
from iamlint.load.link import Thing
from iamlint.rule.holders import Holders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from iamlint.account.ask.account import Account
    from iamlint.account.ask.principal import Actor
    from iamlint.account.described import DescribedFiles
    from iamlint.account.model import Identity
    from iamlint.load.document import Document
    from iamlint.load.link import Link, Ref
    from iamlint.policy.model import Policy


class HolderLookup:
    """The holders of the policies that files describe; each principal is asked about once."""

    def __init__(self, described: DescribedFiles) -> None:
        self.described = described
        self._known: dict[str, _Holder] = {}

    def of(self, document: Document) -> Holders:
        """Return the holders of a policy of the files."""
        return _HoldersOfDocument(self.described, document, self._each)

    def of_links(self, links: Sequence[Link]) -> Holders:
        """Return the holders of links."""
        return _HoldersOfLinks(self.described, links, self._each)

    def _each(self, identities: Sequence[Identity]) -> list[_Holder]:
        account = self.described.limited
        if account is None:
            return []
        for one in identities:
            if one.title not in self._known:
                self._known[one.title] = _Holder(account, one)
        return [self._known[one.title] for one in identities]


class _KnownHolders(Holders):
    """Principals, as far as the files describe them."""

    def all_lack(self, action: str) -> bool:
        return bool(self._each) and all(one.lacks(action) for one in self._each)

    @property
    def _each(self) -> Sequence[_Holder]:
        """The principals; none if nothing may limit them, or not all are known."""
        raise NotImplementedError


class _HoldersOfDocument(_KnownHolders):
    """The principals that hold a policy of the files."""

    def __init__(
        self,
        described: DescribedFiles,
        document: Document,
        each: Callable[[Sequence[Identity]], list[_Holder]],
    ) -> None:
        self._described = described
        self._document = document
        self._holders = each

    @property
    def kinds(self) -> frozenset[Thing]:
        holders = self._described.holdings.holders_of(self._document)
        return frozenset(one if isinstance(one, Thing) else one[0] for one in holders)

    @property
    def names(self) -> frozenset[str]:
        holders = self._described.holdings.holders_of(self._document)
        known = {f"{one[0]}/{one[1]}" for one in holders if isinstance(one, tuple)}
        return frozenset(known) if len(known) == len(holders) else frozenset()

    @property
    def sure(self) -> Sequence[Ref]:
        return self._described.holdings.sure_holders(self._document)

    def others(self) -> Sequence[Sequence[Policy]]:
        own = place_of(self._document)
        return [list(one.policies_but(own)) for one in self._each]

    @cached_property
    def _each(self) -> Sequence[_Holder]:
        holdings = self._described.holdings
        if not holdings.are_limited(holdings.holders_of(self._document)):
            return ()
        return self._holders(self._described.identities_of(self._document))


class _HoldersOfLinks(_KnownHolders):
    """The principals that links name."""

    def __init__(
        self,
        described: DescribedFiles,
        links: Sequence[Link],
        each: Callable[[Sequence[Identity]], list[_Holder]],
    ) -> None:
        self._described = described
        self._links = links
        self._holders = each

    @property
    def kinds(self) -> frozenset[Thing]:
        return frozenset(link.holder.thing for link in self._links)

    @property
    def sure(self) -> Sequence[Ref]:
        return [link.holder for link in self._links]

    @cached_property
    def _each(self) -> Sequence[_Holder]:
        refs = [link.holder for link in self._links]
        holdings = self._described.holdings
        if not holdings.are_limited([holdings.key(ref) or ref.thing for ref in refs]):
            return ()
        found = [self._described.identity_of(ref) for ref in refs]
        known = [one for one in found if one is not None]
        return self._holders(known) if len(known) == len(found) else ()


class _Holder:
    """One principal and what the account answers about it."""

    def __init__(self, account: Account, identity: Identity) -> None:
        from iamlint.account.ask.principal import of_identity  # noqa: PLC0415 - few runs ask

        self._account = account
        self._subject: Actor = of_identity(account.accounts, identity)
        self._lacking: dict[str, bool] = {}

    def lacks(self, action: str) -> bool:
        """Return whether the principal surely cannot use an action on any resource."""
        if action not in self._lacking:
            try:
                found = self._account.lacks(self._subject, action, self._resources(action))
            except UsageError:  # not an action that can be asked about
                found = False
            self._lacking[action] = found
        return self._lacking[action]

    def _resources(self, action: str) -> tuple[str, ...] | None:
        """Return the resources to ask about: those of any account where others let it in."""
        from iamlint.account.ask.validate import arn_patterns, concrete  # noqa: PLC0415 - the same

        if action.lower().startswith("iam:"):
            return None
        catalog = self._account.catalog
        partition = self._account.accounts.partition
        templates = arn_patterns(catalog, catalog.action(action))
        return tuple(concrete(one, partition, "*") for one in templates or ()) or None

    def policies_but(self, place: object) -> Iterator[Policy]:
        """Yield the policies that the principal surely holds, without the one of a place."""
        for policy in self._subject.policies:
            document = getattr(policy.label, "document", None)
            is_sure = getattr(policy.label, "why", None) is None
            if is_sure and (document is None or place_of(document) != place):
                yield policy.source
