"""The organization's levels above an account: as configured, by folders, by what files attach."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from iamlint.account.build.compile import compile_document, perhaps, perhaps_denying, unread_policy
from iamlint.account.build.declared import DeclaredOrganization
from iamlint.account.build.managed import full_access, may_limit, perhaps_unlimited, unknown_policy
from iamlint.account.model import Limits
from iamlint.account.origin import WHOLE, Unread, Why, place
from iamlint.errors import UsageError
from iamlint.fast_dataclass import replace
from iamlint.load.document import Attachment, NotAnalysed
from iamlint.load.link import Held, glob_of, key_of_name, shown
from iamlint.policy.arn import is_account_id
from iamlint.policy.grammar import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from iamlint.account.build.compile import Files
    from iamlint.account.build.declared import Declared
    from iamlint.account.build.layout import LevelSlot
    from iamlint.evaluator.policy_set import Levels
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.load.document import Document
    from iamlint.load.link import Link

Placed = tuple["LevelSlot", "Document | Unread"]

MANAGEMENT: Final = "management-account"
"""The folder of `organization/` that has the management account's folder."""


def limits_of(
    declared: Declared, files: Files, placed: Iterable[Placed]
) -> dict[str | None, Limits]:
    """Return the limits of each account; the home account is None."""
    placed = tuple(placed)
    organization = declared.organization_policies
    if organization != DeclaredOrganization():
        if placed:
            raise UsageError(
                f"both `[organization-policies]` and `{_path(placed[0][1])}` describe the "
                "organization",
                help="keep one of them",
            )
        ways: dict[str | None, DeclaredOrganization] = {None: organization}
        ways.update(organization.accounts)
        return {
            (None if account == declared.account else account): Limits(
                _declared(policies.scp, Kind.SCP, declared, files),
                _declared(policies.rcp, Kind.RCP, declared, files),
            )
            for account, policies in ways.items()
        }
    return _from_folders(declared, placed) if placed else {}


def _declared(
    levels: tuple[tuple[str, ...], ...] | None, kind: Kind, declared: Declared, files: Files
) -> Levels | None:
    if levels is None:
        return None
    return tuple(
        level_of(
            [document for name in level for document in _declared_in(declared.root / name, files)],
            kind,
        )
        for level in levels
    )


def _path(one: Document | Unread) -> str:
    return one.place if isinstance(one, Unread) else one.path


def _declared_in(path: Path, files: Files) -> Iterable[Document | Unread]:
    unread = files.unread(path)
    return (unread,) if unread is not None else files.all_of(path, "`[organization-policies]`")


def _from_folders(declared: Declared, placed: tuple[Placed, ...]) -> dict[str | None, Limits]:
    home = declared.account
    ways = {slot.way for slot, _ in placed}
    accounts: dict[str, tuple[str, ...]] = {}
    for way in sorted(ways):
        if way and is_account_id(way[-1]) and accounts.setdefault(way[-1], way) != way:
            raise UsageError(
                f"account `{way[-1]}` is in two places of the organization: "
                f"`{'/'.join(accounts[way[-1]])}` and `{'/'.join(way)}`",
                help="keep one of the folders",
            )
    limits: dict[str | None, Limits] = {
        (None if account == home else account): _limits(way, placed)
        for account, way in accounts.items()
    }
    is_told = bool(declared.accounts) or (home is not None and home == declared.management_account)
    if None not in limits and not is_told:
        limits[None] = _limits(_only_way(ways, set(accounts.values()), home), placed)
    return limits


def management_of(declared: Declared, placed: Iterable[Placed]) -> str | None:
    """Return the management account, by the configuration or by its folder."""
    ways = {slot.way[-2:] for slot, _ in placed if MANAGEMENT in slot.way[:-1]}
    found = {way[-1] for way in ways if way[0] == MANAGEMENT and is_account_id(way[-1])}
    known = sorted(
        found | ({declared.management_account} if declared.management_account else set())
    )
    if len(known) > 1:
        raise UsageError(
            f"an organization has one management account, but files name {_listed(known)}",
            help=f"keep one: `management-account`, or one folder in `{MANAGEMENT}/`",
        )
    return known[0] if known else None


