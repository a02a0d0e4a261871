"""Who holds which policies, as far as names alone say: a first look, before an account is built.

Two principals of one name count as one, so it finds too much rather than too little; the account
then decides.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.catalog.managed_policies import managed_policy
from iamlint.fast_dataclass import dataclass, field, replace
from iamlint.load.link import LinkKind, Ref, Thing, bound, glob_of, key_of_name, may_be, name_with
from iamlint.policy.grammar import Effect, Kind
from iamlint.policy.memory import Remembering
from iamlint.text.source import without_tag

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from iamlint.load import Loaded
    from iamlint.load.document import Document
    from iamlint.load.link import Link, Name
    from iamlint.text.source import Value
    from iamlint.text.span import Pointer

Key: TypeAlias = tuple[Thing, str]
Place: TypeAlias = "tuple[str, Pointer]"

_MOST_UNSURE: Final = 200
"""Links without a full name that are compared with each policy; with more, no holders are known."""

_OF_AWS: Final = ":iam::aws:policy/"
_OF_PRINCIPALS: Final = frozenset({Kind.IDENTITY, Kind.TRUST, Kind.BOUNDARY})
_PRINCIPALS: Final = frozenset({Thing.USER, Thing.GROUP, Thing.ROLE})


@dataclass(frozen=True, slots=True)
class PlacedPolicy:
    """A principal that has a policy by its folder, or that the configuration names for it.

    The configuration need not name all that have it. `use` is what the policy is used as.
    """

    principal: Key
    use: Kind
    is_by_folder: bool


@dataclass(slots=True)
class Bundle:
    """What one principal holds: documents, policies of AWS by their names, and groups.

    It `is_open` if a policy or group is not found by its name alone.
    """

    documents: list[Document] = field(default_factory=list)
    of_aws: list[str] = field(default_factory=list)
    groups: list[Key] = field(default_factory=list)
    is_bounded: bool = False
    is_open: bool = False


class Holdings(Remembering):
    """The principals of files, and their policies. It `is_whole` if all files were read.

    `placed` returns the principals that a folder or the configuration gives a document. It
    `has_organization` if policies of one may limit all of them.
    """

    def __init__(
        self,
        read: Loaded,
        placed: Callable[[Document], Sequence[PlacedPolicy]],
        *,
        is_whole: bool,
        has_organization: bool,
    ) -> None:
        self._read = read
        self._placed = placed
        self._is_whole = is_whole
        self._has_organization = has_organization
        self._give = bound(read.bindings, lambda part: part)

    @cached_property
    def bundles(self) -> dict[Key, Bundle]:
        """What each principal surely holds."""
        found: dict[Key, Bundle] = {}
        for document in self._read.documents:
            for placed in self._holding(document):
                bundle = found.setdefault(placed.principal, Bundle())
                bundle.is_bounded |= placed.use is Kind.BOUNDARY
                if placed.use is Kind.IDENTITY:
                    bundle.documents.append(document)
        for link in self._read.links:
            holder = self.key(link.holder)
            if holder is not None and holder[0] in _PRINCIPALS:
                self._add(found.setdefault(holder, Bundle()), link)
        return found

    @cached_property
    def _managed(self) -> dict[str, list[Document]]:
        """The documents of managed policies by the keys of their ARNs."""
        found: dict[str, list[Document]] = {}
        for document in self._read.documents:
            if document.attachment.policy_arn is not None:
                name = self.key_of(document.attachment.policy_arn)
                found.setdefault(name or "", []).append(document)
        return found

    def given_by(self, link: Link) -> list[Bundle]:
        """Return what a link gives to whoever has it, and what its group gives."""
        bundle = Bundle()
        self._add(bundle, link)
        return [bundle, *(self.bundles[one] for one in bundle.groups if one in self.bundles)]

    def _add(self, bundle: Bundle, link: Link) -> None:
        target = name_with(link.target.name, self._give)
        if link.kind is LinkKind.BOUNDARY:
            bundle.is_bounded = True
        elif link.kind is LinkKind.MEMBER:
            key = self.key_of(target)
            bundle.groups += [(Thing.GROUP, key)] if key is not None else []
            bundle.is_open |= key is None
        elif link.kind is LinkKind.ATTACHED:
            own = self._managed.get(self.key_of(target) or "-", ())
            bundle.documents += own
            name = None if own else name_of_aws(target)
            bundle.of_aws += [] if name is None else [name]
            bundle.is_open |= not own and name is None

    @cached_property
    def has_several(self) -> bool:
        """Whether some principal holds several policies."""
        return any(
            sum(len(one.documents) + len(one.of_aws) for one in self.together(key)) > 1
            for key in self.bundles
        )

    def together(self, key: Key) -> list[Bundle]:
        """Return what a principal holds, and what its groups do."""
        own = self.bundles[key]
        return [own, *(self.bundles[one] for one in own.groups if one in self.bundles)]

    def key_of(self, name: Name) -> str | None:
        """Return a key that equal names have; None if a name equals only itself."""
        return key_of_name(name_with(name, self._give))

    def key(self, ref: Ref) -> Key | None:
        name = self.key_of(ref.name)
        return None if name is None else (ref.thing, name)

    def _holding(self, document: Document) -> Iterator[PlacedPolicy]:
        """Yield the principals that have a policy of their own, and what it is used as."""
        for held in document.attachment.holders:
            if (key := self.key(held.ref)) is not None:
                yield PlacedPolicy(key, document.kind, is_by_folder=False)
        yield from self._placed(document)

    @cached_property
    def attached(self) -> list[tuple[Link, Name]]:
        """The links that attach a managed policy, with the name that they give it."""
        links = [link for link in self._read.links if link.kind is LinkKind.ATTACHED]
        return [(link, name_with(link.target.name, self._give)) for link in links]

    def holders_of(self, document: Document) -> frozenset[Key | Thing]:
        """Return the principals that have a policy, or their kinds where names are not known.

        It is empty unless they are surely all of them. Others may attach a managed policy that
        leaves the files, and any that is not read as a whole.
        """
        about = document.attachment
        own = {self.key(held.ref) or held.ref.thing for held in about.holders}
        placed = [one for one in self._placed(document) if one.use is Kind.IDENTITY]
        if not own and not any(one.is_by_folder for one in placed) and about.policy_arn is None:
            return frozenset()
        own |= {one.principal for one in placed}
        if about.policy_arn is None:
            return frozenset(own)
        if about.is_exported or not self._is_whole:
            return frozenset()
        name = name_with(about.policy_arn, self._give)
        known, unsure = self._by_target
        if len(unsure) > _MOST_UNSURE:
            return frozenset()
        links = known.get(key_of_name(name) or "", [])
        for link in (*links, *(one for one, target in unsure if may_be(target, name))):
            own.add(self.key(link.holder) or link.holder.thing)
        return frozenset(own)

    def sure_holders(self, document: Document) -> list[Ref]:
        """Return the principals that surely have a policy, wherever it is in force."""
        about = document.attachment
        found = [held.ref for held in about.holders]
        for placed in self._placed(document):
            if placed.use is Kind.IDENTITY:
                thing, name = placed.principal
                found.append(Ref(thing, name))
        key = None if about.policy_arn is None else self.key_of(about.policy_arn)
        links = self._by_target[0].get(key, []) if key is not None else []
        return [*found, *(link.holder for link in links if not link.given)]

    @cached_property
    def _by_target(self) -> tuple[dict[str, list[Link]], list[tuple[Link, Name]]]:
        """The links by the keys of what they attach, and those that do not name it in full."""
        known: dict[str, list[Link]] = {}
        unsure: list[tuple[Link, Name]] = []
        for link, target in self.attached:
            if not isinstance(target, str):
                unsure.append((link, target))
            if (key := key_of_name(target)) is not None:
                known.setdefault(key, []).append(link)
        return known, unsure

    @cached_property
    def limited(self) -> frozenset[Key]:
        """The principals that a boundary or a Deny may limit."""
        if self._has_organization:
            return frozenset(self.bundles)
        denying = {
            id(d) for one in self.bundles.values() for d in one.documents if may_deny(d.value)
        }
        return frozenset(
            key
            for key in self.bundles
            if any(
                bundle.is_bounded
                or any(id(document) in denying for document in bundle.documents)
                or any(map(_denies, bundle.of_aws))
                for bundle in self.together(key)
            )
        )

    def are_limited(self, holders: Collection[Key | Thing]) -> bool:
        """Return whether something may limit each of some principals."""
        return bool(holders) and all(key in self.limited for key in holders)

    def only(self, principals: frozenset[Key]) -> Loaded:
        """Return what was read about some principals, their groups, and all that is open."""
        read = self._read
        keys = {*principals, *(one for key in principals for one in self.bundles[key].groups)}
        others = {self.key(node.ref) for node in read.nodes} - keys

        def concerns(ref: Ref) -> bool:
            if ref.thing not in _PRINCIPALS or (key := self.key(ref)) is None or key in keys:
                return True
            # A name that no file describes and that is not known in full may be any name.
            is_known = isinstance(name_with(ref.name, self._give), str)
            return not is_known and key not in others

        links = tuple(link for link in read.links if concerns(link.holder))
        targets = {self.key_of(link.target.name) for link in links}

        def is_kept(document: Document) -> bool:
            about = document.attachment
            if about.policy_arn is not None and self.key_of(about.policy_arn) in targets:
                return True
            holders = [held.ref for held in about.holders]
            if holders:
                return any(map(concerns, holders))
            placed = [one.principal for one in self._placed(document)]
            return about.policy_arn is None and (not placed or any(key in keys for key in placed))

        return replace(
            read,
            documents=tuple(filter(is_kept, read.documents)),
            nodes=tuple(node for node in read.nodes if concerns(node.ref)),
            links=links,
        )

    def without_policies_of(
        self, principals: frozenset[Key], is_needed: Callable[[Document], bool]
    ) -> Loaded:
        """Return what was read without the policies of some users and roles.

        Files still describe them, so that names mean the same as before. Policies of resources are
        left out too unless they are needed.
        """
        read = self._read

        def is_kept(document: Document) -> bool:
            about = document.attachment
            if document.kind is Kind.RESOURCE:
                return is_needed(document)
            if about.policy_arn is not None or document.kind not in _OF_PRINCIPALS:
                return True
            keys = [self.key(held.ref) for held in about.holders]
            return not keys or not all(key in principals for key in keys)

        given = (LinkKind.ATTACHED, LinkKind.BOUNDARY)
        return replace(
            read,
            documents=tuple(filter(is_kept, read.documents)),
            links=tuple(
                link
                for link in read.links
                if link.kind not in given or self.key(link.holder) not in principals
            ),
        )


def place_of(document: Document) -> Place:
    """Return the place of a policy, the same for all its cases."""
    return document.path, document.pointer


def name_of_aws(name: Name) -> str | None:
    """Return path and name of a policy of AWS by its ARN, whatever the partition."""
    end = glob_of(name).partition(_OF_AWS)[2]
    return end if end and "*" not in end else None


def written_statements(value: Value) -> Iterator[dict[str, Value]]:
    """Yield the statements of a policy as they are written."""
    found = without_tag(value.get("Statement")) if isinstance(value, dict) else None
    for one in found if isinstance(found, list) else (found,):
        if isinstance(statement := without_tag(one), dict):
            yield statement


def may_deny(value: Value) -> bool:
    """Return whether a policy may have a Deny."""
    return any(one.get("Effect") != Effect.ALLOW.value for one in written_statements(value))


@lru_cache(maxsize=256)  # a few are attached to most roles
def _denies(name: str) -> bool:
    found = managed_policy(name)
    return found is not None and may_deny(found.value)
