"""Collects what several sources say of one holder, and refuses what they disagree on."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from iamlint.account.build.agreement import may_be_same, open_one
from iamlint.account.build.compile import (
    by_place,
    compile_document,
    compiled_cases,
    perhaps,
    with_why,
)
from iamlint.account.build.managed import unknown
from iamlint.account.model import ONE_HOUR, Identity, IdentityKind, IdentityPolicies
from iamlint.account.origin import WHOLE, Why, on_conditions, place
from iamlint.errors import UsageError
from iamlint.fast_dataclass import dataclass, field, replace
from iamlint.load.link import Held, LinkKind, Ref, Thing, key_of_name
from iamlint.policy.grammar import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from iamlint.account.build.managed import Managed
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.load.document import Document, Postponed
    from iamlint.load.link import Link, Name, Node, SourceCondition

    Find = Callable[[Ref, Kind, str | None], Managed]

_Fact = TypeVar("_Fact", str, int)


@dataclass(frozen=True, slots=True)
class Attaching:
    """A managed policy, boundary or group that a holder has, if all of `given` holds.

    `why` says why it may be that it has it not; None where it surely does. A document that
    `is_needed` must be known.
    """

    ref: Ref
    given: frozenset[SourceCondition] = frozenset()
    why: Why | None = None
    is_needed: bool = False

    @property
    def held(self) -> Held:
        return Held(self.ref, self.given)

    @property
    def key(self) -> tuple[object, ...]:
        """The value that distinguishes it from other attached policies."""
        return key_of_name(self.ref.name) or id(self), self.ref.scope, self.given, self.why


@dataclass(frozen=True, slots=True)
class Trusted:
    """A trust policy of a role; `given` are conditions on which it is the one of this name.

    Files of one scope give one role two of them only where conditions choose.
    """

    document: Document
    given: frozenset[SourceCondition] = frozenset()
    scope: str = ""

    def says(self, other: Trusted) -> bool:
        """Return whether the other says the same, in the same cases."""
        one, two = self.document, other.document
        return one.value == two.value and one.readings == two.readings

    def is_chosen_against(self, other: Trusted) -> bool:
        """Return whether another resource, or another case of the same one, says this."""
        if self.document.cases and other.document.cases:
            return True
        addresses = {self.document.attachment.address, other.document.attachment.address}
        return self.scope == other.scope and None not in addresses and len(addresses) > 1


@dataclass(slots=True)
class IdentityBuilder:
    """An identity as far as it is known; `sources` has the first source of each single fact.

    `managed` are its managed policies, `maybe` policies of its own that it may hold, each with the
    reason, `trusts` the cases of its trust policy, or those that conditions choose from. A file may
    name an identity only by the policies attached to it. It lacks what is `postponed`. `nodes` are
    the blocks that describe it.
    """

    kind: IdentityKind
    named: Name
    account: str | None
    partition: str
    title: str
    name: str
    scope: str = ""
    path: str | None = None
    policies: list[Document] = field(default_factory=list)
    maybe: list[tuple[Document, Why]] = field(default_factory=list)
    managed: dict[tuple[object, ...], Attaching] = field(default_factory=dict)
    groups: dict[tuple[object, ...], Attaching] = field(default_factory=dict)
    limits: dict[tuple[object, ...], Attaching] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    has_no_other_tags: bool = False
    max_session: int | None = None
    sources: dict[str, str] = field(default_factory=dict)
    trusts: list[Trusted] = field(default_factory=list)
    boundary: Document | None = None
    folder: str | None = None
    is_described: bool = False
    missing: list[tuple[str, Kind]] = field(default_factory=list)
    at: str = ""
    postponed: Postponed | None = None
    nodes: list[Node] = field(default_factory=list)

    @property
    def is_known(self) -> bool:
        """Whether a file says anything of what it holds."""
        held = (self.policies, self.maybe, self.managed, self.missing)
        return self.is_described or any(held)

    @property
    def file(self) -> str | None:
        """The file that describes it, or else that of its first policy."""
        documents = [*self.policies, *(one.document for one in self.trusts)]
        documents += [document for document, _ in self.maybe]
        paths = [*(node.path for node in self.nodes), *(one.path for one in documents)]
        return next(iter(paths), None)

    def miss(self, name: str, use: Kind) -> None:
        """Note a policy that is there and whose text is not known."""
        self.missing.append((name, use))

    def has_path(self, path: str, source: str) -> None:
        self.path = self._agreed("path", self.path, path, source)

    def has_tags(self, tags: Mapping[str, str], source: str, *, no_other: bool = False) -> None:
        self.has_no_other_tags |= no_other
        for key, value in tags.items():
            self.tags[key] = self._agreed(f"tag `{key}`", self.tags.get(key), value, source)

    def lasts(self, seconds: int, source: str) -> None:
        self.max_session = self._agreed(
            "maximum session duration", self.max_session, seconds, source
        )

    def _agreed(self, what: str, known: _Fact | None, new: _Fact, source: str) -> _Fact:
        """Return a single fact; a source that says otherwise than the first is an error."""
        first = self.sources.setdefault(what, source)
        if known not in (None, new):
            raise UsageError(
                f"`{self.title}` has the {what} `{known}` in {first}, and `{new}` in {source}",
                help="they must agree: change one, or `exclude` its file",
            )
        return new

    def stands_in(self, folder: str) -> None:
        """Note the folder that describes it; a second one is about another holder."""
        if self.folder not in (None, folder):
            raise UsageError(
                f"`{self.title}` is described by both `{self.folder}` and `{folder}`",
                help="keep one, `exclude` the other, or put them below `accounts/ID/`",
            )
        self.folder = folder
        self.is_described = True

    def add(self, document: Document, use: Kind) -> None:
        """Take a document for what it is used as."""
        if use is Kind.TRUST:
            self.trust(Trusted(document))
        elif use is Kind.BOUNDARY:
            self._refuse_second(self.boundary, document, "permissions boundaries")
            self.boundary = document
        elif not any(
            is_same(document, p) and not _is_other_case(document, p) for p in self.policies
        ):
            self.policies.append(document)

    def trust(self, new: Trusted) -> None:
        """Take the trust policy of a role, or one of those from which conditions choose."""
        known = next((one for one in self.trusts if not one.given), None)
        if new.given or known is None or known.is_chosen_against(new):
            if not any(new.says(one) for one in self.trusts):
                self.trusts.append(new)
            return
        self._refuse_second(known.document, new.document, "trust policies")
        self.trusts = [Trusted(open_one(new.document, known.document), scope=known.scope)]

    def _trusted(self) -> Iterator[CompiledPolicy]:
        """Yield the trust policy; of several that conditions choose from, each that may be it."""
        every = by_place([one.document for one in self.trusts])
        givens = {(one.document.path, one.document.pointer): one.given for one in self.trusts}
        several = Why(f"`{self.title}` has {len(every)} trust policies, but a role has one")
        for cases in every:
            given = givens[cases[0].path, cases[0].pointer]
            is_sure = len(every) == 1 or cases[0].cases
            for policy in compiled_cases(cases, Kind.TRUST):
                why = on_conditions(given) if given else several
                yield policy if is_sure else perhaps(policy, why)

    def attach(self, attached: Attaching) -> None:
        known = self.managed.get(attached.key)
        if known is None or attached.is_needed:
            self.managed[attached.key] = attached

    def join(self, attached: Attaching) -> None:
        self.groups[attached.key] = attached

    def bound_by(self, attached: Attaching) -> None:
        """Take a boundary by its name; a role has one at most, so two that are sure disagree."""
        sure = next((one for one in self.limits.values() if _is_sure(one)), None)
        if sure is not None and _is_sure(attached) and sure.key != attached.key:
            raise _two(self.title, "permissions boundaries", str(sure.ref), str(attached.ref))
        self.limits[attached.key] = attached

    def _refuse_second(self, known: Document | None, new: Document, what: str) -> None:
        if known is None or is_same(known, new) or _are_cases(known, new):
            return
        if not may_be_same(known, new):
            raise _two(self.title, what, *both(known, new))

    def identity(
        self,
        find: Callable[[], IdentityPolicies],
        limits_of_silent: Callable[[str, str | None], tuple[str, ...] | None] = lambda _, __: None,
    ) -> Identity:
        """Return the identity; `find` returns what it has."""
        return Identity(
            kind=self.kind,
            name=self.name,
            find=find,
            account=self.account,
            partition=self.partition,
            path=self.path or "/",
            tags=self.tags,
            has_no_other_tags=self.has_no_other_tags,
            max_session=self.max_session or ONE_HOUR,
            named=self.named,
            title=self.title,
            scope=self.scope,
            is_described=self.is_described,
            addresses=tuple(dict.fromkeys(one for node in self.nodes for one in node.addresses)),
            file=self.file,
            node=next(iter(self.nodes), None),
            limits_of_silent=limits_of_silent,
        )

    def finish(
        self, find: Find, members: Callable[[Attaching, IdentityBuilder], Managed | str]
    ) -> IdentityPolicies:
        """Return what it has; `find` returns a managed policy, `members` a group or its lack."""
        held = list(self._attached(find))
        held += [unknown(_named(name), kind) for name, kind in self._missing(Kind.IDENTITY)]
        groups: list[str] = []
        for one in self.groups.values():
            found = members(one, self)
            if isinstance(found, str):
                groups.append(found)
            else:
                held.append(found)
        boundary, limits, unsure = self._bound(find)
        givens = [one.given for one in self.limits.values()]
        every = [*held, *unsure]
        return IdentityPolicies(
            policies=(*self._own(), *(policy for found in held for policy in found.policies)),
            boundary=boundary,
            limits=limits,
            is_limited=bool(givens) and are_all_cases(givens),
            trust=tuple(self._trusted()),
            groups=tuple(title.rpartition("group/")[2] for title in groups),
            member_of=tuple(groups),
            unknown=tuple(found.held for found in every if not found.known),
            assumed=tuple(self._assumed(every)),
        )

    def _assumed(self, every: list[Managed]) -> Iterator[str]:
        """Yield the assumptions about its policies."""
        yield from (found.assumed for found in every if found.assumed)
        if not self.is_described:
            named = f"; {self.at} names it" if self.at else ""
            whole = f"`{self.title}` is not described completely{named}"
            yield f"{whole}: it may have more policies"

    def _own(self) -> Iterator[CompiledPolicy]:
        """Yield its own policies, and those that may be its own."""
        for cases in by_place(self.policies):
            yield from compiled_cases(cases, Kind.IDENTITY)
        reasons = {(d.path, d.pointer): why for d, why in self.maybe}
        for cases in by_place([document for document, _ in self.maybe]):
            why = reasons[cases[0].path, cases[0].pointer]
            for policy in compiled_cases(cases, Kind.IDENTITY):
                yield perhaps(policy, why)

    def _attached(self, find: Find) -> Iterator[Managed]:
        for one in self.managed.values():
            found = find(one.ref, Kind.IDENTITY, self.title if one.is_needed else None)
            yield open_managed(found, one)

    def _bound(
        self, find: Find
    ) -> tuple[CompiledPolicy | None, tuple[CompiledPolicy, ...], list[Managed]]:
        """Return the boundary that it surely has, those that it may have, and what is unknown."""
        if self.boundary is not None:
            return compile_document(self.boundary, Kind.BOUNDARY), (), []
        sure = [one for one in self.limits.values() if _is_sure(one)]
        if sure:
            found = find(sure[0].ref, Kind.BOUNDARY, None)
            if len(found.policies) > 1:  # its cases: together they say what they may
                return None, found.policies, [found]
            return found.policies[0], (), [found]
        maybe = [
            open_managed(find(one.ref, Kind.BOUNDARY, None), one) for one in self.limits.values()
        ]
        maybe += [unknown(_named(name), kind) for name, kind in self._missing(Kind.BOUNDARY)]
        return None, tuple(policy for found in maybe for policy in found.policies), maybe

    def _missing(self, use: Kind) -> list[tuple[str, Kind]]:
        """Return the policies whose text is not known; a trust policy needs none."""
        return [(name, kind) for name, kind in self.missing if kind is use]


def open_managed(found: Managed, one: Attaching) -> Managed:
    """Return a managed policy as one that may have no say, where it is not sure that it is held."""
    why = one.why or (on_conditions(one.given) if one.given else None)
    if why is None:
        return found
    if not found.known:
        return unknown(one.held, found.policies[0].kind)
    is_limit = any(policy.kind is Kind.BOUNDARY for policy in found.policies)
    made = with_why if is_limit else perhaps
    return replace(found, policies=tuple(made(policy, why) for policy in found.policies))


def are_all_cases(givens: list[frozenset[SourceCondition]]) -> bool:
    """Return whether one of these surely holds: a condition, and the same one as not holding."""
    if len(givens) != 2 or any(len(given) != 1 for given in givens):  # noqa: PLR2004 - both ways
        return not all(givens)
    (one,), (other,) = givens
    return (one.text, one.scope) == (other.text, other.scope) and one.holds != other.holds


def _named(name: str) -> Held:
    return Held(Ref(Thing.POLICY, name))


def _is_sure(one: Attaching) -> bool:
    return not one.given and one.why is None


def _two(who: str, what: str, *names: str) -> UsageError:
    return UsageError(
        f"`{who}` has two {what}: {' and '.join(f'`{name}`' for name in names)}",
        help="there can be one: remove or `exclude` the other",
    )


def is_same(left: Document, right: Document) -> bool:
    at_one_place = (left.path, left.pointer) == (right.path, right.pointer)
    if left.when and right.when:
        return at_one_place
    return left.value == right.value and (at_one_place or not (left.when or right.when))


def _is_other_case(left: Document, right: Document) -> bool:
    """Return whether two documents are readings of one policy, and all readings are known."""
    return bool(left.cases and right.cases) and left.readings != right.readings


def _are_cases(left: Document, right: Document) -> bool:
    """Return whether a condition of the file chooses one of the two policies."""
    if not (left.when and right.when):
        return False
    return (left.path, left.attachment.address) == (right.path, right.attachment.address)


def both(known: Document, new: Document) -> tuple[str, str]:
    """Return the names of two sources, with their lines if they are in one file."""
    if known.path != new.path:
        return known.path, new.path
    return place(known, WHOLE), place(new, WHOLE)


def attach(draft: IdentityBuilder, link: Link, why: Why | None) -> None:
    """Add the target of a link to a principal, surely or perhaps."""
    attached = Attaching(link.target, link.given, why)
    match link.kind:
        case LinkKind.ATTACHED:
            draft.attach(attached)
        case LinkKind.BOUNDARY:
            draft.bound_by(attached)
        case LinkKind.MEMBER:
            draft.join(attached)
