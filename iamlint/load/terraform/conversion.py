"""Converts values to the types of variables.

https://developer.hashicorp.com/terraform/language/expressions/type-constraints
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from iamlint.load.terraform.collection_functions import set_of
from iamlint.load.terraform.node import (
    Array,
    Member,
    Object,
    Scalar,
    String,
    as_string,
    known,
)
from iamlint.records import dataclass
from iamlint.text.hcl_tree import Call, Chunk, Items, Members, Name, Override, Template

if TYPE_CHECKING:
    from collections.abc import Callable

    from iamlint.load.terraform.node import Evaluate, Node
    from iamlint.text.hcl_tree import Block, Expression

_NUMBER: Final = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?")
_BOOLEANS: Final = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Conversion:
    """Converts values; `evaluator` works out the defaults of optional attributes."""

    evaluator: Evaluate
    spend: Callable[[int], bool]

    def convert(self, node: Node, to: Expression) -> Node:
        """Return a value as one of a type; one that does not fit stays as it is."""
        if not self.spend(1):
            return node
        match to:
            case Name("string"):
                return as_string(node)
            case Name("number" | "bool" as name):
                return as_scalar(node, name)
            case Override(inner):
                return self.convert(node, inner)
            case Call("optional", (inner, *_)):
                return self.convert(node, inner)
            case Call("list" | "set" as name, (inner,)) if isinstance(node, Array):
                items = [self.convert(item, inner) for item in node.items]
                array = replace(node, items=items, is_set=False)
                return set_of(array) if name == "set" else array
            case Call("tuple", (Items(types),)) if isinstance(node, Array):
                pairs = zip(node.items, types, strict=False)
                made = [self.convert(item, inner) for item, inner in pairs]
                return replace(node, items=[*made, *node.items[len(made) :]])
            case Call("map", (inner,)) if isinstance(node, Object):
                return replace(
                    node,
                    members={
                        name: replace(member, node=self.convert(member.node, inner))
                        for name, member in node.members.items()
                    },
                )
            case Call("object", (Members(types),)) if isinstance(node, Object):
                return self._object(node, {_name(key): inner for key, inner in types})
        return node

    def _object(self, node: Object, types: dict[str, Expression]) -> Object:
        """Convert the attributes that the type has; others are not part of the value."""
        is_whole = node.more is None and all(m.is_named for m in node.members.values())
        members = {name: m for name, m in node.members.items() if name in types or not is_whole}
        for name, to in types.items():
            member = members.get(name) or node.members.get(name)
            if member is None or (isinstance(member.node, Scalar) and member.node.value is None):
                if is_whole and (lack := self._default(to, node)) is not None:
                    members[name] = Member(member.key if member else None, lack)
            else:
                members[name] = replace(member, node=self.convert(member.node, to))
        return replace(node, members=members)

    def _default(self, to: Expression, of: Object) -> Node | None:
        """Return what an optional attribute is without a value."""
        match to:
            case Call("optional", (inner, default)):
                return self.convert(self.evaluator.value(default), inner)
            case Call("optional"):
                return Scalar(None, of.spot)
        return None


def as_scalar(node: Node, type_: str) -> Node:
    """Convert a string to a number or a boolean; one that does not fit stays as it is."""
    text = known(node) if isinstance(node, String) else None
    if text is None:
        return node
    if type_ == "bool":
        return Scalar(_BOOLEANS[text], node.spot) if text in _BOOLEANS else node
    if not _NUMBER.fullmatch(text):
        return node
    return Scalar(float(text) if "." in text else int(text), node.spot)


def _name(key: Expression) -> str:
    parts = key.parts if isinstance(key, Template) else ()
    return "".join(part.text for part in parts if isinstance(part, Chunk))


def typed(
    node: Node | None,
    variable: Block | None,
    inside: Evaluate | None,
    spend: Callable[[int], bool],
) -> Node | None:
    """Return a value as the type of its variable, whose file `inside` evaluates."""
    if node is None or variable is None or inside is None or "type" not in variable.attributes:
        return node
    return Conversion(inside, spend).convert(node, variable.attributes["type"].expression)
