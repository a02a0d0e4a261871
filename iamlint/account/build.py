"""Documents and declarations in, one model of who holds what out.

Two sources that disagree are an error that names both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.account import managed as managed_policies
from iamlint.account.declared import is_arn
from iamlint.account.drafts import Draft, both, is_same
from iamlint.account.folders import HolderSlot, LevelSlot, ResourceSlot, account_of_path, slot_of
from iamlint.account.managed import FOLDER, unknown_policy
from iamlint.account.model import (
    ONE_HOUR,
    PROFILE,
    Holder,
    HolderKind,
    Holdings,
    Limits,
    Resource,
)
from iamlint.account.organization import limits_by_targets, limits_of
from iamlint.account.read import Files, compiled
from iamlint.account.resource import agreed, arn_of_one, kind_at, resource_of, whole
from iamlint.errors import ReadError, UsageError
from iamlint.load.document import Held
from iamlint.policy.arn import account_of, is_account_id, parse_arn
from iamlint.policy.grammar import Kind
from iamlint.policy.wildcard import is_wild

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from iamlint.account.declared import Declared, DeclaredPrincipal
    from iamlint.account.managed import Managed
    from iamlint.account.organization import Placed
    from iamlint.load import Loaded
    from iamlint.load.document import Attachment, Document, NotAnalysed
    from iamlint.load.document import Holder as Stated

_FORMS: Final = ("role/NAME", "user/NAME", "group/NAME", "or an ARN of one")


def build(loaded: Loaded, declared: Declared) -> Holdings:
    """Bring everything together."""
    for item in loaded.not_analysed:
        _refuse_unread(item, declared.below(item.path))
    work = _Work(
        declared, Files(loaded.documents, loaded.not_analysed, declared.here), loaded.of_aws
    )
    for document in loaded.documents:
        work.place(document)
    for item in loaded.not_analysed:
        work.miss(item)
    for stated in loaded.holders:
        work.state(stated)
    for principal in declared.principals.values():
        work.declare(principal)
    for resource in declared.resources.values():
        who = f'`[resources."{resource.arn}"]`'
        policy = (
            work.files.one_of(declared.root / resource.policy, who) if resource.policy else None
        )
        work.add_resource(arn_of_one(resource.arn), policy)
    return work.finish()


def _refuse_unread(item: NotAnalysed, path: str) -> None:
    """Raise for a file that was meant to be read, by its content or its folder, and was not."""
    in_its_place = isinstance(slot_of(path, Kind.IDENTITY), HolderSlot | LevelSlot)
    if item.unreadable or (in_its_place and not item.pointer):
        raise ReadError(
            f"{item.path}: {item.reason}",
            help="answers without it would prove nothing: mend it, or `exclude` it",
        )


class _Work:
    """What has been collected so far."""

    def __init__(self, declared: Declared, files: Files, of_aws: Iterable[Document]) -> None:
        self.declared = declared
        self.files = files
        self.drafts: dict[str, Draft] = {}
        self.resources: dict[str, Document | None] = {}
        self.joining: dict[str, list[Document]] = {}
        self.missing: dict[str, str] = {}
        self.owners: dict[str, str | None] = {}
        self.profiles: dict[str, tuple[str, str]] = {}
        self.levels: list[Placed] = []
        self.targeted: list[Document] = []
        self.unplaced: list[Document] = []
        self.names = Holdings(declared.account, declared.partition)
        self.managed = self.managed_documents(of_aws)
        self.found: dict[tuple[str, Kind], Managed | None] = {}

    def place(self, document: Document) -> None:
        """Take a document for what its folder, or its place in a dump, says that it is."""
        attachment = document.attachment
        drafts = self.drafts_of(attachment, document.path)
        for draft in drafts:
            draft.add(document, document.kind)
        if drafts or attachment.policy_arn is not None:
            return
        if attachment.address is not None and document.kind is Kind.RESOURCE:
            self.place_on_resource(document, None)
            return
        slot = slot_of(self.declared.below(document.path), document.kind)
        if isinstance(slot, HolderSlot):
            draft = self.draft(slot.kind, slot.name, slot.account)
            draft.stands_in(slot.folder)
            draft.add(document, slot.use)
        elif isinstance(slot, LevelSlot):
            self.levels.append((slot, document))
        elif attachment.targets:
            self.targeted.append(document)
        elif isinstance(slot, ResourceSlot):
            self.place_on_resource(document, slot.account)
        elif document.kind is Kind.RESOURCE:
            self.unplaced.append(document)

    def drafts_of(self, about: Attachment, path: str) -> list[Draft]:
        names = about.principals or (about.principal,)
        account = account_of_path(self.declared.below(path))
        where = (about.arn, account, path)
        return [draft for n in names if n and (draft := self.drafted(n, *where))]

    def miss(self, item: NotAnalysed) -> None:
        """Take a policy whose text is not known: what it could decide stays open."""
        if item.kind is None:
            return
        name = " ".join((item.path, ".".join(map(str, item.pointer))))
        drafts = self.drafts_of(item.attachment, item.path)
        for draft in drafts:
            draft.miss(name, item.kind)
        arn = whole(item.attachment.arn)
        if not drafts and arn is not None and item.kind is Kind.RESOURCE:
            self.missing[arn] = name

    def place_on_resource(self, document: Document, account: str | None) -> None:
        arn = whole(document.attachment.arn) or resource_of(document)
        if arn is None or is_wild(arn):
            self.unplaced.append(document)
        elif document.joins:
            self.joining.setdefault(arn, []).append(document)
            self.owners.setdefault(arn, account_of(arn) or account or self.declared.account)
        else:
            self.add_resource(arn, document, account)

    def managed_documents(self, of_aws: Iterable[Document]) -> dict[str, Document]:
        """Return the documents that stand for managed policies, by name and by ARN."""
        found: dict[str, Document] = {}
        for document in (*of_aws, *self.files.documents):
            folder, _, file = document.path.rpartition("/")
            names = [document.attachment.policy_arn]
            if folder.rpartition("/")[2] == FOLDER:
                account = account_of_path(self.declared.below(document.path))
                stem = file.rpartition(".")[0]
                arn = f"arn:{self.declared.partition}:iam::{account}:policy/{stem}"
                names.append(stem if account in (None, self.declared.account) else arn)
            for name in names:
                known = found.setdefault(name, document) if name else document
                if not is_same(known, document):
                    raise UsageError(
                        f"the managed policy `{name}` has two documents: {both(known, document)}",
                        help="remove one, `exclude` it, or put it below `accounts/ID/`",
                    )
        return found

    def drafted(self, name: str, arn: str | None, folder: str | None, file: str) -> Draft | None:
        """Return the draft of whom a loader names `role/NAME`; `folder` is its file's account."""
        kind, _, last = name.partition("/")
        if kind not in tuple(HolderKind):
            return None
        read = parse_arn(whole(arn) or "")
        is_own = read is not None and read.resource.endswith(f"/{last}") and read.service == "iam"
        account = read.account if read is not None and is_own and self.declared.account else folder
        draft = self.draft(HolderKind(kind), last, account)
        if read is not None and is_own:
            path = read.resource.removeprefix(kind).removesuffix(last)
            if path.startswith("/"):
                draft.has_path(path, f"`{file}`")
        return draft

    def state(self, stated: Stated) -> None:
        """Take what a file says of a user, group or role besides its own policies."""
        account = account_of_path(self.declared.below(stated.path))
        if stated.principal.startswith(f"{PROFILE}/"):
            self.add_profile(stated, account)
            return
        draft = self.drafted(stated.principal, stated.arn, account, stated.path)
        if draft is None:
            return
        draft.is_described |= stated.whole
        for held in stated.managed:
            draft.managed.setdefault(held, False)
        draft.uncertain |= dict.fromkeys(_uncertain(stated))
        if stated.boundary is not None:
            draft.bound_by(stated.boundary)
        sure = (group.ref for group in stated.groups if not group.given)
        draft.groups = tuple(dict.fromkeys((*draft.groups, *sure)))
        draft.has_tags(dict(stated.tags), f"`{stated.path}`")
        if stated.max_session:
            draft.lasts(stated.max_session, f"`{stated.path}`")

    def add_profile(self, stated: Stated, account: str | None) -> None:
        """Take an instance profile, which has one role at most.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html
        """
        arn = parse_arn(whole(stated.arn) or "")
        owner = (arn.account if arn and self.declared.account else None) or account
        name = stated.principal.partition("/")[2]
        key = self.names.name_of(PROFILE, name, owner)
        for role in stated.roles:
            new = self.names.name_of(HolderKind.ROLE, role, owner)
            known, first = self.profiles.setdefault(key, (new, stated.path))
            if known != new:
                raise UsageError(
                    f"`{key}` has several roles: `{known}` in `{first}`, "
                    f"`{new}` in `{stated.path}`",
                    help="AWS takes one",
                )

    def draft(self, kind: HolderKind, name: str, account: str | None) -> Draft:
        key = self.names.name_of(kind, name, account)
        if key not in self.drafts:
            owner = account or self.declared.account
            self.drafts[key] = Draft(kind, name, owner, self.declared.partition)
        return self.drafts[key]

    def add_resource(self, arn: str, document: Document | None, account: str | None = None) -> None:
        if arn in self.resources:
            document = agreed(arn, self.resources[arn], document)
        self.resources[arn] = document
        self.owners[arn] = account_of(arn) or account or self.declared.account

    def declare(self, principal: DeclaredPrincipal) -> None:
        """Take what the configuration says of a principal."""
        who = f'`[principals."{principal.name}"]`'
        kind, name, account, path = _read_name(principal.name)
        draft = self.draft(kind, name, account)
        draft.is_described = True
        if principal.path or path != "/":
            draft.has_path(principal.path or path, who)
        draft.groups = tuple(dict.fromkeys((*draft.groups, *principal.groups)))
        draft.has_tags(principal.tags, who)
        if principal.max_session_duration is not None:
            draft.lasts(_checked_duration(principal.max_session_duration, who), who)
        for given in principal.policies:
            if is_arn(given):
                draft.managed[Held(given)] = True
                continue
            for document in self.files.all_of(self.declared.root / given, who):
                draft.add(document, Kind.IDENTITY)
        if principal.trust is not None:
            draft.add(self.files.one_of(self.declared.root / principal.trust, who), Kind.TRUST)
        if principal.boundary is not None and is_arn(principal.boundary):
            self.find_managed(principal.boundary, Kind.BOUNDARY, draft.label)
            draft.bound_by(Held(principal.boundary))
        elif principal.boundary is not None:
            draft.bound_by(self.files.one_of(self.declared.root / principal.boundary, who))

    def finish(self) -> Holdings:
        holders = {name: draft.finish(self.find_managed) for name, draft in self.drafts.items()}
        for name, holder in holders.items():
            _check_groups(name, holder, holders)
        return Holdings(
            account=self.declared.account,
            partition=self.declared.partition,
            organization=self.declared.organization,
            holders=holders,
            resources=self.known_resources(),
            limits=self.limits(),
            profiles={key: role for key, (role, _) in self.profiles.items()},
            documents=self.files.documents,
            unplaced=tuple(self.unplaced),
        )

    def limits(self) -> dict[str | None, Limits]:
        """Return what limits each account: as declared, else by folders, else by attached ids."""
        home = self.declared.account
        others = {account for account in self.owners.values() if account is not None}
        others |= {draft.account for draft in self.drafts.values() if draft.account is not None}
        found = limits_of(self.declared, self.files, self.levels)
        return found or limits_by_targets(home, others - {home}, self.targeted)

    def known_resources(self) -> dict[str, Resource]:
        found = {
            arn: Resource(
                arn,
                (unknown_policy(name, kind_at(arn)),),
                account_of(arn) or self.declared.account,
            )
            for arn, name in self.missing.items()
        }
        for arn in dict.fromkeys((*self.resources, *self.joining)):
            whole = self.resources.get(arn)
            added = self.joining.get(arn, [])
            policies = [compiled(d, kind_at(arn)) for d in ([whole] if whole else []) + added]
            found[arn] = Resource(
                arn, tuple(policies), self.owners[arn], open=arn not in self.resources
            )
        return found

    def find_managed(self, arn: str, kind: Kind, who: str | None) -> Managed:
        """Return a managed policy; `who` cannot do without one of this account's."""
        if (arn, kind) not in self.found:
            self.found[arn, kind] = managed_policies.managed(
                arn, self.managed, kind, self.declared.partition
            )
        found = self.found[arn, kind]
        if found is None and who is None:
            return managed_policies.unknown(Held(arn), kind)
        if found is None:
            raise UsageError(
                f"`{who}` holds `{arn}`, which is not in this repository",
                help=managed_policies.where_to_keep(Held(arn)),
            )
        return found