def _listed(names: Iterable[str]) -> str:
    return " and ".join(f"`{name}`" for name in names)


def beside_management(
    limits: dict[str | None, Limits], home: str | None, management: str | None
) -> dict[str | None, Limits]:
    """Return the limits of all accounts where neither SCPs nor RCPs bind the management account.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
    """
    if management is None:
        return limits
    found = {**limits, None if management == home else management: Limits(is_management=True)}
    if home is None and None in limits:
        why = Why(f"the account may be `{management}`, which is the management account")
        of_home = limits[None]
        found[None] = Limits(_unless(of_home.scp, why), _unless(of_home.rcp, why))
    return found


def _unless(levels: Levels | None, why: Why) -> Levels | None:
    """Return levels that may not bind."""
    if levels is None:
        return None
    return tuple(
        (*(perhaps_denying(policy, why) for policy in level), perhaps_unlimited(level[0].kind, why))
        for level in levels
    )


def _only_way(
    ways: set[tuple[str, ...]], accounts: set[tuple[str, ...]], home: str | None
) -> tuple[str, ...]:
    """Return the way to the home account where the folders leave no choice."""
    units = ways - accounts
    deepest = max(units, key=len, default=())
    if all(deepest[: len(way)] == way for way in units) and not accounts:
        return deepest
    raise UsageError(
        f"`organization/` does not contain account `{home or '?'}`",
        help="put a folder with its 12 digits into the unit it belongs to, "
        "or declare `[organization-policies]`",
    )


def _limits(way: tuple[str, ...], placed: tuple[Placed, ...]) -> Limits:
    """Return the limits along a way; a kind of policy that is nowhere on it does not bind."""
    return Limits(_levels(way, placed, Kind.SCP), _levels(way, placed, Kind.RCP))


def _levels(way: tuple[str, ...], placed: tuple[Placed, ...], kind: Kind) -> Levels | None:
    of_kind = [(slot.way, document) for slot, document in placed if slot.use is kind]
    steps = [way[:length] for length in range(len(way) + 1)]
    levels = [[document for at, document in of_kind if at == step] for step in steps]
    return tuple(level_of(level, kind) for level in levels) if any(levels) else None


def level_of(documents: Sequence[Document | Unread], kind: Kind) -> tuple[CompiledPolicy, ...]:
    """Return the policies of one level."""
    return with_full_access(
        tuple(
            unread_policy(one, kind) if isinstance(one, Unread) else compile_document(one, kind)
            for one in documents
        ),
        kind,
    )


def with_full_access(level: tuple[CompiledPolicy, ...], kind: Kind) -> tuple[CompiledPolicy, ...]:
    """Return the policies of one level with those that AWS attaches.

    Organizations attaches `FullAWSAccess` everywhere. Who replaces it writes Allows of their own;
    a level of Denies alone would stop everything, so there it is taken to be still attached.
    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
    """
    if kind is Kind.SCP and not any(s.may_allow for policy in level for s in policy.statements):
        return (full_access(kind), *level)
    return level


def limits_by_targets(
    home: str | None,
    others: set[str],
    documents: Sequence[Document],
    gone: Sequence[NotAnalysed],
) -> dict[str | None, Limits]:
    """Return the limits that files lay on accounts by the ids of what they attach policies to.

    Which accounts are in a unit no file says, so a policy of a unit may limit any. The text of the
    policies that are `gone` is not known.
    """
    if not documents and not gone:
        return {}
    ids = (id_ for of in (documents, gone) for one in of for id_ in _ids(one.attachment))
    named = {id_ for id_ in ids if is_account_id(id_)}
    accounts: set[str | None] = {None, *(others | named) - {home}}
    return {
        account: Limits(
            _attached(account or home, Kind.SCP, documents, gone),
            _attached(account or home, Kind.RCP, documents, gone),
        )
        for account in accounts
    }


