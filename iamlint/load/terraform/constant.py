"""Values that are written out: expressions without references, as the type of a variable."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from iamlint.load.terraform.node import (
    Array,
    Hidden,
    Member,
    Object,
    Scalar,
    Spot,
    String,
    Text,
    hidden,
    known,
    plain,
)
from iamlint.text.hcl_tree import (
    Call,
    Items,
    Literal,
    Members,
    Name,
    Operation,
    Override,
    Template,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from iamlint.load.terraform.node import Node
    from iamlint.text.hcl_tree import Expression

MAX_DEPTH: Final = 60
"""Levels of a value; what lies deeper is unknown."""

_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,300}(\.[0-9]{1,300})?([eE][+-]?[0-9]{1,2})?")
_TRUTHS: Final = {"true": True, "1": True, "false": False, "0": False}


def constant(expression: Expression, text: Text, depth: int = 0) -> Node:
    """Return what an expression without references comes to; what refers to others is unknown."""
    spot = Spot(text, expression.span)
    match expression:
        case _ if depth >= MAX_DEPTH:
            return hidden(spot)
        case Override(inner, Text() as home):
            return constant(inner, home, depth + 1)
        case Literal(value):
            return Scalar(value, spot)
        case Template(parts) if expression.is_plain:
            return String(parts, spot)  # type: ignore[arg-type]  # no holes among them
        case Items(items):
            return Array([constant(item, text, depth + 1) for item in items], spot)
        case Operation("-", (Literal(int() | float() as number),)):
            return Scalar(-number, spot)
        case Members(members):
            return Object(
                {
                    known(constant(key, text, depth + 1)) or "": Member(
                        Spot(text, key.span), constant(value, text, depth + 1)
                    )
                    for key, value in members
                },
                spot,
            )
    return hidden(spot)


def moved(node: Node, spot: Spot, spend: Callable[[int], bool]) -> Node:
    """Return a value as if all of it stood at one place."""
    if not spend(1):
        return hidden(spot)
    match node:
        case Scalar(value):
            return Scalar(value, spot)
        case String():
            return plain(node.known or "", spot) if spend(node.length) else hidden(spot)
        case Array(items):
            return Array([moved(item, spot, spend) for item in items], spot)
        case Object(members):
            return Object(
                {n: Member(spot, moved(m.node, spot, spend)) for n, m in members.items()}, spot
            )
    return hidden(spot)


def retyped(node: Node, type_: Expression | None) -> Node | None:
    """Return a value as a type takes it; None where it does not.

    https://developer.hashicorp.com/terraform/language/expressions/type-constraints
    """
    if isinstance(node, Hidden) or (isinstance(node, Scalar) and node.value is None):
        return node
    match type_:
        case Name("string"):
            text = known(node)
            return node if isinstance(node, String) or text is None else plain(text, node.spot)
        case Name("bool"):
            truth = node.value if isinstance(node, Scalar) else _TRUTHS.get(known(node) or "")
            return Scalar(truth, node.spot) if isinstance(truth, bool) else None
        case Name("number"):
            return _number(node)
        case Call(("list" | "set"), (inner,)):
            return _items(node, inner) if isinstance(node, Array) else None
        case Call("map", (inner,)):
            return _members(node, inner) if isinstance(node, Object) else None
        case Call("tuple"):
            return node if isinstance(node, Array) else None
        case Call("object"):
            return node if isinstance(node, Object) else None
    return node


def _number(node: Node) -> Node | None:
    if isinstance(node, Scalar):
        return None if isinstance(node.value, bool) else node
    text = known(node) or ""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    return Scalar(float(text) if found[1] or found[2] else int(text), node.spot)


def _items(array: Array, type_: Expression) -> Array | None:
    items = [retyped(item, type_) for item in array.items]
    kept = [item for item in items if item is not None]
    return Array(kept, array.spot) if len(kept) == len(items) else None


def _members(of: Object, type_: Expression) -> Object | None:
    members: dict[str, Member] = {}
    for name, member in of.members.items():
        node = retyped(member.node, type_)
        if node is None:
            return None
        members[name] = Member(member.key, node, member.is_named)
    return Object(members, of.spot)
