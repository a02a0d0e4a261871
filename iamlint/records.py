"""The standard `dataclass`, made in a quarter of the time: classes are made anew at every start.

The standard decorator compiles six methods for each frozen class, which was a third of what a
check of one file took. Here a class compiles its `__init__` only; comparison, hash and text are
shared, and that nobody assigns to a field is held by the type checker, to which this *is* the
standard decorator.
"""

from __future__ import annotations

import dataclasses
import operator
from functools import partial
from typing import TYPE_CHECKING

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass

    Compare = Callable[[object, object], object]
    Key = Callable[[object], object]
else:

    def dataclass(cls=None, /, *, eq=True, order=False, frozen=False, slots=False):  # noqa: ANN001, ANN201 - the standard's
        if cls is None:
            return partial(dataclass, eq=eq, order=order, frozen=frozen, slots=slots)
        if not frozen:
            return dataclasses.dataclass(cls, eq=eq, order=order, slots=slots)
        made = dataclasses.dataclass(cls, eq=False, repr=False, slots=slots)
        _share(made, eq=eq, order=order)
        return made


def _share(cls: type, *, eq: bool, order: bool) -> None:
    """Give a class what the standard would compile for it."""
    fields = dataclasses.fields(cls)
    if "__repr__" not in cls.__dict__:
        cls.__repr__ = _text(tuple(f.name for f in fields if f.repr))  # type: ignore[assignment]
    key = _key([f.name for f in fields if f.compare])
    if eq and "__eq__" not in cls.__dict__:
        cls.__eq__ = _compared(key, operator.eq)  # type: ignore[assignment]
        cls.__hash__ = _hashed(key)  # type: ignore[assignment]
    for name in ("lt", "le", "gt", "ge") if order else ():
        setattr(cls, f"__{name}__", _compared(key, getattr(operator, name)))


def _key(names: list[str]) -> Key:
    return operator.attrgetter(*names) if names else type


def _compared(key: Key, compare: Compare) -> Compare:
    def compared(self: object, other: object) -> object:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return compare(key(self), key(other))

    return compared


def _hashed(key: Key) -> Callable[[object], int]:
    def hashed(self: object) -> int:
        return hash(key(self))

    return hashed


def _text(names: tuple[str, ...]) -> Callable[[object], str]:
    def text(self: object) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__qualname__}({shown})"

    return text