def assign_policies(
    links: Iterable[Link], documents: Iterable[Document]
) -> tuple[list[Document], list[NotAnalysed]]:
    """Return the policies that links attach, each at its target, and those without a file.

    An id does not say the kind of a policy. The policies of AWS allow everything.
    """
    by_key: dict[object, list[Document]] = {}
    for document in documents:
        name = document.attachment.policy_arn
        if document.kind in _OF_ORGANIZATIONS and name is not None:
            key = document.attachment.scope, key_of_name(name)
            by_key.setdefault(key, []).append(document)
    known: list[Document] = []
    gone: list[NotAnalysed] = []
    for link in links:
        name, about = link.target.name, Attachment(targets=(Held(link.holder, link.given),))
        key = link.target.scope, key_of_name(name)
        found = by_key.get(key, []) if key[1] is not None else []
        known += (
            replace(one, attachment=replace(one.attachment, targets=about.targets)) for one in found
        )
        if not found and shown(name).rpartition("/")[2] not in _ALLOW_ALL:
            reason = f"the content of `{shown(name)}` is not known"
            gone += (
                NotAnalysed(link.path, link.pointer, reason, kind=kind, attachment=about)
                for kind in _OF_ORGANIZATIONS
            )
    return known, gone


_OF_ORGANIZATIONS: Final = (Kind.SCP, Kind.RCP)
# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
_ALLOW_ALL: Final = frozenset({"p-FullAWSAccess", "p-RCPFullAWSAccess"})


def _attached(
    account: str | None, kind: Kind, documents: Sequence[Document], gone: Sequence[NotAnalysed]
) -> Levels | None:
    """Return the levels of an account: what the root has, what it has itself, what it may have."""
    root, own, unsure = [], [], []
    for document in documents:
        if document.kind is not kind:
            continue
        targets = document.attachment.targets
        sure = {glob_of(held.ref.name) for held in targets if not held.given}
        if any(id_.startswith("r-") for id_ in sure):
            root.append(document)
        elif account in sure:
            own.append(document)
        elif any(_may_be_above(held, account) for held in targets):
            unsure.append(document)
    open_ = [(one.attachment.targets, _unsure(one, kind)) for one in unsure]
    open_ += [
        (item.attachment.targets, unknown_policy(f"{item.path} {item.policy}", kind))
        for item in gone
        if item.kind is kind and any(_may_be_above(h, account) for h in item.attachment.targets)
    ]
    levels = [
        (*level_of(level, kind), *(one for targets, one in open_ if any(map(is_here, targets))))
        for level, is_here in ((root, _may_be_root), (own, partial(_may_be, account)))
        if level
    ]
    levels += [_perhaps(document, kind) for document in unsure]
    levels += [(full_access(kind), policy) for _, policy in open_[len(unsure) :]]
    return tuple(levels) or None


def _ids(about: Attachment) -> Iterator[str]:
    """Yield the ids of what a policy may be attached to, as far as known."""
    names = (held.ref.name for held in about.targets)
    yield from (name for name in names if isinstance(name, str))


def _may_be_root(held: Held) -> bool:
    name = held.ref.name
    return not isinstance(name, str) or name.startswith("r-")


def _may_be(account: str | None, held: Held) -> bool:
    """Return whether a target may be the account itself."""
    name = held.ref.name
    return not isinstance(name, str) or name == account or (account is None and is_account_id(name))


def _may_be_above(held: Held, account: str | None) -> bool:
    """Return whether a target may be an account, or a unit that the account may be in."""
    name = held.ref.name
    return (
        account is None or not isinstance(name, str) or name == account or not is_account_id(name)
    )


def _unsure(document: Document, kind: Kind) -> CompiledPolicy:
    """Return a policy that may be on a level, where it may allow more than others do."""
    return perhaps(compile_document(document, kind), _why(document))


def _why(document: Document) -> Why:
    return Why(f"{place(document, WHOLE)} may be attached to this account")


def _perhaps(document: Document, kind: Kind) -> tuple[CompiledPolicy, ...]:
    """Return the level of a policy that may be attached: its Denies may apply."""
    policy, why = compile_document(document, kind), _why(document)
    if kind is Kind.SCP and not any(s.may_allow for s in policy.statements):
        return full_access(kind), perhaps(policy, why)
    return may_limit((policy,), why)
