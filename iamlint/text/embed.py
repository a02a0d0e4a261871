"""Reads the JSON that is as a string inside another text."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from iamlint.fast_dataclass import replace
from iamlint.text.json import read_json
from iamlint.text.source import Dialect, Partial, Place, Source, Tagged
from iamlint.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from iamlint.text.span import Pointer

    Way = Callable[[int], Sequence[int]]

# What `GetRestApi` of API Gateway gives back: a string of JSON without its quotes.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-create-attach.html
_ESCAPED = ('{\\"', "{\\n")
_URL_ENCODED = ("%7B", "%7b", "%5B", "%5b")


class Embedded(Source):
    """A text that is in a string: `alone` is the same text with places of its own.

    `offsets` returns the place of each character in the outer text; None where that is not
    known exactly.
    """

    alone: Source
    offsets: Callable[[], Sequence[int] | None]


def read_embedded(source: Source, pointer: Pointer, text: str | None = None) -> Source | None:
    """Return the JSON inside the string at `pointer`; None if it does not look like JSON.

    `text` is what the string says where that is not what is written, for example after
    substitution. Places are in the outer text: exact as far as `source.characters` knows them,
    else the whole string. JSON that is URL-encoded, or a string without its quotes, is read too,
    as APIs return both.
    """
    written = _string_at(source, pointer)
    inner_text = written if text is None else text
    if inner_text is None:
        return None
    start = inner_text.lstrip()
    way: Way = range
    if start.startswith(_URL_ENCODED):
        from iamlint.text.url import decode_url, places  # noqa: PLC0415 - seldom needed

        encoded = inner_text
        inner_text, way = decode_url(encoded), lambda _: places(encoded)
    elif start.startswith(_ESCAPED):
        inner_text, way = f'"{inner_text}"', lambda length: [0, *range(length - 2), length - 3]
    elif not start.startswith(("{", "[", '"{', '"[')):
        return None
    inner = read_json(inner_text, Dialect.JSON)
    return _moved(inner, source, pointer, way if text in (None, written) else None)


def alone(source: Source) -> Source:
    """Return a text that is in a string without the text around it."""
    return source.alone if isinstance(source, Embedded) else source


def embedded_yaml(source: Source, pointer: Pointer) -> Source | None:
    """Return the YAML inside the string at `pointer`, as `read_embedded` does for JSON."""
    from iamlint.text.yaml import read_yaml  # noqa: PLC0415 - slow to import and seldom needed

    text = _string_at(source, pointer)
    return None if text is None else _moved(read_yaml(text), source, pointer, range)


def _string_at(source: Source, pointer: Pointer) -> str | None:
    try:
        value = source.value_at(pointer)
    except LookupError:
        return None
    while isinstance(value, Tagged):
        value = value.value
    return str(value) if isinstance(value, str | Partial) else None


def _along(characters: Sequence[int], steps: Sequence[int]) -> Sequence[int] | None:
    """Return those of the characters; None where the steps do not go from the first to the last."""
    if len(steps) == 0 or steps[-1] != len(characters) - 1:
        return None
    return characters if isinstance(steps, range) else [characters[step] for step in steps]


def _moved(inner: Source, outer: Source, pointer: Pointer, way: Way | None) -> Source:
    """Return `inner` with all its places in the text of `outer`.

    `way` returns, for a number of places, the characters of the string at them.
    """

    @cache  # each finding in the text asks
    def offsets() -> Sequence[int] | None:
        found = outer.characters(pointer) if way else None
        return _along(found, way(len(inner.text) + 1)) if found and way else None

    def places() -> Mapping[Pointer, Place]:
        if not (at := offsets()) or not inner.readable:
            return {(): Place(outer.locate(pointer))}
        return {name: _place_in(at, place) for name, place in inner.places.items()}

    def seek(name: Pointer) -> tuple[Place, int] | None:
        at = offsets() if inner.readable else None
        found = inner.sought(name) if at else None
        return (_place_in(at, found[0]), found[1]) if found and at else None

    def characters(name: Pointer) -> Sequence[int] | None:
        at, inside = offsets(), inner.characters(name)
        return [at[i] for i in inside] if at and inside else None

    at = offsets() if inner.flaws else None
    spans = [_span_in(at, flaw.span) if at else outer.locate(pointer) for flaw in inner.flaws]
    moved = Embedded(
        text=outer.text,
        value=inner.value,
        dialect=inner.dialect,
        places=places,
        flaws=tuple(replace(f, span=at) for f, at in zip(inner.flaws, spans, strict=True)),
        characters=characters,
        outer=outer,
        seek=seek,
        is_known=inner.is_known,
    )
    moved.alone, moved.offsets = inner, offsets
    return moved


def _span_in(outer: Sequence[int], span: Span) -> Span:
    return Span(outer[span.start], outer[span.end])


def _place_in(outer: Sequence[int], place: Place) -> Place:
    return Place(_span_in(outer, place.value), place.key and _span_in(outer, place.key))
