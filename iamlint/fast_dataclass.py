"""The standard `dataclass`, made when it is first used: classes are made anew at every start.

The standard decorator compiles six methods for each frozen class, which was a third of what a
check of one file took, and most classes are not used in a run. Here a class waits until something
asks for a method or for its fields, and compiles its `__init__` only; comparison, hash and text
are shared. The type checker, for which this *is* the standard decorator, reports assignments to
fields.
"""

from __future__ import annotations

import dataclasses
import operator
from functools import partial
from typing import TYPE_CHECKING, Final

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass

    Compare = Callable[[object, object], object]
    Key = Callable[[object], object]
else:

    def dataclass(cls=None, /, *, eq=True, order=False, frozen=False, slots=False):  # noqa: ANN001, ANN201 - the standard's
        given = partial(_record, eq=eq, order=order, frozen=frozen, slots=slots)
        return given if cls is None else given(cls)


_BY_THE_STANDARD: Final = (
    *("__init__", "__match_args__", "__dataclass_fields__", "__dataclass_params__"),
)
_ORDER: Final = ("__lt__", "__le__", "__gt__", "__ge__")


class _Later:
    """An attribute of a record that is made, with all others, when it is first asked for."""

    def __init__(self, name: str, make: Callable[[], None]) -> None:
        self.name = name
        self.make = make

    def __get__(self, instance: object, owner: type) -> object:
        self.make()
        return getattr(owner if instance is None else instance, self.name)


def _record(cls: type, *, eq: bool, order: bool, frozen: bool, slots: bool) -> type:
    """Return a class like this one, to which the standard adds its part when it is first used."""
    written = {n: v for n, v in cls.__dict__.items() if n not in {"__dict__", "__weakref__"}}
    own = cls.__annotations__
    body = {name: value for name, value in written.items() if name not in own}
    if slots:
        taken = {name for base in cls.__mro__ for name in base.__dict__.get("__slots__", ())}
        body["__slots__"] = tuple(name for name in own if name not in taken)
    methods = ["__repr__", *(_ORDER if order else ())]
    if eq and "__eq__" not in body:
        methods.append("__eq__")
        body["__hash__"] = None
        if frozen:
            methods.append("__hash__")
    later = [*_BY_THE_STANDARD, *(name for name in methods if not body.get(name))]

    def make() -> None:
        made = _made(_class_of(cls, {**written, "__doc__": cls.__name__}))
        for name in later:
            setattr(record, name, made[name])

    record = _class_of(cls, body | {name: _Later(name, make) for name in later})
    return record


def _class_of(cls: type, body: dict[str, object]) -> type:
    made = type(cls)(cls.__name__, cls.__bases__, body)
    made.__qualname__ = cls.__qualname__
    return made


def _made(cls: type) -> dict[str, object]:
    """Return what a class needs of what the standard would compile for it, by name."""
    fields = dataclasses.fields(dataclasses.dataclass(eq=False, repr=False)(cls))
    key = _key([f.name for f in fields if f.compare])
    return {
        **{name: cls.__dict__[name] for name in _BY_THE_STANDARD},
        **{name: _compared(key, getattr(operator, name)) for name in ("__eq__", *_ORDER)},
        "__hash__": _hashed(key),
        "__repr__": _text(tuple(f.name for f in fields if f.repr)),
    }


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
