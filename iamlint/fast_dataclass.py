"""The standard `dataclass`, made when it is first used: classes are made anew at every start.

The standard decorator compiles six methods for each frozen class, which was a third of what a
check of one file took, and its module imports much; most classes are not used in a run. Here a
class waits until something asks for a method, and compiles its `__init__` only, once it has made
some records; comparison, hash and text are shared. The standard is asked where something wants to
know the fields. The type checker, for which this *is* the standard, reports assignments to fields.
"""

from __future__ import annotations

import operator
import sys
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final, cast

__all__ = ["dataclass", "field", "replace"]

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass, field, replace

    Compare = Callable[[object, object], object]
    Key = Callable[[object], object]
else:

    def dataclass(cls=None, /, *, eq=True, order=False, frozen=False, slots=False):  # noqa: ANN001, ANN201 - the standard's
        given = partial(_record, eq=eq, order=order, frozen=frozen, slots=slots)
        return given if cls is None else given(cls)

    def field(**given):  # noqa: ANN003, ANN201 - the standard's
        return _Field(given)

    def replace(record, /, **changes):  # noqa: ANN001, ANN003, ANN201 - the standard's
        """Return a record with other values."""
        return record.__replaced__(**changes)


_STARTS: Final = "__starts__"
"""The attribute with the own fields of a class, each with what it is without an argument."""

_WRITTEN: Final = "__written__"
"""The attribute with the class as it was written."""

_EMPTY: Final = ("__dict__", "__weakref__")

_FEW: Final = 20
"""Records that a class makes before its `__init__` is compiled."""

_NOTHING: Final = object()


class _Field:
    """What `field` says of a field, as the standard takes it."""

    __slots__ = ("compare", "default", "default_factory", "given", "init", "repr")

    def __init__(self, given: dict[str, object]) -> None:
        self.given = given
        self.default = given.get("default", _NOTHING)
        self.default_factory = given.get("default_factory", _NOTHING)
        self.init = given.get("init", True)
        self.repr = given.get("repr", True)
        self.compare = given.get("compare", True)


class _Later:
    """An attribute of records that is made for each of them when it is first asked for."""

    def __init__(self, name: str, make: Callable[[type], object]) -> None:
        self.name = name
        self.make = make

    def __get__(self, instance: object, owner: type) -> object:
        record = next(one for one in owner.__mro__ if one.__dict__.get(self.name) is self)
        setattr(record, self.name, self.make(record))
        return getattr(owner if instance is None else instance, self.name)


def _record(cls: type, *, eq: bool, order: bool, frozen: bool, slots: bool) -> type:
    """Return a class like this one, to which methods are added when they are first used."""
    own, written = cls.__annotations__, cls.__dict__
    compared = eq and "__eq__" not in written
    body = _methods(order=order, compared=compared, frozen=frozen) | {
        name: one for name, one in written.items() if name not in own and name not in _EMPTY
    }
    body[_STARTS] = {name: written.get(name, _NOTHING) for name in own}
    if "dataclasses" in sys.modules:
        body[_STARTS] = {name: _start(one) for name, one in body[_STARTS].items()}
    body[_WRITTEN] = cls
    if slots:
        taken = {name for base in cls.__mro__ for name in base.__dict__.get("__slots__", ())}
        body["__slots__"] = tuple(name for name in own if name not in taken)
    return _class_of(cls, body)


@cache
def _methods(*, order: bool, compared: bool, frozen: bool) -> dict[str, Any]:
    """Return the attributes of a record that are made later; one that changes has no hash."""
    hashed: dict[str, Any] = _HASHED if frozen else {"__hash__": None}
    return _ALWAYS | (_IN_ORDER if order else {}) | (_EQUAL | hashed if compared else {})


def _class_of(cls: type, body: dict[str, object]) -> type:
    made = type(cls)(cls.__name__, cls.__bases__, body)
    made.__qualname__ = cls.__qualname__
    return made


def _start(written: object) -> object:
    """Return what a class says of a field; the standard's own `field` counts as well."""
    standard = sys.modules.get("dataclasses")
    if standard is None or not isinstance(written, standard.Field):
        return written
    names = ("default", "default_factory", "init", "repr", "compare", "metadata")
    given = {name: getattr(written, name) for name in names}
    return _Field({n: one for n, one in given.items() if one is not standard.MISSING})


def _by_the_standard(name: str, record: type) -> object:
    """Return an attribute that the standard gives to a class."""
    import dataclasses  # noqa: PLC0415 - few runs ask for it, and it imports much

    cls = record.__dict__[_WRITTEN]
    body = {
        name: dataclasses.field(**one.given) if isinstance(one, _Field) else one  # type: ignore[call-overload] # its own words
        for name, one in cls.__dict__.items()
        if name not in _EMPTY
    }
    body["__doc__"] = cls.__name__
    made: type = dataclasses.dataclass(eq=False, repr=False)(_class_of(cls, body))
    return made.__dict__[name]


def _starts(record: type) -> dict[str, object]:
    """Return all fields of a record, those of its bases first."""
    found: dict[str, object] = {}
    for base in reversed(record.__mro__):
        found.update(base.__dict__.get(_STARTS, {}))
    return found


