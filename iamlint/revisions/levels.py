"""The policies that an organization attaches to its root, a unit or an account, level by level."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.account.build.compile import compile_document, perhaps
from iamlint.account.build.declared import DeclaredOrganization
from iamlint.account.build.layout import LevelSlot, slot_of
from iamlint.account.build.organization import assign_policies, level_of, with_full_access
from iamlint.account.origin import on_conditions
from iamlint.fast_dataclass import dataclass
from iamlint.load.link import LinkKind, key_of_name, shown
from iamlint.policy.grammar import Kind

if TYPE_CHECKING:
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.load.document import Document
    from iamlint.repository import Repository


@dataclass(frozen=True, slots=True)
class Level:
    """The policies of one kind at one place of the organization: `name` is known, `title` shown."""

    kind: Kind
    name: str
    title: str
    policies: tuple[CompiledPolicy, ...]


def find_levels(repository: Repository) -> list[Level]:
    """Return each level of the organization that has policies, as far as files say where it is."""
    if repository.config.declared.organization_policies != DeclaredOrganization():
        return _declared(repository)
    return _in_folders(repository) or _attached(repository)


def _level(kind: Kind, name: str, place: str, policies: tuple[CompiledPolicy, ...]) -> Level:
    return Level(kind, name, f"{kind.upper()}s of {place}", policies)


def _declared(repository: Repository) -> list[Level]:
    """Return the levels that the configuration lists for each account."""
    found = []
    for account, limits in repository.account.accounts.limits.items():
        of = f"account {account}" if account is not None else "the account"
        for kind, levels in ((Kind.SCP, limits.scp), (Kind.RCP, limits.rcp)):
            for number, level in enumerate(levels or (), 1):
                name = f"level {number} of {of}"
                found.append(_level(kind, name, name, level))
    return found


def _in_folders(repository: Repository) -> list[Level]:
    """Return the levels that the folders of `organization/` describe."""
    by_level: dict[tuple[Kind, tuple[str, ...]], list[Document]] = {}
    for document in repository.loaded.documents:
        about = document.attachment
        if about.holders or about.policy_arn is not None or about.targets:
            continue
        slot = slot_of(repository.config.declared.below(document.path), document.kind)
        if isinstance(slot, LevelSlot):
            by_level.setdefault((slot.use, slot.way), []).append(document)
    return [
        _level(kind, name, name, level_of(documents, kind))
        for (kind, way), documents in by_level.items()
        for name in ("/".join(("organization", *way)),)
    ]


def _attached(repository: Repository) -> list[Level]:
    """Return the levels that files attach policies to, by the ids of the levels."""
    links = [link for link in repository.loaded.links if link.kind is LinkKind.ORGANIZATION]
    more, _ = assign_policies(links, repository.loaded.documents)
    found: dict[tuple[Kind, str], tuple[str, list[CompiledPolicy]]] = {}
    targeted = (one for one in repository.loaded.documents if one.attachment.targets)
    for document in (*targeted, *more):
        for held in document.attachment.targets:
            name = held.ref.name
            policy = compile_document(document, document.kind)
            policy = perhaps(policy, on_conditions(held.given)) if held.given else policy
            key = document.kind, key_of_name(name) or shown(name)
            found.setdefault(key, (shown(name), []))[1].append(policy)
    return [
        _level(kind, key, name, with_full_access(tuple(policies), kind))
        for (kind, key), (name, policies) in found.items()
    ]
