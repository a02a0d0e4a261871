"""Documents and declarations in, one model of who holds what out.

Two sources that disagree are an error that names both.
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Final

from iamlint.account.build.compile import Files, compiled_cases, perhaps
from iamlint.account.build.declared import is_arn
from iamlint.account.build.identity_builder import Attaching, Trusted, attach, open_managed
from iamlint.account.build.layout import (
    HolderSlot,
    LevelSlot,
    ResourceSlot,
    account_of_path,
    slot_of,
)
from iamlint.account.build.managed import Managed, ManagedPolicies, unknown, where_to_keep
from iamlint.account.build.organization import (
    assign_policies,
    beside_management,
    limits_by_targets,
    limits_of,
    management_of,
)
from iamlint.account.build.principals import (
    IdentityBuilders,
    checked_duration,
    path_in,
    read_name,
)
from iamlint.account.build.profiles import InstanceProfiles
from iamlint.account.build.resources import ResourcePolicies, arn_of_one
from iamlint.account.build.silence import Silence
from iamlint.account.build.unread import UnreadFiles, all_unread
from iamlint.account.build.workloads import find_workloads
from iamlint.account.model import Accounts, IdentityKind, Limits, OpenLink
from iamlint.account.origin import WHOLE, Why, on_conditions, place
from iamlint.errors import UsageError
from iamlint.fast_dataclass import replace
from iamlint.load.link import Held, Link, LinkKind, Ref, Thing, inputs_in, join_names
from iamlint.policy.grammar import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from iamlint.account.build.declared import Declared, DeclaredPrincipal, DeclaredResource
    from iamlint.account.build.identity_builder import IdentityBuilder
    from iamlint.account.build.organization import Placed
    from iamlint.account.model import Identity, IdentityPolicies
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.load import Loaded
    from iamlint.load.document import Document, NotAnalysed, Postponed
    from iamlint.load.link import Node


def build(loaded: Loaded, declared: Declared) -> Accounts:
    """Return the accounts that the files describe."""
    work = _Work(declared, Files(loaded.documents, loaded.not_analysed, declared))
    work.name_policies(loaded)
    postponed = {(one.path, one.pointer): one for one in loaded.postponed}
    for node in loaded.nodes:
        work.describe(node, postponed.get((node.path, node.pointer)))
    for document in loaded.documents:
        if not work.unread.takes(document):
            work.place(document)
    for item in loaded.not_analysed:
        if slot := work.unread.take(item):
            work.principals.described(Ref(Thing(slot.kind.value), slot.name), slot.account)
        work.miss(item)
    for link in loaded.links:
        work.link(link)
    for principal in declared.principals.values():
        work.declare(principal)
    for resource in declared.resources.values():
        work.declare_resource(resource)
    accounts = work.finish()
    for arn, use in dict.fromkeys(held for one in loaded.postponed for held in one.attached):
        if not work.policies.is_plain(arn):
            work.finished += work.find_for(Ref(Thing.POLICY, arn), use, None).policies
    return replace(
        accounts,
        unread=all_unread(accounts, work.unread.met, work.finished),
        workloads=tuple(find_workloads(loaded.workloads, work.profiles, work.account_of)),
    )


class _Work:
    """What has been collected so far."""

    def __init__(self, declared: Declared, files: Files) -> None:
        self.declared = declared
        self.files = files
        self.principals = IdentityBuilders(Accounts(declared.account, declared.partition))
        self.policies = ManagedPolicies(declared.partition)
        self.resources = ResourcePolicies(declared.account)
        self.profiles = InstanceProfiles(self.principals)
        self.levels: list[Placed] = []
        self.targeted: list[Document] = []
        self.gone: list[NotAnalysed] = []
        self.assigned: list[Link] = []
        self.open: list[OpenLink] = []
        self.unsure: list[Callable[[], OpenLink]] = []
        self.unread = UnreadFiles(declared)
        self.finished: list[CompiledPolicy] = []

    def account_of(self, path: str) -> str | None:
        return account_of_path(self.declared.below(path))

    def name_policies(self, loaded: Loaded) -> None:
        """Take the documents that are managed policies."""
        for document in (*loaded.of_aws, *loaded.documents):
            account = self.account_of(document.path)
            self.policies.take(document, None if account == self.declared.account else account)

    def describe(self, node: Node, postponed: Postponed | None) -> None:
        """Take a user, group or role that a file describes, and what is postponed of it."""
        account = self.account_of(node.path)
        if node.ref.thing is Thing.PROFILE:
            return
        draft = self.principals.described(node.ref, account)
        draft.postponed = postponed
        draft.nodes.append(node)
        draft.is_described |= node.whole
        draft.at = draft.at or node.path
        if node.arn is not None and (path := path_in(node.arn, node.ref)) is not None:
            draft.has_path(path, f"`{node.path}`")
        draft.has_tags(dict(node.tags), f"`{node.path}`", no_other=node.has_no_other_tags)
        if node.max_session:
            draft.lasts(node.max_session, f"`{node.path}`")

    def place(self, document: Document) -> None:
        """Take a document for what its folder, or its place in a dump, says that it is."""
        attachment = document.attachment
        if attachment.holders:
            for held in attachment.holders:
                self.hold(document, held)
            return
        if attachment.policy_arn is not None:
            return
        if attachment.targets:
            self.targeted.append(document)
            return
        slot = slot_of(self.declared.below(document.path), document.kind)
        stands = attachment.address is not None and document.kind in _ON_RESOURCES
        if stands or isinstance(slot, ResourceSlot):
            self.resources.place(document, self.account_of(document.path))
        elif isinstance(slot, HolderSlot):
            draft = self.principals.described(Ref(Thing(slot.kind.value), slot.name), slot.account)
            draft.stands_in(slot.folder)
            draft.add(document, slot.use)
        elif isinstance(slot, LevelSlot):
            self.levels.append((slot, document))
        elif document.kind in _ON_RESOURCES:
            self.resources.stray(document)

    def hold(self, document: Document, held: Held) -> None:
        """Attach a policy to the principal that holds it, or to all that may be this one."""
        account = self.account_of(document.path)
        meant = self.principals.named(held.ref, account)
        if meant.sure is not None and not meant.sure.is_described and not meant.sure.at:
            meant.sure.at = place(document, WHOLE)
        if document.kind is Kind.TRUST:
            # A role has its trust policy whenever it is there; that of another role says nothing.
            if meant.sure is not None:
                meant.sure.trust(Trusted(document, held.given, held.ref.scope))
            return
        if meant.sure is not None and not held.given:
            meant.sure.add(document, document.kind)
            return
        if meant.sure is not None:
            meant.sure.maybe.append((document, on_conditions(held.given)))
            return
        where = place(document, WHOLE)
        for draft in meant.maybe:
            draft.maybe.append((document, Why(f"{where} may be about another `{held.ref}`")))
        if not meant.maybe:
            why = Why(f"{where} does not identify `{held.ref}`", inputs_in(held.ref.name))
            self.unsure.append(lambda: self.open_text(document, held, account, why))

    def open_text(self, document: Document, held: Held, account: str | None, why: Why) -> OpenLink:
        policies = tuple(perhaps(p, why) for p in compiled_cases([document], document.kind))
        is_limit = document.kind is Kind.BOUNDARY
        return self.opened(held.ref, account, Managed(held, policies), is_limit=is_limit)

    def miss(self, item: NotAnalysed) -> None:
        """Take a policy whose text is not known: answers that it could change are open."""
        if item.kind is None:
            return
        if item.attachment.targets:
            self.gone.append(item)
            return
        name = " ".join((item.path, ".".join(map(str, item.pointer))))
        account = self.account_of(item.path)
        for held in item.attachment.holders:
            meant = self.principals.named(held.ref, account)
            for draft in (meant.sure,) if meant.sure else meant.maybe:
                draft.miss(name, item.kind)
            if meant.sure is None and not meant.maybe:
                gone = unknown(Held(Ref(Thing.POLICY, name)), item.kind)
                self.open.append(self.opened(held.ref, account, gone, is_limit=False))
        if not item.attachment.holders and item.kind in _ON_RESOURCES:
            self.resources.miss(item, name)

    def opened(self, ref: Ref, account: str | None, found: Managed, *, is_limit: bool) -> OpenLink:
        gone = () if found.known else (found.held,)
        owner = ref.account if isinstance(ref.account, str) else account or self.declared.account
        return OpenLink(ref, owner, is_limit, found.policies, gone)

    def link(self, link: Link) -> None:
        """Take what a file says of a principal besides policies of its own."""
        account = self.account_of(link.path)
        if link.target.name == "":  # Terraform takes an empty text for an attribute that is not set
            return
        if link.kind is LinkKind.ORGANIZATION:
            self.assigned.append(link)
            return
        if link.kind is LinkKind.PROFILE:
            self.profiles.take(link, account)
            return
        meant = self.principals.named(link.holder, account)
        if meant.sure is not None:
            if not meant.sure.is_described and not meant.sure.at:
                meant.sure.at = link.place
            attach(meant.sure, link, None)
            return
        for draft in meant.maybe:
            attach(draft, link, Why(f"{link.place} may be about another `{link.holder}`"))
        if not meant.maybe:
            self.unsure.append(lambda: self.open_link(link, account))

    def open_link(self, link: Link, account: str | None) -> OpenLink:
        """Return the link of a policy to a principal that the file does not identify."""
        name = link.holder.name
        why = Why(f"{link.place} does not identify `{link.holder}`", inputs_in(name))
        attached = Attaching(link.target, link.given, why)
        is_limit = link.kind is LinkKind.BOUNDARY
        if link.kind is LinkKind.MEMBER:
            found = self.members_of(attached, account)
        else:
            found = open_managed(self.find_for(link.target, _USED_AS[link.kind], None), attached)
        return self.opened(link.holder, account, found, is_limit=is_limit)

    def members_of(self, attached: Attaching, account: str | None) -> Managed:
        """Return what a group gives to one who may be in it.

        One whose name is not known may be a group that no file describes.
        """
        meant = self.principals.named(attached.ref, account)
        drafts = (meant.sure,) if meant.sure else meant.maybe
        if not drafts or not all(draft.is_described for draft in drafts):
            group = Ref(Thing.POLICY, join_names("group ", attached.ref.name))
            return unknown(Held(group, attached.given), Kind.IDENTITY)
        identities = [self.has(draft) for draft in drafts]
        why = attached.why or on_conditions(attached.given)
        policies = tuple(perhaps(p, why) for identity in identities for p in identity.policies)
        return Managed(attached.held, policies)

    def in_group(self, attached: Attaching, draft: IdentityBuilder) -> Managed | str:
        """Return the title of a group that a user is surely in; else what it may give."""
        if draft.kind is not IdentityKind.USER:
            raise UsageError(f"`{draft.title}` is in groups, but only users can be in groups")
        meant = self.principals.named(attached.ref, draft.account)
        if (
            meant.sure is not None
            and meant.sure.is_known
            and not attached.given
            and not attached.why
        ):
            return meant.sure.title
        if attached.is_needed:
            raise UsageError(
                f"`{draft.title}` is in the group `{attached.ref.shown}`, which no file describes"
            )
        return self.members_of(attached, draft.account)

    def declare(self, principal: DeclaredPrincipal) -> None:
        """Take what the configuration says of a principal."""
        who = f'`[principals."{principal.name}"]`'
        kind, name, account, path = read_name(principal.name)
        draft = self.principals.described(Ref(Thing(kind.value), name), account)
        draft.is_described = True
        if principal.path or path != "/":
            draft.has_path(principal.path or path, who)
        for group in principal.groups:
            draft.join(Attaching(Ref(Thing.GROUP, group), is_needed=True))
        draft.has_tags(principal.tags, who)
        if principal.max_session_duration is not None:
            draft.lasts(checked_duration(principal.max_session_duration, who), who)
        named = [(given, Kind.IDENTITY) for given in principal.policies]
        named += [(principal.trust, Kind.TRUST)] if principal.trust is not None else []
        named += [(principal.boundary, Kind.BOUNDARY)] if principal.boundary is not None else []
        for given, use in named:
            file = self.declared.root / given
            if is_arn(given) and use is not Kind.TRUST:
                give = draft.bound_by if use is Kind.BOUNDARY else draft.attach
                give(Attaching(Ref(Thing.POLICY, given), is_needed=True))
            elif (unread := self.files.unread(file)) is not None:
                ref = Ref(Thing(kind.value), name)
                self.unread.of_one(unread, ref, account or self.declared.account, use)
            elif use is Kind.IDENTITY:
                for document in self.files.all_of(file, who):
                    draft.add(document, use)
            else:
                draft.add(self.files.one_of(file, who), use)

    def declare_resource(self, resource: DeclaredResource) -> None:
        arn = arn_of_one(resource.arn)
        path = None if resource.policy is None else self.declared.root / resource.policy
        unread = None if path is None else self.files.unread(path)
        if unread is not None:
            self.resources.miss_declared(arn, unread)
        elif path is None:
            self.resources.declare(arn, None)
        else:
            who = f'`[resources."{resource.arn}"]`'
            self.resources.declare(arn, self.files.one_of(path, who))

    def finish(self) -> Accounts:
        drafts = self.principals.titled()
        silence = Silence((d.postponed for d in drafts.all if d.postponed), self.find_for)
        identities = {draft.title: self.identity(draft, silence) for draft in drafts.all}
        return Accounts(
            account=self.declared.account,
            account_said=self.declared.account_said,
            possible_accounts=self.declared.accounts,
            partition=self.declared.partition,
            organization=self.declared.organization,
            identities=identities,
            resources=self.resources.known(),
            limits=self.limits(),
            profiles=self.profiles.roles(),
            several=drafts.several,
            open=(*self.open, *(make() for make in self.unsure), *self.unread.open),
            open_policies=(*self.resources.open(), *self.unread.on_resources),
        )

    def identity(self, draft: IdentityBuilder, silence: Silence) -> Identity:
        """Return an identity; only those whose policies are postponed can wait."""
        if draft.postponed is not None:
            has = cache(partial(self.has, draft))
            return draft.identity(has, partial(silence.limits, draft.postponed))
        found = self.has(draft)
        self.finished += found.every
        return draft.identity(lambda: found)

    def has(self, draft: IdentityBuilder) -> IdentityPolicies:
        """Return what an identity has."""
        postponed, draft.postponed = draft.postponed, None
        for item in postponed.find() if postponed is not None else ():
            if isinstance(item, Link):
                self.link(item)
            else:
                self.place(item)
        return draft.finish(self.find_for, self.in_group)

    def limits(self) -> dict[str | None, Limits]:
        """Return what limits each account: as declared, else by folders, else by attached ids."""
        home = self.declared.account
        others = {account for account in self.resources.owners.values() if account is not None}
        others |= {d.account for d in self.principals.drafts if d.account is not None}
        found = limits_of(self.declared, self.files, (*self.levels, *self.unread.levels))
        if not found:
            more, gone = assign_policies(self.assigned, self.files.documents)
            documents = (*self.targeted, *more)
            found = limits_by_targets(
                home, others - {home}, documents, (*self.gone, *gone, *self.unread.above)
            )
        management = management_of(self.declared, self.levels)
        return beside_management(found, home, management)

    def find_for(self, ref: Ref, kind: Kind, who: str | None) -> Managed:
        """Return a managed policy; `who` cannot do without one of this account's."""
        found = self.policies.find(ref, kind)
        if found is None and who is None:
            return unknown(Held(ref), kind)
        if found is None:
            raise UsageError(
                f"`{who}` has the policy `{ref}`, which is not in this repository",
                help=where_to_keep(Held(ref)),
            )
        return found


_USED_AS: Final = {LinkKind.ATTACHED: Kind.IDENTITY, LinkKind.BOUNDARY: Kind.BOUNDARY}
_ON_RESOURCES: Final = frozenset({Kind.RESOURCE, Kind.ENDPOINT})
