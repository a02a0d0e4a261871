"""All that is compared of one side: principals, resources, trust policies, single policies."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, Final

from iamlint.account.ask.principal import of_identity
from iamlint.account.build.compile import by_place, compiled_cases
from iamlint.account.build.managed import unknown_policy
from iamlint.account.build.resources import kind_at
from iamlint.load.link import shown
from iamlint.policy.arn import parse_arn
from iamlint.policy.grammar import Kind
from iamlint.reason.askable import (
    documents_of,
    open_resources,
    principals,
    resources,
    trusting,
)
from iamlint.reason.worlds import Worlds
from iamlint.revisions.hidden import unsaid
from iamlint.revisions.levels import find_levels
from iamlint.revisions.texts import Words
from iamlint.revisions.unit import Sort, Unit, UnitPlace, known_name, line_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping

    from iamlint.account.model import DescribedResource, Identity, OpenPolicy
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.load.document import Document
    from iamlint.reason.world import World
    from iamlint.revisions.sides.side import ComparedSide

# Words for the resources of services, which are also before the names in ARNs.
_CALLED: Final = {
    "dynamodb": "table", "ecr": "repository", "kms": "key", "lambda": "function", "s3": "bucket",
    "secretsmanager": "secret", "sns": "topic", "sqs": "queue",
}  # fmt: skip


class Units:
    """The units of one side. `used` are the places of the policies that are in force somewhere.

    `relative` returns what both sides call a file.
    """

    def __init__(self, side: ComparedSide, relative: Callable[[str], str]) -> None:
        self.side = side
        self.relative = relative
        self.words = Words(unsaid(side))
        self.worlds = Worlds(side.repository.account)
        self._accounts = side.repository.account.accounts
        known = [*self._principals(), *self._resources(), *self._levels()]
        self.used = {(relative(d.path), d.pointer) for unit in known for d in unit.documents}
        every = (*known, *self._alone())
        self.all = tuple(unit for unit in every if self._is_asked(unit))

    @cached_property
    def texts(self) -> Mapping[str, Hashable]:
        """What the policies of resources say, by the ARN of the resource."""
        found = self.worlds.on_resources.items()
        return {arn: self.words.of_all(policies) for arn, policies in found}

    def _is_asked(self, unit: Unit) -> bool:
        """Return whether the comparison is about a file that says something of a unit."""
        paths = [unit.spot.path, *(document.path for document in unit.documents)]
        known = [path for path in paths if path is not None]
        return not known or any(map(self.side.covers, known))

    def _principals(self) -> Iterator[Unit]:
        for title, identity in principals(self._accounts):
            yield self._principal(title, identity)
        for title, identity in trusting(self._accounts):
            yield self._trust(title, identity)

    def _principal(self, title: str, identity: Identity) -> Unit:
        actor = of_identity(self._accounts, identity)
        around = self.worlds.around(actor)
        own = (*around.identity, *around.boundary, *around.session)
        return Unit(
            Sort(identity.kind.value),
            Kind.IDENTITY,
            self._called(identity),
            own,
            (self.words.of_all(own), identity.path, tuple(sorted(identity.tags.items()))),
            partial(self.worlds.of_principal, identity),
            lambda other, only: other.without_principal(identity, only),
            identity.name if identity.is_named else None,
            identity.account,
            self._spot(identity, (*documents_of(own), *documents_of(identity.trust))),
            tuple(map(self.words.of_levels, (around.scp, around.rcp))),
            title,
            self.relative,
        )

    def _trust(self, title: str, identity: Identity) -> Unit:
        world = self.worlds.of_trust(identity)
        return Unit(
            Sort.TRUST,
            Kind.TRUST,
            f"trust policy of {self._called(identity)}",
            identity.trust,
            self.words.of_all(identity.trust),
            lambda _: world,
            lambda other, _: other.without_trust(identity),
            identity.name if identity.is_named else None,
            identity.account,
            self._spot(identity, tuple(documents_of(identity.trust))),
            self.words.of_levels(world.policies.rcp),
            title,
            self.relative,
        )

    def _called(self, identity: Identity) -> str:
        return self._accounts.name_of(identity.kind, identity.name, identity.account)

    def _spot(self, identity: Identity, documents: tuple[Document, ...]) -> UnitPlace:
        """Return where a principal is: its own block or entry, or else its first policy."""
        node = identity.node
        if node is None:
            return self._first(documents)
        place = self.relative(node.path)
        line = node.line or next((line_of(d) for d in documents if d.path == node.path), None)
        addresses = identity.addresses
        return UnitPlace(node.path, place, node.pointer, addresses, identity.scope, line)

    def _first(self, documents: Iterable[Document]) -> UnitPlace:
        """Return where the first of some policies is."""
        first = next(iter(documents), None)
        if first is None:
            return UnitPlace()
        about, place = first.attachment, self.relative(first.path)
        return UnitPlace(
            first.path, place, first.pointer, about.addresses, about.scope, line_of(first)
        )

    def _resources(self) -> Iterator[Unit]:
        for resource in resources(self._accounts):
            yield self._resource(resource)
        for one, kind, policies in open_resources(self._accounts):
            yield self._open(one, kind, policies or (unknown_policy(one.place, kind),))

    def _resource(self, resource: DescribedResource) -> Unit:
        arn, owner, policies = resource.arn, resource.account, resource.policies
        return self._of_resource(kind_at(arn), called(arn), policies, arn, owner, name=arn)

    def _open(self, one: OpenPolicy, kind: Kind, policies: tuple[CompiledPolicy, ...]) -> Unit:
        """Return the resource of a policy that is not known as a whole."""
        arn = shown(one.arn)
        address = self._first(one.documents).address
        subject = called(arn) if arn.startswith("arn:") else address or arn
        name = known_name(one.arn)
        return self._of_resource(kind, subject, policies, None, one.account, name=name)

    def _of_resource(
        self,
        kind: Kind,
        subject: str,
        policies: tuple[CompiledPolicy, ...],
        arn: str | None,
        owner: str | None,
        *,
        name: str | None,
    ) -> Unit:
        def world(_: object) -> World:
            if kind is Kind.ENDPOINT:
                return self.worlds.of_policies(policies, kind)
            return self.worlds.of_resource(policies, arn, owner)

        def absent(other: Worlds, _: object) -> World:
            if kind is Kind.ENDPOINT:
                return other.of_policies((), kind)
            return other.without_resource(arn, owner)

        return Unit(
            Sort.RESOURCE,
            kind,
            subject,
            policies,
            self.words.of_all(policies),
            world,
            absent,
            name,
            owner,
            self._first(documents_of(policies)),
            self.words.of_levels(self._accounts.limits_of(owner).rcp),
            relative=self.relative,
        )

    def _levels(self) -> Iterator[Unit]:
        for level in find_levels(self.side.repository):
            yield self._of_policies(Sort.LEVEL, level.kind, level.title, level.policies, level.name)

    def _alone(self) -> Iterator[Unit]:
        """Yield the policies that are neither held nor on a resource, as far as files say."""
        relative, documents = self.relative, self.side.repository.loaded.documents
        left = (d for d in documents if (relative(d.path), d.pointer) not in self.used)
        for cases in by_place(left):
            first = cases[0]
            policies = tuple(compiled_cases(cases, first.kind))
            about, subject = first.attachment, f"policy/{first.name}" if first.name else None
            name = known_name(about.policy_arn)
            yield self._of_policies(Sort.POLICY, first.kind, subject, policies, name, about.account)

    def _of_policies(
        self,
        sort: Sort,
        kind: Kind,
        subject: str | None,
        policies: tuple[CompiledPolicy, ...],
        name: str | None,
        account: str | None = None,
    ) -> Unit:
        return Unit(
            sort,
            kind,
            subject,
            policies,
            self.words.of_all(policies),
            lambda _: self.worlds.of_policies(policies, kind),
            lambda other, _: other.of_policies((), kind),
            name,
            account,
            self._first(documents_of(policies)),
            relative=self.relative,
        )


def called(arn: str) -> str:
    """Return a resource in words, `bucket artifacts`, or else its ARN."""
    parsed = parse_arn(arn)
    word = _CALLED.get(parsed.service) if parsed is not None else None
    if parsed is None or word is None:
        return arn
    name = parsed.resource.removeprefix(f"{word}:").removeprefix(f"{word}/")
    return f"{word} {name}"
