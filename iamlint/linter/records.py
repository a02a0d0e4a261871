"""Results as plain data and back, for results that another process or another run made.

Nothing of it can run: texts, numbers, lists and objects, read by the types of the fields.
"""

from __future__ import annotations

import dataclasses
import json
import types
from collections.abc import Mapping
from datetime import date
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Union, get_args, get_origin, get_type_hints

from iamlint.errors import BrokenPart
from iamlint.load.document import Attachment, Cause
from iamlint.policy.grammar import Kind
from iamlint.rule.finding import Ignore
from iamlint.text.span import Pointer, Position

if TYPE_CHECKING:
    from collections.abc import Callable


_NAMES: Final = {
    one.__name__: one
    for one in (Attachment, BrokenPart, Cause, Ignore, Kind, Mapping, Position, date)
} | {"Pointer": Pointer}
"""The types that the modules of the records import for the type checker alone."""


class NotPlainError(ValueError):
    """Data that does not make a record of the type that was asked for."""


def as_json(value: object) -> str:
    """Return plain data and records as JSON: each record is a list of its fields."""
    return _encoder().encode(value)


@cache
def _encoder() -> json.JSONEncoder:
    return json.JSONEncoder(default=_plain, check_circular=False)


def _plain(value: object) -> object:
    """Return what JSON has in the place of a value that it does not know."""
    type_: Any = type(value)
    return _writer(type_)(value)


@cache
def _writer(type_: Any) -> Callable[[Any], object]:
    """Return what makes plain data of the values of a type."""
    if type_ is Attachment:  # a report shows the address alone
        return lambda value: value.address
    if dataclasses.is_dataclass(type_):
        return _record_writer(type_)
    if issubclass(type_, date):
        return date.isoformat
    if issubclass(type_, Mapping):
        return dict
    return lambda value: sorted(value, key=as_json)


def _record_writer(type_: Any) -> Callable[[Any], list[object]]:
    names = _names(type_)
    return lambda value: [getattr(value, name) for name in names]


def from_data(type_: Any, data: Any) -> Any:
    """Return the record of a type; raise `NotPlainError` for other data."""
    try:
        return _reader(type_)(data)
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise NotPlainError(str(error)) from error


@cache
def _names(type_: Any) -> tuple[str, ...]:
    return tuple(one.name for one in dataclasses.fields(type_) if one.init)


@cache
def _reader(type_: Any) -> Callable[[Any], Any]:
    """Return what makes a value of a type of what JSON has."""
    origin, arguments = get_origin(type_), get_args(type_)
    if type_ is object:
        return lambda data: data
    if type_ is Attachment:
        return lambda data: Attachment(address=data)
    if dataclasses.is_dataclass(type_):
        return _record_reader(type_)
    if origin in (types.UnionType, Union):
        return _union_reader(arguments)
    if origin is tuple:
        return _tuple_reader(arguments)
    if origin is frozenset:
        inner = _reader(arguments[0])
        return lambda data: frozenset(map(inner, data))
    if origin is Mapping:
        of_value = _reader(arguments[1])
        return lambda data: {str(name): of_value(one) for name, one in data.items()}
    if issubclass(type_, Enum):
        make: Callable[[Any], Any] = type_
        return make
    if type_ is date:
        return date.fromisoformat
    return lambda data: _checked(type_, data)


def _record_reader(type_: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(type_, localns=_NAMES)
    of_fields = [hints[name] for name in _names(type_)]
    readers = [_reader(one) for one in of_fields]
    number = len(readers)

    def read(data: Any) -> Any:
        if type(data) is not list or len(data) != number:
            raise TypeError(data)
        if list(map(type, data)) == of_fields:  # texts and numbers only, such as positions
            return type_(*data)
        return type_(*[reader(one) for reader, one in zip(readers, data, strict=True)])

    return read


def _union_reader(arguments: tuple[Any, ...]) -> Callable[[Any], Any]:
    """Return the reader of `str | int` or of a type or None."""
    others = [_reader(one) for one in arguments if one is not types.NoneType]
    if len(others) == 1:
        (inner,) = others
        return lambda data: None if data is None else inner(data)

    def read(data: Any) -> Any:
        if not isinstance(data, arguments):
            raise TypeError(data)
        return data

    return read


def _tuple_reader(arguments: tuple[Any, ...]) -> Callable[[Any], Any]:
    if len(arguments) == 2 and arguments[1] is Ellipsis:  # noqa: PLR2004 - `tuple[X, ...]`
        inner = _reader(arguments[0])
        return lambda data: tuple(map(inner, _checked(list, data)))
    readers = [_reader(one) for one in arguments]
    return lambda data: tuple(r(one) for r, one in zip(readers, data, strict=True))


def _checked(type_: type, data: Any) -> Any:
    if type_ is float and isinstance(data, int):
        return float(data)
    if not isinstance(data, type_) or (type_ is int and isinstance(data, bool)):
        raise TypeError(f"{data!r} is not of type {type_.__name__}")
    return data
