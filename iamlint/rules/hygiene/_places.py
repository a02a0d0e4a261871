"""What a user, group or role has: policies of its own, and the places that attach others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.account.holdings import place_of
from iamlint.fast_dataclass import dataclass, field
from iamlint.load.file_value import Subject, SubjectKind
from iamlint.load.link import decided_way, shown
from iamlint.policy.at import At
from iamlint.policy.grammar import Kind
from iamlint.rule import AccountHit, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.account.holdings import Holdings
    from iamlint.load import Loaded
    from iamlint.load.document import Document
    from iamlint.load.link import Ref, SourceCondition, Thing


@dataclass(slots=True)
class HeldPlace:
    """A policy that is written for some principals, or a place that attaches it to them.

    `given` are the conditions on which each of them has it there.
    """

    value: Document | Subject
    at: At
    policy: str
    holders: list[Ref] = field(default_factory=list)
    given: list[frozenset[SourceCondition]] = field(default_factory=list)

    def hit(self, message: str) -> AccountHit | None:
        """Return what is wrong at the place; None where it is not clear that it counts."""
        given = decided_way(self.given)
        hit = Hit(self.at, message)
        return None if given is None else AccountHit(self.value, None, hit, given=given)


def inline(read: Loaded, thing: Thing) -> Iterator[HeldPlace]:
    """Yield the policies that are written for principals of a kind, each place once."""
    found: dict[object, HeldPlace] = {}
    for document in read.documents:
        for held in document.attachment.holders if document.kind is Kind.IDENTITY else ():
            if held.ref.thing is thing:
                place = found.setdefault(place_of(document), _of_document(document))
                place.holders.append(held.ref)
                place.given.append(held.given)
    yield from found.values()


def _of_document(document: Document) -> HeldPlace:
    return HeldPlace(document, At(()), document.name or "")


def attached(holdings: Holdings, thing: Thing) -> Iterator[HeldPlace]:
    """Yield the places that attach a managed policy to principals of a kind."""
    found: dict[object, HeldPlace] = {}
    for link, target in holdings.attached:
        at = link.named_at if link.holder.thing is thing else None
        if at is not None:
            name = shown(target).rpartition("/")[2]
            subject = Subject(
                SubjectKind.RESOURCE,
                at.path,
                at.source,
                link.pointer,
                (),
                name=f"{name} of {link.holder}",
            )
            key = at.path, at.span, name
            place = found.setdefault(key, HeldPlace(subject, At((), span=at.span), name))
            place.holders.append(link.holder)
            place.given.append(link.given)
    yield from found.values()
