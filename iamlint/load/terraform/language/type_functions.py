"""Functions of Terraform that convert a value; they fail if its type does not fit.

https://developer.hashicorp.com/terraform/language/functions/tostring
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import replace as replaced
from iamlint.load.terraform.language.collection_functions import in_order, of_one_type, set_of
from iamlint.load.terraform.language.conversion import as_scalar
from iamlint.load.terraform.language.node import (
    Array,
    Object,
    Scalar,
    String,
    as_string,
    hide,
    known,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from iamlint.load.terraform.language.node import Evaluate, Location, Node

    Function = Callable[[Evaluate, Sequence[Node], Location], Node | None]


def _tostring(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    match arguments:
        case [Array() | Object()]:
            return hide(spot)
        case [one]:
            return as_string(one)
    return None


def _to_scalar(name: str, type_: type) -> Function:
    """Return the function that converts a value to a number or a boolean."""

    def apply(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
        match arguments:
            case [Scalar(value=value) as one] if value is None or _is_of(value, type_):
                return one
            case [Array() | Object() | Scalar()]:
                return hide(spot)
            case [String(known=str()) as one]:
                made = as_scalar(one, name)
                return made if isinstance(made, Scalar) else hide(spot)
        return None

    return apply


def _is_of(value: object, type_: type) -> bool:
    """Return whether a value is of a type; a boolean is not a number, though it is in Python."""
    return isinstance(value, bool) == (type_ is bool)


def _tolist(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    """Return a list; its items have one type."""
    match arguments:
        case [Array() as array]:
            made = replaced(of_one_type(array), is_set=False)
            return in_order(made) if array.is_set else made
        case [one]:
            return hide(spot) if _is_single(one) or isinstance(one, Object) else one
    return None


def _toset(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    """Return a set: each string once.

    https://developer.hashicorp.com/terraform/language/functions/toset
    """
    match arguments:
        case [Array() as array]:
            return set_of(array)
        case [one]:
            return hide(spot) if _is_single(one) or isinstance(one, Object) else one
    return None


def _tomap(of: Evaluate, arguments: Sequence[Node], spot: Location) -> Node | None:
    match arguments:
        case [one]:
            return hide(spot) if _is_single(one) or isinstance(one, Array) else one
    return None


def _is_single(node: Node) -> bool:
    """Return whether a value is known and has no items; null fits every type."""
    return known(node) is not None


OF_TYPES: Final[Mapping[str, Function]] = {
    "tostring": _tostring,
    "tonumber": _to_scalar("number", float),
    "tobool": _to_scalar("bool", bool),
    "tolist": _tolist,
    "toset": _toset,
    "tomap": _tomap,
}
