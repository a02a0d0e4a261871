"""What gives access in an account: principals, resources, and policies without a principal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.account.ask.principal import of_identity
from iamlint.account.build.compile import by_place, compiled_cases
from iamlint.account.build.resources import kind_at, policies_of
from iamlint.account.holdings import place_of
from iamlint.account.origin import Origin
from iamlint.fast_dataclass import dataclass, replace
from iamlint.load.link import shown
from iamlint.policy.grammar import Kind
from iamlint.reason.worlds import Worlds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from iamlint.account.ask.account import Account
    from iamlint.account.model import Accounts, DescribedResource, Identity, OpenPolicy
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.load.document import Document
    from iamlint.reason.world import World


@dataclass(frozen=True, slots=True)
class AskableUnit:
    """A principal, a resource, or a policy alone. `name` is what people call it.

    `documents` are its own policies, and `path` is a file that names it. A unit that is not
    `is_held` is a policy that no principal of the files has.
    """

    name: str
    kind: Kind
    world: Callable[[], World]
    documents: tuple[Document, ...]
    path: str | None = None
    identity: Identity | None = None
    is_held: bool = True


def askable_units(account: Account, documents: Iterable[Document]) -> Iterator[AskableUnit]:
    """Yield what gives access in the account that documents describe."""
    worlds = Worlds(account)
    used: set[object] = set()
    for unit in (*_principals(account.accounts, worlds), *_resources(account.accounts, worlds)):
        used.update(place_of(document) for document in unit.documents)
        yield unit
    used.update(map(place_of, _limits(account.accounts)))
    left = (document for document in documents if place_of(document) not in used)
    for cases in by_place(one for one in left if one.kind.grants or one.kind.has_principal):
        yield _alone(cases, worlds)


def principals(accounts: Accounts) -> Iterator[tuple[str, Identity]]:
    """Yield the principals that may act, with their titles: not groups that have members."""
    members = {title for one in accounts.identities.values() for title in one.member_of}
    yield from ((title, one) for title, one in accounts.identities.items() if title not in members)


def trusting(accounts: Accounts) -> Iterator[tuple[str, Identity]]:
    """Yield the roles with a trust policy, with their titles."""
    yield from ((title, one) for title, one in accounts.identities.items() if one.trust)


def resources(accounts: Accounts) -> Iterator[DescribedResource]:
    """Yield the resources with policies whose ARNs are known."""
    yield from (one for one in accounts.resources.values() if one.policies)


def open_resources(
    accounts: Accounts,
) -> Iterator[tuple[OpenPolicy, Kind, tuple[CompiledPolicy, ...]]]:
    """Yield the policies of resources whose ARNs are not known, with their kinds and cases."""
    for one in accounts.open_policies:
        if one.is_placed and one.unread is None:
            is_endpoint = any(document.kind is Kind.ENDPOINT for document in one.documents)
            kind = Kind.ENDPOINT if is_endpoint else kind_at(shown(one.arn))
            cases = by_place(one.documents)
            yield one, kind, tuple(policy for case in cases for policy in policies_of(case, kind))


def _principals(accounts: Accounts, worlds: Worlds) -> Iterator[AskableUnit]:
    for _, identity in principals(accounts):
        actor = of_identity(accounts, identity)
        held = tuple(documents_of((*actor.policies, *actor.boundary)))
        world = _of(worlds.of_principal, identity)
        yield AskableUnit(actor.name, Kind.IDENTITY, world, held, _path(identity), identity)
    for _, identity in trusting(accounts):
        trust = tuple(documents_of(identity.trust))
        name = f"trust policy of {of_identity(accounts, identity).name}"
        world = _closed(worlds.of_trust, identity)
        yield AskableUnit(name, Kind.TRUST, world, trust, _path(identity))


def _path(identity: Identity) -> str | None:
    return identity.node.path if identity.node is not None else identity.file


def _resources(accounts: Accounts, worlds: Worlds) -> Iterator[AskableUnit]:
    for one in resources(accounts):
        kind = kind_at(one.arn)
        if kind is not Kind.ENDPOINT:
            documents = tuple(documents_of(one.policies))
            world = _closed(worlds.of_resource, one.policies, one.arn, one.account)
            yield AskableUnit(one.arn, kind, world, documents)
    for each, kind, held in open_resources(accounts):
        if kind is not Kind.ENDPOINT:
            world = _closed(worlds.of_resource, held, None, each.account)
            yield AskableUnit(shown(each.arn), kind, world, each.documents)


def _alone(cases: list[Document], worlds: Worlds) -> AskableUnit:
    first = cases[0]
    policies = tuple(compiled_cases(cases, first.kind))
    name = first.name or first.path
    world = _of(worlds.of_policies, policies, first.kind)
    return AskableUnit(name, first.kind, world, tuple(cases), is_held=False)


def _of(make: Callable[..., World], *given: object) -> Callable[[], World]:
    return lambda: make(*given)


def _closed(make: Callable[..., World], *given: object) -> Callable[[], World]:
    """Return a world whose own users and roles are units of their own."""
    return lambda: replace(make(*given), is_home_open=False)


def _limits(accounts: Accounts) -> Iterator[Document]:
    for identity in accounts.identities.values():
        yield from documents_of(
            (*identity.limits, *((identity.boundary,) if identity.boundary else ()))
        )


def documents_of(policies: Iterable[CompiledPolicy]) -> Iterator[Document]:
    """Yield the documents of policies, as far as files contain them."""
    return (found for policy in policies if (found := document_of(policy)) is not None)


def document_of(policy: CompiledPolicy) -> Document | None:
    """Return the document of a policy, read or not; None for one that no file contains."""
    label = policy.label
    if not isinstance(label, Origin):
        return None
    return label.document or (label.unread.document if label.unread is not None else None)
