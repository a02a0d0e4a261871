"""The functions of Terraform that are worked out; all others give what is not known.

https://developer.hashicorp.com/terraform/language/functions
"""

from __future__ import annotations

import re
from dataclasses import replace as replaced
from typing import TYPE_CHECKING, Final

from iamlint.load.terraform.node import (
    Array,
    Hidden,
    Json,
    Member,
    Node,
    Object,
    Scalar,
    Spot,
    String,
    joined,
    known,
    plain,
)
from iamlint.text.hcl_tree import Chunk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from iamlint.load.terraform.node import Evaluate

    Function = Callable[[Evaluate, Sequence[Node], Spot], Node | None]

_VERB: Final = re.compile(r"%(?:%|[sdv])")
_PAIR: Final = 2


def _jsonencode(of: Evaluate, arguments: Sequence[Node], spot: Spot) -> Node | None:
    return Json(arguments[0], spot) if len(arguments) == 1 else None


def _jsondecode(of: Evaluate, arguments: Sequence[Node], spot: Spot) -> Node | None:
    return of.around.decoded(arguments[0]) if len(arguments) == 1 else None


def _yamldecode(of: Evaluate, arguments: Sequence[Node], spot: Spot) -> Node | None:
    return of.around.decoded(arguments[0], as_yaml=True) if len(arguments) == 1 else None


def _file(of: Evaluate, arguments: Sequence[Node], spot: Spot) -> Node | None:
    path = known(arguments[0]) if arguments else None
    return None if path is None else of.around.file(path, spot)


def _templatefile(of: Evaluate, arguments: Sequence[Node], spot: Spot) -> Node | None:
    match arguments:
        case [String(known=str(path)), variables]:
            return of.around.template(path, variables, spot, of)
    return None


def _format(of: Evaluate, arguments: Sequence[Node], spot: Spot) -> Node | None:
    """Fill in `%s`, `%d` and `%v`; other verbs are not known."""
    text = known(arguments[0]) if arguments else None
    if text is None or text.count("%") > sum(len(v[0].strip("sdv")) for v in _VERB.finditer(text)):
        return None
    rest = iter(arguments[1:])
    nodes: list[Node] = []
    done = 0
    for verb in _VERB.finditer(text):
        nodes.append(plain(text[done : verb.start()], spot))
        done = verb.end()
        filled = plain("%", spot) if verb[0] == "%%" else next(rest, None)
        if filled is None:
            return None
        nodes.append(filled)
    made = joined([*nodes, plain(text[done:], spot)], spot)
    return made if of.around.spend(made.length) else None


def _join(of: Evaluate, arguments: Sequence[Node], spot: Spot) -> Node | None:
    between = known(arguments[0]) if arguments else None
    items = _flat(arguments[1:], deep=False)
    if between is None or items is None:
        return None
    comma = plain(between, spot)
    made = joined([part for item in items for part in (comma, item)][1:], spot)
    return made if of.around.spend(made.length) else None


def _concat(of: Evaluate, arguments: Sequence[Node], spot: Spot) -> Node | None:
    """Put lists together; one that is not known is one item that is not."""
    items: list[Node] = []
    for argument in arguments:
        items += argument.items if isinstance(argument, Array) else (argument,)
        if not isinstance(argument, Array | Hidden):
            return None
    return Array(items, spot) if of.around.spend(len(items)) else None


def _flatten(of: Evaluate, arguments: Sequence[Node], spot: Spot) -> Node | None:
    items = _flat(arguments, deep=True)
    return Array(items, spot) if items is not None and of.around.spend(len(items)) else None


def _flat(arguments: Sequence[Node], *, deep: bool) -> list[Node] | None:
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
"""Items of a list that a function makes."""


def _distinct(of: Evaluate, arguments: Sequence[Node], spot: Spot) -> Node | None:
    """Leave out strings that were there before."""
    items = _flat(arguments, deep=False)
    seen: set[str] = set()
    found: list[Node] = []
    for item in items or ():
        text = known(item)
        if text is None or text not in seen:
            found.append(item)
        seen.update(() if text is None else (text,))
    return None if items is None else Array(found, spot)


