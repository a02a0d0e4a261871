"""What is compared as a whole: a principal, a resource, a trust policy, a level, a policy alone."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass, field
from iamlint.load.link import is_known_but_for_surroundings, shown
from iamlint.reason.askable import documents_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable

    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.load.document import Document
    from iamlint.load.link import Name
    from iamlint.policy.grammar import Kind
    from iamlint.reason.world import World
    from iamlint.reason.worlds import Worlds
    from iamlint.text.span import Pointer


class Sort(StrEnum):
    """What a unit is; only units of one sort are compared."""

    USER = "user"
    GROUP = "group"
    ROLE = "role"
    TRUST = "trust policy"
    RESOURCE = "resource"
    LEVEL = "level of an organization"
    POLICY = "policy"  # neither held nor on a resource, as far as files say


PRINCIPALS: Final = frozenset({Sort.USER, Sort.GROUP, Sort.ROLE})


@dataclass(frozen=True, slots=True)
class UnitPlace:
    """Where a unit is: its file, the way to it in there, and its addresses in its `scope`.

    Both sides name a file alike by its `place`, which may have another `path` for display.
    """

    path: str | None = None
    place: str | None = None
    pointer: Pointer = ()
    addresses: tuple[str, ...] = ()
    scope: str = ""
    line: int | None = None

    @property
    def address(self) -> str | None:
        """The first address, for display."""
        return next(iter(self.addresses), None)


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """A principal, resource or policy of one revision that is compared as a whole.

    `name` is its name or ARN if that is really known. `text` is what its `policies` say word for
    word, `above` what the policies of its organization say. `holder` is the principal that it is,
    or whose trust policy it is. `world` makes what decides about it, `absent` the same on a side
    that does not have it; both may be limited to some resources. `relative` returns what both
    sides call a file.
    """

    sort: Sort
    kind: Kind
    subject: str | None
    policies: tuple[CompiledPolicy, ...]
    text: Hashable
    world: Callable[[Collection[str] | None], World]
    absent: Callable[[Worlds, Collection[str] | None], World]
    name: str | None = None
    account: str | None = None
    spot: UnitPlace = field(default_factory=UnitPlace)
    above: Hashable = ()
    holder: str | None = None
    relative: Callable[[str], str] = str

    @property
    def meets_resources(self) -> bool:
        """Whether policies of resources, too, decide about its requests."""
        return self.sort in PRINCIPALS

    @property
    def documents(self) -> tuple[Document, ...]:
        """The policies that files contain."""
        return tuple(documents_of(self.policies))

    @property
    def paths(self) -> frozenset[str]:
        """The files that say something of it, as both sides name them."""
        own = (self.spot.place,) if self.spot.place is not None else ()
        return frozenset((*own, *(self.relative(document.path) for document in self.documents)))


def line_of(document: Document) -> int | None:
    """Return the line at which a policy starts; None where it is not in a text."""
    if not document.source.readable:
        return None
    start = document.source.locate(document.root).start
    return document.source.lines.position(start).line


def known_name(name: Name | None) -> str | None:
    """Return a name that is known, but for the account, partition and region of its file."""
    if name is None or not is_known_but_for_surroundings(name):
        return None
    return shown(name)
