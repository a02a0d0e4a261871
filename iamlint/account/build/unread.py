"""Files that could not be read, and policies that AWS refuses: their content is unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.account.build.compile import unread_in, unread_policy
from iamlint.account.build.layout import (
    HolderSlot,
    LevelSlot,
    ResourceSlot,
    account_of_path,
    slot_of,
)
from iamlint.account.build.resources import kind_at
from iamlint.account.model import OpenLink, OpenPolicy
from iamlint.account.origin import Origin, Unread
from iamlint.load.document import Attachment, Cause, NotAnalysed
from iamlint.load.link import Held, Ref, Thing, shown
from iamlint.policy.grammar import Kind
from iamlint.text.source import Partial, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iamlint.account.build.declared import Declared
    from iamlint.account.model import Accounts
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.load.document import Document
    from iamlint.load.link import Name

_ANY: Final = Unknown("…")
_HOLDERS: Final = (Thing.USER, Thing.GROUP, Thing.ROLE)


class UnreadFiles:
    """Files that could not be read, and the owners of the policies that may be in them.

    The folder of a file gives the owner, or the configuration, or its start if that is one policy:
    an identity policy has no owner then, as it would have none if it could be read. Any other file
    may contain anything.
    """

    def __init__(self, declared: Declared) -> None:
        self.declared = declared
        self.met: list[Unread] = []
        self.open: list[OpenLink] = []
        self.on_resources: list[OpenPolicy] = []
        self.levels: list[tuple[LevelSlot, Unread]] = []
        self.above: list[NotAnalysed] = []
        self._named = {declared.place(str(path)) for path in declared.files()}

    def take(self, item: NotAnalysed) -> HolderSlot | None:
        """Return the principal's folder of something that a loader left out, and keep it."""
        slot = slot_of(self.declared.below(item.path), Kind.IDENTITY)
        in_its_place = isinstance(slot, HolderSlot | LevelSlot) and not item.pointer
        is_broken = item.unreadable or in_its_place or item.cause is Cause.BROKEN
        if not is_broken or item.cause is Cause.VALUES:
            return None
        unread = Unread(item.path, item.reason)
        self.met.append(unread)
        if isinstance(slot, HolderSlot):
            ref = Ref(Thing(slot.kind.value), slot.name)
            self.of_one(unread, ref, slot.account or self.declared.account, slot.use)
            return slot
        if isinstance(slot, LevelSlot):
            self.levels.append((slot, unread))
        elif not self._is_declared(item.path):
            self._anything(unread, account_of_path(self.declared.below(item.path)))
        return None

    def takes(self, document: Document) -> bool:
        """Return whether a document is unreadable, and its place does not identify its policy."""
        if document.source.readable:
            return False
        path = self.declared.below(document.path)
        unread = unread_in(document, document.kind)
        if unread is None:
            return False
        self.met.append(unread)
        slot = slot_of(path, document.kind)
        if isinstance(slot, HolderSlot | LevelSlot) or self._is_declared(document.path):
            return False
        account = account_of_path(path)
        if isinstance(slot_of(path, Kind.RESOURCE), ResourceSlot):
            self._on_any(unread, account)
        elif document.may_hold_more:
            self._anything(unread, account)
        elif document.kind in (Kind.RESOURCE, Kind.ENDPOINT):
            self._on_any(unread, account)
        return True

    def of_one(self, unread: Unread, ref: Ref, account: str | None, use: Kind) -> None:
        """Take what may be held by a principal, or may be its boundary."""
        is_limit = use is Kind.BOUNDARY
        policy = unread_policy(unread, use if is_limit else Kind.IDENTITY)
        self.open.append(OpenLink(ref, account, is_limit, (policy,)))

    def _anything(self, unread: Unread, account: str | None) -> None:
        policies = (unread_policy(unread, Kind.IDENTITY),)
        for thing in _HOLDERS:
            ref = Ref(thing, _ANY, account=account or _ANY)
            self.open.append(OpenLink(ref, account, is_limit=False, policies=policies))
        self._on_any(unread, account)
        about = Attachment(targets=(Held(Ref(Thing.TARGET, account or _ANY)),))
        for kind in (Kind.SCP, Kind.RCP):
            gone = NotAnalysed(unread.place, (), unread.reason, kind=kind, attachment=about)
            self.above.append(gone)

    def _on_any(self, unread: Unread, account: str | None) -> None:
        arn: Name = _ANY
        if account not in (None, self.declared.account):
            arn = Partial(("arn:", _ANY, ":", _ANY, ":", _ANY, f":{account}:", _ANY))
        found = OpenPolicy(arn, (), account, str(unread), is_placed=False, unread=unread)
        self.on_resources.append(found)

    def _is_declared(self, path: str) -> bool:
        return self.declared.place(path) in self._named


def all_unread(
    accounts: Accounts, met: Iterable[Unread], held: Iterable[CompiledPolicy]
) -> tuple[Unread, ...]:
    """Return all that could not be read, and the policies that AWS refuses and that may count.

    `held` are the policies of identities.
    """
    found = dict.fromkeys(met)
    for policy in (*held, *_policies(accounts)):
        if isinstance(policy.label, Origin) and policy.label.unread is not None:
            found[policy.label.unread] = None
    for open_policy in accounts.open_policies:
        for document in open_policy.documents:
            unread = unread_in(document, kind_at(shown(open_policy.arn)))
            if unread is not None:
                found[unread] = None
    return tuple(sorted(found, key=lambda one: one.place))


def _policies(accounts: Accounts) -> Iterator[CompiledPolicy]:
    for resource in accounts.resources.values():
        yield from resource.policies
    for limits in accounts.limits.values():
        for levels in (limits.scp, limits.rcp):
            for level in levels or ():
                yield from level
    for link in accounts.open:
        yield from link.policies