def _compact(of: Evaluate, arguments: Sequence[Node], spot: Spot) -> Node | None:
    items = _flat(arguments, deep=False)
    return None if items is None else Array([i for i in items if not _is_empty(i)], spot)


def _is_empty(node: Node) -> bool:
    return known(node) == "" or (isinstance(node, Scalar) and node.value is None)


def _merge(of: Evaluate, arguments: Sequence[Node], spot: Spot) -> Node | None:
    """Put objects together; one that is not known may replace what stands before it."""
    members: dict[str, Member] = {}
    for argument in arguments:
        if isinstance(argument, Object):
            members |= argument.members
        elif isinstance(argument, Hidden):
            unsure = {
                name: Member(m.key, Hidden(f"${{{name}}}", spot)) for name, m in members.items()
            }
            members = {**unsure, argument.text: Member(None, argument, is_named=False)}
        elif not (isinstance(argument, Scalar) and argument.value is None):
            return None
    if all(isinstance(argument, Hidden) for argument in arguments):
        return None
    return Object(members, spot) if of.around.spend(len(members)) else None


def _same(of: Evaluate, arguments: Sequence[Node], spot: Spot) -> Node | None:
    return arguments[0] if len(arguments) == 1 else None


def _try(of: Evaluate, arguments: Sequence[Node], spot: Spot) -> Node | None:
    """Return the first argument that does not fail; one that is not known may, in one reading."""
    return _either(of, [n for n in arguments if not (isinstance(n, Hidden | Json) and n.fails)])


def _coalesce(of: Evaluate, arguments: Sequence[Node], spot: Spot) -> Node | None:
    """Return the first argument that is there; one that is not known may be, in one reading."""
    return _either(of, [node for node in arguments if not _is_empty(node)])


def _either(of: Evaluate, nodes: Sequence[Node]) -> Node | None:
    there = (node for node in nodes if not isinstance(node, Hidden))
    certain = next((node for node in there if not _is_empty(node)), None)
    return next(iter(nodes), None) if of.holds or certain is None else certain


def _coalescelist(of: Evaluate, arguments: Sequence[Node], spot: Spot) -> Node | None:
    return _either(of, [n for n in arguments if not (isinstance(n, Array) and not n.items)])


def _can(of: Evaluate, arguments: Sequence[Node], spot: Spot) -> Node | None:
    match arguments:
        case [Hidden(fails=fails)]:
            return Scalar(False, spot) if fails else None  # noqa: FBT003 - a value
        case [_]:
            return Scalar(True, spot)  # noqa: FBT003 - a value
    return None


def _one(of: Evaluate, arguments: Sequence[Node], spot: Spot) -> Node | None:
    """Return the only item of a list, null for that of an empty one."""
    match arguments:
        case [Array(items=[item])]:
            return item
        case [Array(items=[])]:
            return Scalar(None, spot)
    return None


def _lookup(of: Evaluate, arguments: Sequence[Node], spot: Spot) -> Node | None:
    match arguments:
        case [Object() as of_object, name, *default]:
            text = known(name)
            member = of_object.members.get(text) if text is not None else None
            if member is not None:
                return member.node
            is_sure = text is not None and all(m.is_named for m in of_object.members.values())
            return default[0] if default and is_sure else None
    return None


def _element(of: Evaluate, arguments: Sequence[Node], spot: Spot) -> Node | None:
    match arguments:
        case [Array(items=items), Scalar(value=int(index))] if items:
            return items[index % len(items)]
    return None


def _keys(of: Evaluate, arguments: Sequence[Node], spot: Spot) -> Node | None:
    match arguments:
        case [Object(members=members)]:
            return Array(
                [
                    plain(name, member.key or spot) if member.is_named else Hidden(name, spot)
                    for name, member in members.items()
                ],
                spot,
            )
    return None


def _values(of: Evaluate, arguments: Sequence[Node], spot: Spot) -> Node | None:
    match arguments:
        case [Object(members=members)]:
            return Array([member.node for member in members.values()], spot)
    return None


def _length(of: Evaluate, arguments: Sequence[Node], spot: Spot) -> Node | None:
    match arguments:
        case [Array(items=items)] if not any(isinstance(item, Hidden) for item in items):
            return Scalar(len(items), spot)
        case [Object(members=members)] if all(m.is_named for m in members.values()):
            return Scalar(len(members), spot)
    return None


