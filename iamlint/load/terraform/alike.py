"""Keys of nodes, links, holders and resources that are the same, by what unknown parts are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import replace
from iamlint.load.file_value import Subject
from iamlint.load.link import Link, Node
from iamlint.load.terraform.language.write import same
from iamlint.load.workload import Workload
from iamlint.policy.pattern import pattern_of
from iamlint.text.source import key_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from iamlint.load.document import Attachment, Document, Item
    from iamlint.load.link import Held, Ref


def key_of_item(item: Item) -> Hashable:
    """Return a key that is the same for equal items."""
    if isinstance(item, Node):
        return item.path, item.pointer, _key_of(item.ref)
    if isinstance(item, Link):
        ends = _key_of(item.holder), _key_of(item.target)
        return item.path, item.pointer, item.kind, *ends, item.given
    if isinstance(item, Workload):
        return item.path, item.pointer, item.scope, item.address
    if isinstance(item, Subject):
        return item.path, item.pointer, key_of(item.value), item.readings, item.is_conditional
    return item


def add_linked(linked: dict[Hashable, Item], *items: Item) -> None:
    """Add what modules have besides policies.

    One principal has the addresses of all blocks that are it. A resource is shown by a call only if
    it is in no other.
    """
    for item in items:
        key = key_of_item(item)
        known = linked.get(key)
        if isinstance(item, Node) and isinstance(known, Node):
            every = tuple(dict.fromkeys((*known.addresses, *item.addresses)))
            linked[key] = replace(item, addresses=every)
        elif not isinstance(known, Subject) or known.shown_by:
            linked[key] = item


def add_document(documents: dict[Hashable, Document], item: Document) -> None:
    """Add a policy of a template in a module; equal ones of several stacks are one."""
    case = key_of(item.value) if item.source.readable else None
    key = item.path, item.pointer, item.when, case, key_of_resource(item.attachment)
    known = documents.get(key)
    documents[key] = item if known is None else held_by_all([known, item])


def _key_of(ref: Ref) -> Hashable:
    account = None if ref.account is None else pattern_of(ref.account)
    return ref.thing, pattern_of(ref.name), ref.label, ref.scope, account


def by_key(held: Iterable[Held]) -> dict[Hashable, Held]:
    """Return holders by a key that is the same for equal holders."""
    return {(_key_of(one.ref), one.given): one for one in held}


def held_by_all(documents: Sequence[Document]) -> Document:
    """Return one document of a policy with all its holders."""
    one = documents[0].attachment
    found, arn = by_key(one.holders), one.arn
    for document in documents[1:]:
        more = by_key(document.attachment.holders)
        if not more.keys() <= found.keys():
            found |= more
            arn = arn if arn == document.attachment.arn else None
    first = as_one(documents)
    if len(found) == len(one.holders):
        return first
    about = replace(first.attachment, holders=tuple(found.values()), arn=arn)
    return replace(first, attachment=about)


def as_one(documents: Sequence[Document]) -> Document:
    """Return one policy for equal ones, with the addresses of all.

    It is one by a call only if there is no other.
    """
    first = documents[0]
    if first.shown_by and not all(one.shown_by for one in documents):
        first = replace(first, shown_by=None)
    about = first.attachment
    every = dict.fromkeys(one for each in documents for one in each.attachment.addresses)
    also = tuple(one for one in every if one != about.address)
    return first if also == about.also else replace(first, attachment=replace(about, also=also))


def places_elsewhere(document: Document) -> Hashable:
    """Return the places of the values of a policy in other files: they distinguish calls."""
    return tuple(
        (part.path, place.value.start)
        for part in document.elsewhere
        for place in part.source.places.values()
    )


def key_of_resource(about: Attachment) -> str:
    """Return a key of the resource of a policy, the same for all holders."""
    if about.holders or about.targets:
        return ",".join(same(held.ref.name) for held in about.targets) or "held"
    name = about.policy_arn or about.arn
    return "" if name is None else same(name)
