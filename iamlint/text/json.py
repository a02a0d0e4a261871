"""Reads JSON, JSON with comments, and JSON5. Nothing here is ever read with a YAML parser."""

from __future__ import annotations

import json
from functools import cache, partial
from typing import TYPE_CHECKING, Any, NoReturn

from iamlint.text.placeholder import may_be_partial, with_partials
from iamlint.text.source import (
    MAX_DEPTH,
    PSEUDO_PARAMETERS,
    Dialect,
    Source,
    SyntaxFault,
    Unknown,
)
from iamlint.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from iamlint.text.scan import Scan
    from iamlint.text.seek import Seeker
    from iamlint.text.source import Place, SyntaxFlaw, Value
    from iamlint.text.span import Pointer

MAX_JSON5 = 250_000
"""Characters of JSON5 that are read; the `json5` package takes some ten seconds a million."""

_OPTIONAL = {SyntaxFault.COMMENT, SyntaxFault.TRAILING_COMMA, SyntaxFault.JSON5_SYNTAX}


def read_json(text: str, dialect: Dialect = Dialect.JSON) -> Source:
    """Return JSON, else JSON5, whose oddities become flaws unless `dialect` allows them."""
    try:
        value = _strict(text)
    except (ValueError, RecursionError):
        return _read_odd(text, dialect)
    is_known = not may_be_partial(text)
    return _source(text, value if is_known else with_partials(value), dialect, is_known=is_known)


def _strict(text: str) -> Value:
    """Return the value of valid JSON without oddities, or raise `ValueError`."""
    value: Value = _STRICT.decode(text)
    if text.count("{") + text.count("[") > MAX_DEPTH and _is_too_deep(value):
        raise ValueError
    return value


def _read_odd(text: str, dialect: Dialect) -> Source:
    from iamlint.text.scan import ScanError, scan  # noqa: PLC0415 - seldom needed

    try:
        found = scan(text)
        value = _value(found)
    except ScanError as error:
        return Source.unreadable(text, dialect, error.message, error.span, error.fault)
    except RecursionError:
        span = Span(0, len(text))
        return Source.unreadable(
            text, dialect, "nested too deep for json5", span, SyntaxFault.LIMIT
        )
    except ValueError as error:
        return Source.unreadable(text, dialect, f"not json5: {error}", Span(0, len(text)))
    value = with_partials(_with_unknowns(value, text, found))
    forgiven = set() if dialect is Dialect.JSON else _OPTIONAL
    flaws = (flaw for flaw in found.flaws if flaw.fault not in forgiven)
    return _source(text, value, dialect, tuple(flaws))


def _source(
    text: str,
    value: Value,
    dialect: Dialect,
    flaws: tuple[SyntaxFlaw, ...] = (),
    *,
    is_known: bool = False,
) -> Source:
    @cache
    def seeker() -> Seeker:
        from iamlint.text.seek import Seeker  # noqa: PLC0415 - seldom needed

        return Seeker(text)

    def places() -> Mapping[Pointer, Place]:
        from iamlint.text.scan import scan  # noqa: PLC0415 - seldom needed

        return scan(text).places

    def string_characters(pointer: Pointer) -> Sequence[int] | None:
        from iamlint.text.scan import characters  # noqa: PLC0415 - seldom needed

        span = source.locate(pointer)
        return characters(text, span) if text[span.start] in "\"'" else None

    source = Source(
        text=text,
        value=value,
        dialect=dialect,
        places=places,
        flaws=flaws,
        characters=string_characters,
        seek=lambda pointer: seeker().find(pointer) if is_known else None,
        is_known=is_known,
        again=partial(_strict, text) if is_known else None,
        forget_sought=seeker.cache_clear,
    )
    return source


def _value(found: Scan) -> Value:
    """Return the value of what the scanner has passed."""
    text = found.rewritten
    if not found.is_json5:
        plain: Value = _LENIENT.decode(text)
        return plain
    import json5  # noqa: PLC0415 - slow to import and seldom needed

    from iamlint.text.scan import ScanError, with_joined_surrogates  # noqa: PLC0415 - the same

    if len(text) > MAX_JSON5:
        message = f"more than {MAX_JSON5:,} characters of json5"
        raise ScanError(message, Span(0, 0), SyntaxFault.LIMIT)
    value: Value = json5.loads(with_joined_surrogates(text), parse_int=_integer)
    return value


def _with_unknowns(value: Value, text: str, found: Scan) -> Value:
    """Return the value with its placeholders in place of the `null` that means them."""
    root: list[Value] = [value]
    for pointer in found.unknowns:
        span = found.places[pointer].value
        parent: Any = root
        *above, last = (0, *pointer)
        for step in above:
            parent = parent[step]
        written = text[span.start : span.end]
        parent[last] = Unknown(written, PSEUDO_PARAMETERS.get(written[2:-1]), written=written)
    return root[0]


def _is_too_deep(value: Value) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH):
        inner: list[Value] = []
        for node in level:
            if isinstance(node, dict):
                inner += node.values()
            elif isinstance(node, list):
                inner += node
        level = [child for child in inner if type(child) in _CONTAINERS]
    return bool(level)


def _unique(members: list[tuple[str, Value]]) -> dict[str, Value]:
    """Return an object; refuse repeated keys, so that the scanner reports their places."""
    found = dict(members)
    if len(found) != len(members):
        raise ValueError
    return found


def _refuse(constant: str) -> NoReturn:
    """Refuse `NaN` and `Infinity`, which are not JSON."""
    raise ValueError(constant)


def _integer(digits: str, base: int = 10) -> int | str:
    """Return a number, or the text of one that Python does not write out again."""
    try:
        number = int(digits, base)
        str(number)
    except ValueError:
        return digits
    return number


_CONTAINERS = frozenset({dict, list})
_STRICT = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse)
_LENIENT = json.JSONDecoder(parse_int=_integer)
