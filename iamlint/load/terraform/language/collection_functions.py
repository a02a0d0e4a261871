"""Functions of Terraform that return lists, sets and maps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import replace as replaced
from iamlint.load.terraform.language.node import (
    Array,
    Hidden,
    Location,
    Member,
    Node,
    Object,
    Scalar,
    String,
    as_string,
    item_of,
    known,
    plain,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from iamlint.load.terraform.language.node import Evaluate

    Function = Callable[[Evaluate, Sequence[Node], Location], Node | None]


def _concat(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    """Return the concatenated lists; an unknown list is one unknown item."""
    items: list[Node] = []
    for argument in arguments:
        items += argument.items if isinstance(argument, Array) else (argument,)
        if not isinstance(argument, Array | Hidden):
            return None
    is_whole = not any(isinstance(argument, Hidden) for argument in arguments)
    whole = is_whole and are_whole(arguments)
    return Array(items, spot, whole=whole) if of.around.spend(len(items)) else None


def are_whole(nodes: Iterable[Node]) -> bool:
    """Return whether the length of each list is known."""
    return all(node.whole for node in nodes if isinstance(node, Array))


def _setunion(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    union = _concat(of, arguments, spot)
    if not isinstance(union, Array):
        return None
    return set_of(union)


def _flatten(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    items = flat_items(arguments, deep=True)
    if items is None or not of.around.spend(len(items)):
        return None
    inner = [item for array in arguments if isinstance(array, Array) for item in array.items]
    is_open = any(isinstance(item, Hidden) for item in items)  # it may be a list
    return Array(items, spot, whole=not is_open and are_whole((*arguments, *inner)))


def flat_items(arguments: Sequence[Node], *, deep: bool) -> list[Node] | None:
    """Return the items of lists; `deep` for those of lists in them too."""
    found: list[Node] = []
    for argument in arguments:
        if not isinstance(argument, Array):
            return None
        todo = list(reversed(argument.items))
        while todo and len(found) <= MAX_ITEMS:
            item = todo.pop()
            if deep and isinstance(item, Array):
                todo += reversed(item.items)
            else:
                found.append(item)
    return found if len(found) <= MAX_ITEMS else None


MAX_ITEMS: Final = 10_000
"""Items of a list that a function returns."""


def _distinct(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    match arguments:
        case [Array() as array]:
            return unique(array)
    return None


def unique(array: Array) -> Array:
    """Return the list without repeated strings."""
    seen: set[str] = set()
    found: list[Node] = []
    for item in array.items:
        text = known(item)
        if text is None or text not in seen:
            found.append(item)
        seen.update(() if text is None else (text,))
    return replaced(array, items=found)


def _compact(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    items = flat_items(arguments, deep=False)
    if items is None:
        return None
    kept = [item for item in items if not is_empty(item)]
    is_open = any(isinstance(item, Hidden) for item in kept)  # it may be empty
    return Array(kept, spot, whole=not is_open and are_whole(arguments))


def is_empty(node: Node) -> bool:
    return known(node) == "" or (isinstance(node, Scalar) and node.value is None)


def _merge(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    """Return the merged objects; an unknown one may replace members before it."""
    members: dict[str, Member] = {}
    for argument in arguments:
        if isinstance(argument, Object) and argument.more is None:
            members |= argument.members
        elif isinstance(argument, Hidden | Object):
            unsure = {
                name: Member(m.key, Hidden(f"${{{name}}}", spot)) for name, m in members.items()
            }
            more = argument.more if isinstance(argument, Object) else argument
            added = argument.members if isinstance(argument, Object) else {}
            members = {**unsure, **added}
            if more is not None:
                members[more.text] = Member(None, more, is_named=False)
        elif not (isinstance(argument, Scalar) and argument.value is None):
            return None
    if all(isinstance(argument, Hidden) for argument in arguments):
        return None
    return Object(members, spot) if of.around.spend(len(members)) else None


def of_one_type(array: Array) -> Array:
    """Return the list with all items as strings if one of them is a string."""
    is_text = any(isinstance(item, String) for item in array.items)
    return replaced(array, items=[as_string(item) for item in array.items]) if is_text else array


def _sort(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    match arguments:
        case [Array() as array]:
            return in_order(replaced(array, items=[as_string(item) for item in array.items]))
        case [Hidden() as one]:
            return one
    return None


def set_of(array: Array) -> Array:
    """Return a set: each string once, in the order in which Terraform iterates.

    https://developer.hashicorp.com/terraform/language/functions/toset
    https://developer.hashicorp.com/terraform/language/expressions/for#ordering
    """
    made = unique(of_one_type(array))
    return replaced(in_order(made), whole=made.whole, is_set=True)


def in_order(array: Array) -> Array:
    """Return sorted strings; if one is unknown, no item has a known index."""
    texts = [known(item) if isinstance(item, String) else None for item in array.items]
    if None in texts:
        return replaced(array, whole=array.whole and len(texts) == 1)
    pairs = sorted(zip(texts, array.items, strict=True), key=lambda pair: pair[0] or "")
    return replaced(array, items=[item for _, item in pairs])


def _reverse(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    match arguments:
        case [Array() as array]:
            return replaced(array, items=array.items[::-1])
        case [Hidden() as one]:
            return one
    return None


def _one(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    """Return the only item of a list, null for an empty list."""
    match arguments:
        case [Array(items=[item])]:
            return item
        case [Array(items=[], whole=True)]:
            return Scalar(None, spot)
    return None


def is_closed(node: Object) -> bool:
    """Return whether an object has no more members than are known."""
    return node.more is None and all(m.is_named for m in node.members.values())


def _lookup(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    match arguments:
        case [Object() as of_object, name, *default]:
            text = known(name)
            member = of_object.members.get(text) if text is not None else None
            if member is not None:
                return member.node
            is_sure = text is not None and is_closed(of_object)
            return default[0] if default and is_sure else None
    return None


def _element(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    match arguments:
        case [Array(whole=False) as array, _]:
            return item_of(array)
        case [Array(items=items), Scalar(value=int(index))] if items:
            return items[index % len(items)]
    return None


def _keys(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    match arguments:
        case [Object(members=members) as argument]:
            return Array(
                [
                    plain(name, member.key or spot) if member.is_named else Hidden(name, spot)
                    for name, member in sorted(members.items())
                ],
                spot,
                whole=is_closed(argument),
            )
    return None


def _values(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    match arguments:
        case [Object(members=members) as argument]:
            nodes = [member.node for _, member in sorted(members.items())]
            return Array(nodes, spot, whole=is_closed(argument))
    return None


def _length(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    match arguments:
        case [Array(items=items, whole=True)]:
            return Scalar(len(items), spot)
        case [Object(members=members) as argument] if is_closed(argument):
            return Scalar(len(members), spot)
    return None


def _setproduct(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    """Return every combination of the items of lists.

    https://developer.hashicorp.com/terraform/language/functions/setproduct
    """
    made: list[list[Node]] = [[]]
    for argument in arguments:
        if not isinstance(argument, Array):
            return None
        if not of.around.spend(len(made) * len(argument.items)):
            return None
        made = [[*before, item] for before in made for item in argument.items]
    items = [Array(combination, spot) for combination in made]
    return Array(items, spot, whole=are_whole(arguments))


def _zipmap(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    match arguments:
        case [Array(whole=True) as keys, Array(whole=True) as values]:
            names = [known(key) for key in keys.items]
            pairs = zip(names, values.items, strict=False)
            members = {name: Member(None, node) for name, node in pairs if name is not None}
            return Object(members, spot) if len(members) == len(names) else None
    return None


def _transpose(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    match arguments:
        case [Object() as given] if is_closed(given):
            lists = {name: member.node for name, member in given.members.items()}
        case _:
            return None
    turned: dict[str, list[Node]] = {}
    for name, node in sorted(lists.items()):
        if not isinstance(node, Array) or not node.whole or not of.around.spend(len(node.items)):
            return None
        for item in node.items:
            text = known(item)
            if text is None or not given.members[name].is_named:
                return None
            turned.setdefault(text, []).append(plain(name, spot))
    return Object({text: Member(None, Array(names, spot)) for text, names in turned.items()}, spot)


def _contains(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    match arguments:
        case [Array() as array, item] if (text := known(item)) is not None:
            texts = [known(one) for one in array.items]
            if text in texts:
                return Scalar(True, spot)  # noqa: FBT003 - a value
            is_sure = array.whole and None not in texts
            return Scalar(False, spot) if is_sure else None  # noqa: FBT003 - a value
    return None


def _slice(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    match arguments:
        case [Array(whole=True) as array, Scalar(value=int(start)), Scalar(value=int(end))]:
            return replaced(array, items=array.items[start:end])
    return None


def _setsubtract(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    kept = _chosen(arguments)
    return None if kept is None else replaced(kept[0], items=kept[1])


def _setintersection(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    kept = _chosen(arguments)
    return None if kept is None else replaced(kept[0], items=kept[2])


def _chosen(arguments: Sequence[Node]) -> tuple[Array, list[Node], list[Node]] | None:
    """Return a list, its items not in another list, and those in it; None if some are unknown."""
    match arguments:
        case [Array(whole=True) as one, Array(whole=True) as other]:
            texts = {known(item) for item in other.items}
            if None in texts or any(known(item) is None for item in one.items):
                return None
            lacking = [item for item in one.items if known(item) not in texts]
            return one, lacking, [item for item in one.items if known(item) in texts]
    return None


OF_COLLECTIONS: Final[Mapping[str, Function]] = {
    "concat": _concat,
    "flatten": _flatten,
    "distinct": _distinct,
    "compact": _compact,
    "merge": _merge,
    "setunion": _setunion,
    "lookup": _lookup,
    "one": _one,
    "element": _element,
    "keys": _keys,
    "values": _values,
    "length": _length,
    "sort": _sort,
    "reverse": _reverse,
    "setproduct": _setproduct,
    "setsubtract": _setsubtract,
    "setintersection": _setintersection,
    "slice": _slice,
    "contains": _contains,
    "transpose": _transpose,
    "zipmap": _zipmap,
}
