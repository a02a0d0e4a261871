"""Collects what several sources say of one holder, and refuses what they disagree on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from iamlint.account.model import ONE_HOUR, Holder, HolderKind
from iamlint.account.read import compiled
from iamlint.errors import UsageError
from iamlint.policy.grammar import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from iamlint.account.managed import Managed
    from iamlint.load.document import Document


@dataclass(slots=True)
class Draft:
    """A holder as far as it is known; each single fact with the source that gave it.

    `managed` tells of each managed policy whether its document must be known.
    """

    kind: HolderKind
    name: str
    account: str | None
    partition: str
    path: str = "/"
    policies: list[Document] = field(default_factory=list)
    managed: dict[str, bool] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    max_session: int = ONE_HOUR
    trust: Document | None = None
    boundary: Document | str | None = None
    folder: str | None = None

    @property
    def label(self) -> str:
        return f"{self.kind}/{self.name}"

    def stands_in(self, folder: str) -> None:
        """Note the folder that describes it; a second one is about somebody else."""
        if self.folder not in (None, folder):
            raise UsageError(
                f"`{self.label}` is described by both `{self.folder}` and `{folder}`",
                help="keep one, `exclude` the other, or put them below `accounts/ID/`",
            )
        self.folder = folder

    def add(self, document: Document, use: Kind) -> None:
        """Take a document for what it is used as."""
        if use is Kind.TRUST:
            self._refuse_second(self.trust, document, "trust policies")
            self.trust = document
        elif use is Kind.BOUNDARY:
            self.bound_by(document)
        elif all(not _is_same(document, known) for known in self.policies):
            self.policies.append(document)

    def bound_by(self, boundary: Document | str) -> None:
        self._refuse_second(self.boundary, boundary, "permissions boundaries")
        self.boundary = boundary

    def _refuse_second(self, known: Document | str | None, new: Document | str, what: str) -> None:
        if known is not None and not _is_same(known, new):
            raise UsageError(
                f"`{self.label}` has two {what}: `{_shown(known)}` and `{_shown(new)}`",
                help="there can be one: remove or `exclude` the other",
            )

    def finish(self, managed: Callable[[str, Kind, str | None], Managed]) -> Holder:
        """Compile everything; `managed` finds a managed policy, for somebody who needs it."""
        held = [
            managed(arn, Kind.IDENTITY, self.label if needed else None)
            for arn, needed in self.managed.items()
        ]
        own = tuple(compiled(document, Kind.IDENTITY) for document in self.policies)
        bound, boundary = None, None
        if isinstance(self.boundary, str):
            bound = managed(self.boundary, Kind.BOUNDARY, None)
            boundary = bound.policy
        elif self.boundary is not None:
            boundary = compiled(self.boundary, Kind.BOUNDARY)
        every = [*held, bound] if bound else held
        return Holder(
            kind=self.kind,
            name=self.name,
            account=self.account,
            partition=self.partition,
            path=self.path,
            policies=(*own, *(found.policy for found in held)),
            boundary=boundary,
            trust=compiled(self.trust, Kind.TRUST) if self.trust else None,
            groups=self.groups,
            tags=self.tags,
            max_session=self.max_session,
            unknown=tuple(found.arn for found in every if not found.known),
            assumed=tuple(found.assumed for found in every if found.assumed),
        )


def _is_same(left: Document | str, right: Document | str) -> bool:
    if isinstance(left, str) or isinstance(right, str):
        return left == right
    at_one_place = (left.path, left.pointer) == (right.path, right.pointer)
    if left.when and right.when:
        return at_one_place
    return left.value == right.value and (at_one_place or not (left.when or right.when))


def _shown(source: Document | str) -> str:
    return source if isinstance(source, str) else source.path