def _split(of: Evaluate, arguments: Sequence[Node], spot: Spot) -> Node | None:
    between, text = (*(known(argument) for argument in arguments), None, None)[:_PAIR]
    if not between or text is None or not of.around.spend(len(text)):
        return None
    return Array([plain(part, spot) for part in text.split(between)], spot)


def _replace(of: Evaluate, arguments: Sequence[Node], spot: Spot) -> Node | None:
    texts = [known(argument) for argument in arguments]
    match arguments, texts:
        case [Json(node=node) as json, _, given], [_, str(old), _] if not old.startswith("/"):
            filled = joined([given], spot)
            return replaced(json, node=_replaced(of, node, old, filled)) if old else None
    match texts:
        case [str(text), str(old), str(new)] if old and not old.startswith("/"):
            made = len(text) + text.count(old) * len(new)
            return plain(text.replace(old, new), spot) if of.around.spend(made) else None
    return None


def _replaced(of: Evaluate, node: Node, old: str, new: String) -> Node:
    """Replace a text in the strings of a document, each of which keeps its place."""
    if not of.around.spend(1):
        return node
    if isinstance(node, Array):
        return Array([_replaced(of, item, old, new) for item in node.items], node.spot)
    if isinstance(node, Object):
        members = {
            name: replaced(member, node=_replaced(of, member.node, old, new))
            for name, member in node.members.items()
        }
        return Object(members, node.spot)
    if not isinstance(node, String) or not any(old in _text(piece) for piece in node.pieces):
        return node
    nodes: list[Node] = []
    for piece in node.pieces:
        first, *rest = _text(piece).split(old)
        if rest:
            nodes.append(plain(first, node.spot))
            nodes += [made for text in rest for made in (new, plain(text, node.spot))]
        else:
            nodes.append(String((piece,), node.spot))
    made = joined(nodes, node.spot)
    return made if of.around.spend(made.length) else node


def _text(piece: object) -> str:
    return piece.text if isinstance(piece, Chunk) else ""


def _changed(change: Callable[[str], str]) -> Function:
    """Return a function that changes one string."""

    def apply(of: Evaluate, arguments: Sequence[Node], spot: Spot) -> Node | None:
        text = known(arguments[0]) if len(arguments) == 1 else None
        return None if text is None else plain(change(text), spot)

    return apply


def _trimspace(of: Evaluate, arguments: Sequence[Node], spot: Spot) -> Node | None:
    match arguments:
        case [String() as text]:
            return _stripped(text)
    return None


def _stripped(node: String) -> String:
    """Take away blanks at both ends of a string that is partly known."""
    pieces = list(node.pieces)
    if pieces and isinstance(first := pieces[0], Chunk):
        cut = len(first.text) - len(first.text.lstrip())
        pieces[0] = Chunk(first.text[cut:], first.offsets[cut:])
    if pieces and isinstance(last := pieces[-1], Chunk):
        text = last.text.rstrip()
        pieces[-1] = Chunk(text, last.offsets[: len(text) + 1])
    return String(tuple(pieces), node.spot)


FUNCTIONS: Final[Mapping[str, Function]] = {
    "jsonencode": _jsonencode,
    "jsondecode": _jsondecode,
    "yamldecode": _yamldecode,
    "yamlencode": _jsonencode,  # JSON is YAML
    "file": _file,
    "templatefile": _templatefile,
    "format": _format,
    "join": _join,
    "concat": _concat,
    "flatten": _flatten,
    "distinct": _distinct,
    "compact": _compact,
    "merge": _merge,
    "try": _try,
    "can": _can,
    "coalesce": _coalesce,
    "coalescelist": _coalescelist,
    "setunion": _concat,
    "lookup": _lookup,
    "one": _one,
    "element": _element,
    "keys": _keys,
    "values": _values,
    "length": _length,
    "split": _split,
    "replace": _replace,
    "lower": _changed(str.lower),
    "upper": _changed(str.upper),
    "trimspace": _trimspace,
    **dict.fromkeys(("toset", "tolist", "tomap", "tostring", "sensitive", "nonsensitive"), _same),
    **dict.fromkeys(("sort", "reverse"), _same),
}
