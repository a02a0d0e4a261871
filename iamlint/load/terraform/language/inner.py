"""The members and items of values, and the equality of values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from iamlint.load.terraform.language.node import (
    EACH,
    Array,
    Hidden,
    Member,
    Object,
    Scalar,
    hidden,
    item_of,
    known,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from iamlint.load.terraform.language.choices import Choices
    from iamlint.load.terraform.language.node import Evaluate, Location, Node


class Attributes(Mapping[str, Member]):
    """The attributes of a resource, or the outputs of a module, evaluated on demand by name.

    Each reading of the conditions evaluates with its own `choices`. Iteration yields nothing.
    """

    def __init__(self, work_out: Callable[[str, Choices], Node | None], choices: Choices) -> None:
        self._work_out = work_out
        self._choices = choices

    def of_reading(self, name: str, choices: Choices) -> Member | None:
        node = self._work_out(name, choices)
        return None if node is None else Member(None, node)

    def __getitem__(self, name: str) -> Member:
        member = self.of_reading(name, self._choices)
        if member is None:
            raise KeyError(name)
        return member

    def __contains__(self, name: object) -> bool:
        return False

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def handed_on(
    work_out: Callable[[str, Choices], Node | None], of: Evaluate, spot: Location
) -> Object:
    """Return a resource or a module as a value; its members are evaluated on demand."""
    return Object(Attributes(work_out, of.choices), spot, more=hidden(spot))


def inside(node: Node, step: str | Node, choices: Choices) -> Node | None:
    """Return a member or an item; None if it is not known."""
    if isinstance(node, Object):
        name = step if isinstance(step, str) else known(step)
        if name is not None and isinstance(node.members, Attributes):
            member = node.members.of_reading(name, choices)
        else:
            member = node.members.get(name) if name is not None else None
            member = member or node.members.get(EACH)
        return member.node if member else None
    index = step.value if isinstance(step, Scalar) else None
    if isinstance(node, Array) and not node.whole:
        return item_of(node)
    if isinstance(node, Array) and type(index) is int and 0 <= index < len(node.items):
        return node.items[index]
    return None


def lacks(node: Node, step: str | Node) -> bool:
    """Return whether a member certainly does not exist."""
    name = step if isinstance(step, str) else known(step)
    if not isinstance(node, Object) or name is None:
        return False
    return node.more is None and all(member.is_named for member in node.members.values())


def fails(node: Node) -> bool:
    return isinstance(node, Hidden) and node.fails


def are_equal(one: Node, other: Node) -> bool | None:
    """Return whether two values are equal; None if that is not known.

    An optional member is null if it is not given. A number or boolean and its text differ, unless
    an attribute of a resource converts one of them.
    https://developer.hashicorp.com/terraform/language/expressions/operators#equality-operators
    """
    text, other_text = known(one), known(other)
    if text is not None and other_text is not None:
        are_alike = type(one) is type(other)
        return text == other_text if are_alike or text != other_text else None
    nothing = [fails(v) or (isinstance(v, Scalar) and v.value is None) for v in (one, other)]
    is_known = all(fails(v) or not isinstance(v, Hidden) for v in (one, other))
    return nothing[0] == nothing[1] if any(nothing) and is_known else None


def splat(node: Node) -> Array:
    """Return the list of `[*]`: empty for null, one item for another value that is not a list.

    https://developer.hashicorp.com/terraform/language/expressions/splat#single-values-as-lists
    """
    if isinstance(node, Array):
        return node
    return Array([] if isinstance(node, Scalar) and node.value is None else [node], node.spot)
