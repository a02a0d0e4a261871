"""Whether one file alone describes principals that are postponed: nothing else changes them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from iamlint.account.build.layout import HolderSlot, account_of_path, slot_of
from iamlint.load.link import LinkKind
from iamlint.policy.arn import parse_arn
from iamlint.policy.grammar import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.account.build.declared import Declared
    from iamlint.load import Loaded
    from iamlint.load.link import Name, Ref

    _Key = tuple[str, Name]

_ORGANIZATION: Final = "organization"


def stand_alone(loaded: Loaded, declared: Declared) -> bool:
    """Return whether nothing else that was read or declared is about the postponed principals.

    If it may be, they have to be read with all the rest.
    """
    nodes = Counter((node.ref.thing, node.ref.name, node.ref.account) for node in loaded.nodes)
    postponed = {(one.ref.thing.value, one.ref.name) for one in loaded.postponed}
    if any(nodes[one.ref.thing, one.ref.name, one.ref.account] > 1 for one in loaded.postponed):
        return False
    others = {(thing.value, name) for thing, name, of in nodes if not isinstance(of, str)}
    others.update(_held(loaded), _in_folders(loaded, declared), map(_key, declared.principals))
    if any(not isinstance(name, str) for _, name in others) or not others.isdisjoint(postponed):
        return False
    paths = {one.path for one in loaded.postponed}
    named = {declared.place(str(path)) for path in declared.files()}
    return not any(
        _has_a_place(declared.below(path)) or declared.place(path) in named for path in paths
    )


def _held(loaded: Loaded) -> Iterator[_Key]:
    """Yield the principals that files name as holders."""
    for link in loaded.links:
        if link.holder.thing.is_principal and link.kind is not LinkKind.PROFILE:
            yield _of(link.holder)
    attachments = [one.attachment for one in loaded.documents]
    attachments += [one.attachment for one in loaded.not_analysed]
    yield from (_of(held.ref) for about in attachments for held in about.holders)


def _of(ref: Ref) -> _Key:
    return ref.thing.value, ref.name


def _in_folders(loaded: Loaded, declared: Declared) -> Iterator[_Key]:
    """Yield the principals that folders name."""
    paths = {one.path for one in loaded.documents} | {one.path for one in loaded.not_analysed}
    for path in paths:
        slot = slot_of(declared.below(path), Kind.IDENTITY)
        if isinstance(slot, HolderSlot):
            yield slot.kind.value, slot.name


def _key(name: str) -> _Key:
    """Return the key of a principal that the configuration names."""
    arn = parse_arn(name)
    kind, _, rest = (arn.resource if arn else name).partition("/")
    return kind, rest.rpartition("/")[2]


def _has_a_place(path: str) -> bool:
    """Return whether the folders of a file say more about its policies."""
    kinds = (Kind.IDENTITY, Kind.RESOURCE)
    is_below = account_of_path(path) is not None or _ORGANIZATION in path.split("/")
    return is_below or any(slot_of(path, kind) is not None for kind in kinds)
