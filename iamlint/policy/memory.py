"""Answers about a part of a policy, kept with the part: rules ask the same in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, TypeVarTuple

if TYPE_CHECKING:
    from collections.abc import Callable

_Made = TypeVar("_Made")
_Given = TypeVarTuple("_Given")


class Remembering:
    """A part of a policy, or what holds policies, that keeps what `remember` has made of it."""

    __slots__ = ("remembered",)

    remembered: dict[tuple[Any, ...], Any]


_Part = TypeVar("_Part", bound=Remembering)


def remember(part: _Part, make: Callable[[_Part, *_Given], _Made], *given: *_Given) -> _Made:
    """Return what a function makes of a part and of what is given; it is called once.

    `make` is a function of a module, or a class. What it makes does not refer to the part.
    """
    asked = (make, *given)
    try:
        known = part.remembered
    except AttributeError:
        known = part.remembered = {}
    if asked not in known:
        known[asked] = make(part, *given)
    found: _Made = known[asked]
    return found
