"""Converts values to the types of variables.

https://developer.hashicorp.com/terraform/language/expressions/type-constraints
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass, field, replace
from iamlint.late_pattern import late_pattern
from iamlint.load.terraform.language.collection_functions import of_one_type, set_of
from iamlint.load.terraform.language.inner import Attributes
from iamlint.load.terraform.language.node import (
    Array,
    Hidden,
    Member,
    Object,
    Scalar,
    String,
    as_string,
    known,
)
from iamlint.text.hcl.tree import Chunk, FunctionCall, HclTemplate, Items, Members, Name, Override

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from iamlint.load.terraform.language.node import Evaluate, Location, Node
    from iamlint.text.hcl.tree import Block, Expression

_NUMBER: Final = late_pattern(
    r"[+-]?(?:[0-9]{1,300}(?:\.[0-9]{0,300})?|\.[0-9]{1,300})(?:[eE][+-]?[0-9]{1,2})?"
)
_BOOLEANS: Final = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class Conversion:
    """Converts values; `value` evaluates the defaults of optional attributes.

    A value that does not fit its type is returned unchanged, and is among the `unfit`.
    """

    value: Callable[[Expression], Node]
    spend: Callable[[int], bool]
    unfit: list[Node] = field(default_factory=list)

    def convert(self, node: Node, to: Expression) -> Node:
        """Return a value converted to a type."""
        if isinstance(node, Hidden) or _is_null(node) or _is_handed_on(node) or not self.spend(1):
            return node
        made = self._converted(node, to)
        if made is None:
            self.unfit.append(node)
        return made or node

    def member(self, node: Node | None, to: Expression, spot: Location) -> Node | None:
        """Return a member of an object in its type; None if it is not given."""
        if node is not None and not _is_null(node):
            return self.convert(node, to)
        return self.default(to, spot) or node

    def _converted(self, node: Node, to: Expression) -> Node | None:
        match to:
            case Name("string" | "number" | "bool" as name):
                return _PRIMITIVES[name](node)
            case Name("list" | "set" as name):
                return self._list(node, Name("any", to.span), is_set=name == "set")
            case Name("map"):
                return self._map(node, Name("any", to.span))
            case Override(inner):
                return self.convert(node, inner)
            case FunctionCall("optional", (inner, *_)):
                return self.convert(node, inner)
            case FunctionCall("list" | "set" as name, (inner,)):
                return self._list(node, inner, is_set=name == "set")
            case FunctionCall("map", (inner,)):
                return self._map(node, inner)
            case FunctionCall("tuple", (Items(types),)):
                return self._tuple(node, types)
            case FunctionCall("object", (Members(types),)):
                return self._object(node, types_by_name(types))
        return node

    def _list(self, node: Node, to: Expression, *, is_set: bool) -> Array | None:
        if not isinstance(node, Array):
            return None
        array = replace(node, items=[self.convert(item, to) for item in node.items], is_set=False)
        if _is_any(to):
            array = of_one_type(array)
        return set_of(array) if is_set else array

    def _map(self, node: Node, to: Expression) -> Object | None:
        if not isinstance(node, Object):
            return None
        values = [self.convert(member.node, to) for member in node.members.values()]
        if _is_any(to):
            values = [*of_one_type(Array(values, node.spot)).items]
        pairs = zip(node.members.items(), values, strict=True)
        return replace(node, members={n: replace(m, node=value) for (n, m), value in pairs})

    def _tuple(self, node: Node, types: Sequence[Expression]) -> Array | None:
        if not isinstance(node, Array) or (node.whole and len(node.items) != len(types)):
            return None
        pairs = zip(node.items, types, strict=False)
        made = [self.convert(item, inner) for item, inner in pairs]
        return replace(node, items=[*made, *node.items[len(made) :]])

    def _object(self, node: Node, types: dict[str, Expression]) -> Node | None:
        """Return an object with the attributes of its type only, converted."""
        if not isinstance(node, Object):
            return None
        if not self.spend(len(types)):
            return node
        is_whole = node.more is None and all(m.is_named for m in node.members.values())
        members = {name: m for name, m in node.members.items() if name in types or not is_whole}
        for name, to in types.items():
            member = members.get(name)
            if member is not None and not _is_null(member.node):
                inner = self.convert(member.node, to)
                members[name] = member if inner is member.node else replace(member, node=inner)
            elif is_whole and (lack := self.default(to, node.spot)) is not None:
                members[name] = Member(member.key if member else None, lack)
            elif is_whole and member is None:
                self.unfit.append(node)
        return replace(node, members=members)

    def default(self, to: Expression, spot: Location) -> Node | None:
        """Return the default of an optional attribute."""
        match to:
            case FunctionCall("optional", (inner, default)):
                return self.convert(self.value(default), inner)
            case FunctionCall("optional"):
                return Scalar(None, spot)
        return None


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None


def _is_handed_on(node: Node) -> bool:
    """Return whether a value is a resource or a module, whose attributes have their own types."""
    return isinstance(node, Object) and isinstance(node.members, Attributes)


def _is_any(type_: Expression) -> bool:
    return isinstance(type_, Name) and type_.name == "any"


def _as_text(node: Node) -> Node | None:
    return None if isinstance(node, Array | Object) else as_string(node)


def _as_boolean(node: Node) -> Node | None:
    if isinstance(node, Scalar):
        return node if isinstance(node.value, bool) else None
    text = known(node)
    if text is None:
        return node if isinstance(node, String) else None
    return Scalar(_BOOLEANS[text], node.spot) if text in _BOOLEANS else None


def _as_number(node: Node) -> Node | None:
    if isinstance(node, Scalar):
        return None if isinstance(node.value, bool) else node
    text = known(node)
    if text is None:
        return node if isinstance(node, String) else None
    if not _NUMBER.fullmatch(text):
        return None
    is_whole = text.lstrip("+-").isdecimal()
    return Scalar(int(text) if is_whole else float(text), node.spot)


_PRIMITIVES: Final = {"string": _as_text, "number": _as_number, "bool": _as_boolean}


def as_scalar(node: Node, type_: str) -> Node:
    """Return a value as a number or a boolean; unchanged if it does not fit."""
    return _PRIMITIVES[type_](node) or node


def _name(key: Expression) -> str:
    parts = key.parts if isinstance(key, HclTemplate) else ()
    return "".join(part.text for part in parts if isinstance(part, Chunk))


def types_by_name(types: Sequence[tuple[Expression, Expression]]) -> dict[str, Expression]:
    """Return the types of the attributes of an object type."""
    return {_name(key): inner for key, inner in types}


def convert(
    node: Node | None,
    variable: Block | None,
    inside: Evaluate | None,
    spend: Callable[[int], bool],
) -> Node | None:
    """Return a value in the type of its variable; `inside` evaluates the file of the variable."""
    if node is None or variable is None or inside is None or "type" not in variable.attributes:
        return node
    return Conversion(inside.value, spend).convert(node, variable.attributes["type"].expression)
