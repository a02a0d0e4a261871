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
    from iamlint.account.model import Accounts, Identity
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


def _principals(accounts: Accounts, worlds: Worlds) -> Iterator[AskableUnit]:
    members = {title for one in accounts.identities.values() for title in one.member_of}
    for title, identity in accounts.identities.items():
        actor = of_identity(accounts, identity)
        held = tuple(documents_of((*actor.policies, *actor.boundary)))
        path = identity.node.path if identity.node is not None else identity.file
        if title not in members:
            yield AskableUnit(
                actor.name, Kind.IDENTITY, _of(worlds.of_principal, identity), held, path, identity
            )
        if identity.trust:
            trust = tuple(documents_of(identity.trust))
            name = f"trust policy of {actor.name}"
            yield AskableUnit(name, Kind.TRUST, _closed(worlds.of_trust, identity), trust, path)


def _resources(accounts: Accounts, worlds: Worlds) -> Iterator[AskableUnit]:
    for one in accounts.resources.values():
        kind = kind_at(one.arn)
        if one.policies and kind is not Kind.ENDPOINT:
            documents = tuple(documents_of(one.policies))
            world = _closed(worlds.of_resource, one.policies, one.arn, one.account)
            yield AskableUnit(one.arn, kind, world, documents)
    for each in accounts.open_policies:
        kind = kind_at(shown(each.arn))
        if each.is_placed and each.unread is None and kind is not Kind.ENDPOINT:
            held = tuple(p for case in by_place(each.documents) for p in policies_of(case, kind))
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
    for policy in policies:
        if isinstance(policy.label, Origin) and policy.label.document is not None:
            yield policy.label.document
