"""Collects what several sources say of one holder, and refuses what they disagree on."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, TypeVar

from iamlint.account.managed import unknown
from iamlint.account.model import ONE_HOUR, Holder, HolderKind
from iamlint.account.origin import WHOLE, place
from iamlint.account.read import compiled, compiled_cases
from iamlint.errors import UsageError
from iamlint.load.document import Held
from iamlint.policy.grammar import Kind
from iamlint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from iamlint.account.managed import Managed
    from iamlint.load.document import Document

_Fact = TypeVar("_Fact", str, int)


@dataclass(slots=True)
class Draft:
    """A holder as far as it is known; `sources` tell who gave each single fact first.

    `managed` tells of each managed policy whether its document must be known. `uncertain` is what
    else it holds under conditions. Who is not described is only named by what it holds.
    """

    kind: HolderKind
    name: str
    account: str | None
    partition: str
    path: str | None = None
    policies: list[Document] = field(default_factory=list)
    managed: dict[Held, bool] = field(default_factory=dict)
    uncertain: dict[Held, None] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    tags: dict[str, str] = field(default_factory=dict)
    max_session: int | None = None
    sources: dict[str, str] = field(default_factory=dict)
    trust: Document | None = None
    boundary: Document | Held | None = None
    folder: str | None = None
    is_described: bool = False
    missing: list[tuple[str, Kind]] = field(default_factory=list)

    @property
    def label(self) -> str:
        return f"{self.kind}/{self.name}"

    def miss(self, name: str, use: Kind) -> None:
        """Note a policy that is there and whose text is not known."""
        self.missing.append((name, use))

    def has_path(self, path: str, source: str) -> None:
        self.path = self._agreed("path", self.path, path, source)

    def has_tags(self, tags: Mapping[str, str], source: str) -> None:
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
                f"`{self.label}` has the {what} `{known}` in {first}, and `{new}` in {source}",
                help="they must agree: change one, or `exclude` its file",
            )
        return new

    def stands_in(self, folder: str) -> None:
        """Note the folder that describes it; a second one is about somebody else."""
        if self.folder not in (None, folder):
            raise UsageError(
                f"`{self.label}` is described by both `{self.folder}` and `{folder}`",
                help="keep one, `exclude` the other, or put them below `accounts/ID/`",
            )
        self.folder = folder
        self.is_described = True

    def add(self, document: Document, use: Kind) -> None:
        """Take a document for what it is used as."""
        if use is Kind.TRUST:
            self._refuse_second(self.trust, document, "trust policies")
            self.trust = document
        elif use is Kind.BOUNDARY:
            self.bound_by(document)
        elif not any(
            is_same(document, p) and not _is_other_case(document, p) for p in self.policies
        ):
            self.policies.append(document)

    def bound_by(self, boundary: Document | Held) -> None:
        self._refuse_second(self.boundary, boundary, "permissions boundaries")
        self.boundary = boundary

    def _refuse_second(
        self, known: Document | Held | None, new: Document | Held, what: str
    ) -> None:
        if known is not None and not is_same(known, new) and not _are_cases(known, new):
            raise UsageError(
                f"`{self.label}` has two {what}: {both(known, new)}",
                help="there can be one: remove or `exclude` the other",
            )

    def finish(self, managed: Callable[[str, Kind, str | None], Managed]) -> Holder:
        """Compile everything; `managed` finds a managed policy, for somebody who needs it."""
        held = [
            unknown(held, Kind.IDENTITY)
            if held.given
            else managed(held.ref, Kind.IDENTITY, self.label if needed else None)
            for held, needed in self.managed.items()
        ]
        held += [unknown(held, Kind.IDENTITY) for held in self.uncertain]
        held += self._missing(Kind.IDENTITY)
        by_place: dict[object, list[Document]] = {}
        for document in self.policies:
            by_place.setdefault((document.path, document.pointer), []).append(document)
        own = tuple(p for cases in by_place.values() for p in compiled_cases(cases, Kind.IDENTITY))
        bound = self._bound(managed)
        boundary = bound.policy if bound else None
        if self.boundary is not None and not isinstance(self.boundary, Held):
            boundary = compiled(self.boundary, Kind.BOUNDARY)
        every = [*held, bound] if bound else held
        notes = [found.assumed for found in every if found.assumed]
        if not self.is_described:
            notes.append(f"`{self.label}` is nowhere described as a whole: it may hold more")
        return Holder(
            kind=self.kind,
            name=self.name,
            account=self.account,
            partition=self.partition,
            path=self.path or "/",
            policies=(*own, *(found.policy for found in held)),
            boundary=boundary,
            trust=compiled(self.trust, Kind.TRUST) if self.trust else None,
            groups=self.groups,
            tags=self.tags,
            max_session=self.max_session or ONE_HOUR,
            unknown=tuple(found.held for found in every if not found.known),
            assumed=tuple(notes),
        )

    def _bound(self, managed: Callable[[str, Kind, str | None], Managed]) -> Managed | None:
        """Return the boundary that these files do not describe."""
        if not isinstance(self.boundary, Held):
            return next(iter(self._missing(Kind.BOUNDARY)), None)
        if self.boundary.given:
            return unknown(self.boundary, Kind.BOUNDARY)
        return managed(self.boundary.ref, Kind.BOUNDARY, None)

    def _missing(self, use: Kind) -> list[Managed]:
        """Return stand-ins for policies whose text is not known; a trust policy needs none."""
        return [unknown(Held(name), kind) for name, kind in self.missing if kind is use]


def is_same(left: Document | Held, right: Document | Held) -> bool:
    if isinstance(left, Held) or isinstance(right, Held):
        return left == right
    at_one_place = (left.path, left.pointer) == (right.path, right.pointer)
    if left.when and right.when:
        return at_one_place
    return left.value == right.value and (at_one_place or not (left.when or right.when))


def _is_other_case(left: Document, right: Document) -> bool:
    """Tell two readings of one policy, of which all are known."""
    return bool(left.cases and right.cases) and left.readings != right.readings


def _are_cases(left: Document | Held, right: Document | Held) -> bool:
    """Tell two policies of one thing of a file, of which a condition chooses one."""
    if isinstance(left, Held) or isinstance(right, Held) or not (left.when and right.when):
        return False
    return (left.path, left.attachment.address) == (right.path, right.attachment.address)


def both(known: Document | Held, new: Document | Held) -> str:
    """Name two sources, by their lines where they stand in one file."""
    if isinstance(known, Held) or isinstance(new, Held):
        names = [str(one) if isinstance(one, Held) else one.path for one in (known, new)]
    elif known.path != new.path:
        names = [known.path, new.path]
    else:
        names = [place(document, WHOLE) for document in (known, new)]
    return " and ".join(f"`{name}`" for name in names)
