"""Constant values: expressions without references."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import replace
from iamlint.load.terraform.language.node import (
    Array,
    Location,
    Member,
    Object,
    Scalar,
    String,
    Text,
    hidden,
    known,
    plain,
)
from iamlint.text.hcl.tree import HclTemplate, Items, Literal, Members, Operation, Override

if TYPE_CHECKING:
    from collections.abc import Callable

    from iamlint.load.terraform.language.node import Node
    from iamlint.text.hcl.tree import Expression

MAX_DEPTH: Final = 60
"""Levels of a value; deeper values are unknown."""


def constant(expression: Expression, text: Text, depth: int = 0) -> Node:
    """Return the value of an expression without references; references are unknown."""
    spot = Location(text, expression.span)
    match expression:
        case _ if depth >= MAX_DEPTH:
            return hidden(spot)
        case Override(inner, Text() as home):
            return constant(inner, home, depth + 1)
        case Literal(value):
            return Scalar(value, spot)
        case HclTemplate(parts) if expression.is_plain:
            return String(parts, spot)  # type: ignore[arg-type]  # no holes among them
        case Items(items):
            return Array([constant(item, text, depth + 1) for item in items], spot)
        case Operation("-", (Literal(int() | float() as number),)):
            return Scalar(-number, spot)
        case Members(members):
            return Object(
                {
                    known(constant(key, text, depth + 1)) or "": Member(
                        Location(text, key.span), constant(value, text, depth + 1)
                    )
                    for key, value in members
                },
                spot,
            )
    return hidden(spot)


def move_to(node: Node, spot: Location, spend: Callable[[int], bool]) -> Node:
    """Return a value with all parts at one place."""
    if not spend(1):
        return hidden(spot)
    match node:
        case Scalar(value):
            return Scalar(value, spot)
        case String():
            return plain(node.known or "", spot) if spend(node.length) else hidden(spot)
        case Array(items):
            return replace(node, items=[move_to(item, spot, spend) for item in items], spot=spot)
        case Object(members):
            return Object(
                {n: Member(spot, move_to(m.node, spot, spend)) for n, m in members.items()}, spot
            )
    return hidden(spot)
