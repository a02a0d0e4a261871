"""Which nodes, links and holders say the same, told by what their unknown parts are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.load.link import Link, Node
from iamlint.policy.pattern import pattern_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from iamlint.load.document import Item
    from iamlint.load.link import Held, Ref


def key_of_item(item: Item) -> Hashable:
    """Return a key that two items share that say the same."""
    if isinstance(item, Node):
        return item.path, item.pointer, _key_of(item.ref)
    if isinstance(item, Link):
        ends = _key_of(item.holder), _key_of(item.target)
        return item.path, item.pointer, item.kind, *ends, item.given
    return item


def _key_of(ref: Ref) -> Hashable:
    account = None if ref.account is None else pattern_of(ref.account)
    return ref.thing, pattern_of(ref.name), ref.label, ref.scope, account


def distinct(held: Iterable[Held]) -> tuple[Held, ...]:
    return tuple({(_key_of(one.ref), one.given): one for one in held}.values())