def _uncertain(stated: Stated) -> Iterator[Held]:
    """Yield the own policies and the groups that an identity has under conditions."""
    for group in stated.groups:
        if group.given:
            yield Held(f"group {group.ref}", group.given)
    for policy in stated.inline:
        yield Held(f"policy {policy.ref}", policy.given)


def _check_groups(name: str, holder: Holder, holders: Mapping[str, Holder]) -> None:
    for group in holder.groups:
        if holder.kind is not HolderKind.USER:
            raise UsageError(f"`{name}` is in groups, and only users can be")
        if name.replace(f"user/{holder.name}", f"group/{group}") not in holders:
            raise UsageError(f"`{name}` is in the group `{group}`, which nothing describes")


def _read_name(name: str) -> tuple[HolderKind, str, str | None, str]:
    """Read `role/deployer` or an ARN: kind, name, account, path."""
    arn = parse_arn(name)
    if arn is not None and (arn.service != "iam" or not is_account_id(arn.account)):
        raise _wrong_name(name)
    kind, slash, rest = (arn.resource if arn else name).partition("/")
    if kind not in tuple(HolderKind) or not slash or not rest or is_wild(rest):
        raise _wrong_name(name)
    path, _, last = rest.rpartition("/")
    return HolderKind(kind), last, arn.account if arn else None, f"/{path}/" if path else "/"


def _checked_duration(seconds: int, who: str) -> int:
    """Return how long sessions of a role may last, or raise where AWS would not take it.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html
    """
    if not ONE_HOUR <= seconds <= 12 * ONE_HOUR:
        raise UsageError(
            f"{who}: sessions cannot be limited to {seconds} seconds",
            help=f"a role's maximum is from {ONE_HOUR} to {12 * ONE_HOUR} seconds",
        )
    return seconds


def _wrong_name(name: str) -> UsageError:
    return UsageError(
        f'`[principals."{name}"]` is no name of a principal',
        help=f"write {', '.join(_FORMS)}",
    )