def _init(record: type) -> Callable[..., None]:
    """Return the `__init__` of a record: it is compiled for a class that makes many.

    To compile it takes as long as to make thirty records without.
    """
    starts = _starts(record)
    names = _match_args(record)
    known = set(names)
    needed = {name for name in names if _is_needed(starts[name])}
    has_more = hasattr(record, "__post_init__")
    made = 0

    def init(self: object, *given: object, **named: object) -> None:
        nonlocal made
        made += 1
        values = dict(zip(names, given, strict=False)) | named
        is_right = len(values) == len(given) + len(named) and needed <= values.keys() <= known
        if made > _FEW or not is_right:  # it raises what the standard does
            compiled = _compiled_init(record)
            type.__setattr__(record, "__init__", compiled)
            compiled(self, *given, **named)
            return
        for name, start in starts.items():
            value = values[name] if name in values else _default(start)
            if value is not _NOTHING:
                setattr(self, name, value)
        if has_more:
            self.__post_init__()  # type: ignore[attr-defined] # the record has it

    return init


def _is_needed(start: object) -> bool:
    """Return whether a field has neither a default nor what makes one."""
    if isinstance(start, _Field):
        return start.default is _NOTHING and start.default_factory is _NOTHING
    return start is _NOTHING


def _default(start: object) -> object:
    """Return the value of a field that none is given for."""
    if not isinstance(start, _Field):
        return start
    made: object = start.default
    return start.default_factory() if callable(start.default_factory) else made


def _compiled_init(record: type) -> Callable[..., None]:
    """Return the `__init__` of a record, compiled as the standard would."""
    given: dict[str, object] = {"_nothing": _NOTHING}
    parameters, lines = ["self"], ["pass"]
    for name, start in _starts(record).items():
        parameter, value = _started(name, start, given)
        parameters += [parameter] if parameter else []
        lines += [f"self.{name} = {value}"] if value else []
    if hasattr(record, "__post_init__"):
        lines.append("self.__post_init__()")
    exec(f"def __init__({', '.join(parameters)}):\n " + "\n ".join(lines), given)  # noqa: S102 - the names of fields
    return cast("Callable[..., None]", given["__init__"])


def _replaced(record: type) -> Callable[..., object]:
    """Return what copies a record with other values: it is compiled for a class that makes many."""
    names = _match_args(record)
    made = 0

    def replaced(self: object, /, **changes: object) -> object:
        nonlocal made
        made += 1
        if made > _FEW:
            compiled = _compiled_replaced(names)
            type.__setattr__(record, "__replaced__", compiled)
            return compiled(self, **changes)
        return self.__class__(**{name: getattr(self, name) for name in names} | changes)

    return replaced


def _compiled_replaced(names: tuple[str, ...]) -> Callable[..., object]:
    given: dict[str, object] = {"_nothing": _NOTHING}
    parameters = ["self", *(f"{name}=_nothing" for name in names)]
    values = [f"self.{name} if {name} is _nothing else {name}" for name in names]
    made = f"self.__class__({', '.join(values)})"
    exec(f"def __replaced__({', '.join(parameters)}):\n return {made}", given)  # noqa: S102 - the names of fields
    return cast("Callable[..., object]", given["__replaced__"])


def _started(name: str, start: object, given: dict[str, object]) -> tuple[str, str]:
    """Return the parameter of a field, and its value; `given` takes what they refer to."""
    if start is _NOTHING:
        return name, name
    default: object = start
    factory: object = _NOTHING
    is_given = True
    if isinstance(start, _Field):
        default, factory, is_given = start.default, start.default_factory, bool(start.init)
    if factory is not _NOTHING:
        given[f"_make_{name}"] = factory
        made = f"_make_{name}()"
        return (
            (f"{name}=_nothing", f"{made} if {name} is _nothing else {name}")
            if is_given
            else ("", made)
        )
    if default is _NOTHING:
        return (name, name) if is_given else ("", "")
    given[f"_of_{name}"] = default
    return (f"{name}=_of_{name}", name) if is_given else ("", f"_of_{name}")


def _match_args(record: type) -> tuple[str, ...]:
    starts = _starts(record).items()
    return tuple(n for n, one in starts if not isinstance(one, _Field) or one.init)


def _key(record: type) -> Key:
    starts = _starts(record).items()
    names = [n for n, one in starts if not isinstance(one, _Field) or one.compare]
    return operator.attrgetter(*names) if names else type


def _compared(compare: Compare, record: type) -> Compare:
    key = _key(record)

    def compared(self: object, other: object) -> object:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return compare(key(self), key(other))

    return compared


def _hashed(record: type) -> Callable[[object], int]:
    key = _key(record)

    def hashed(self: object) -> int:
        return hash(key(self))

    return hashed


def _text(record: type) -> Callable[[object], str]:
    starts = _starts(record).items()
    names = [n for n, one in starts if not isinstance(one, _Field) or one.repr]

    def text(self: object) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__qualname__}({shown})"

    return text


def _laters(made: dict[str, Callable[[type], object]]) -> dict[str, _Later]:
    return {name: _Later(name, make) for name, make in made.items()}


_ALWAYS: Final = _laters(
    {
        "__init__": _init,
        "__repr__": _text,
        "__replaced__": _replaced,
        "__match_args__": _match_args,
        "__dataclass_fields__": partial(_by_the_standard, "__dataclass_fields__"),
        "__dataclass_params__": partial(_by_the_standard, "__dataclass_params__"),
    }
)
_IN_ORDER: Final = _laters(
    {
        name: partial(_compared, getattr(operator, name))
        for name in ("__lt__", "__le__", "__gt__", "__ge__")
    }
)
_EQUAL: Final = _laters({"__eq__": partial(_compared, operator.eq)})
_HASHED: Final = _laters({"__hash__": _hashed})
