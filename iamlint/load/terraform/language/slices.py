"""The parts of a file, its blocks and their values, with places: for pointers to places."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

from iamlint.fast_dataclass import dataclass
from iamlint.text.hcl.parse import Hcl
from iamlint.text.hcl.tree import (
    Access,
    Chunk,
    Conditional,
    For,
    FunctionCall,
    HclTemplate,
    Items,
    Literal,
    Members,
    Name,
    Opaque,
    Operation,
    Override,
    Repeat,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.text.hcl.tree import Attribute, Block, Expression
    from iamlint.text.span import Pointer

    Within: TypeAlias = Hcl | Block | Expression


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a file, a block or a value; `steps` lead to it."""

    start: int
    end: int
    steps: Pointer
    within: Block | Expression


def slices(of: Within) -> list[Slice]:
    """Return the parts of a file, a block or a value."""
    match of:
        case Members(members):
            return [_slice((_name(key),), value) for key, value in members]
        case Items(items):
            return [_slice((number,), item) for number, item in enumerate(items)]
        case FunctionCall(arguments=several):
            return [_slice((), argument) for argument in several]
        case Conditional(_, then, otherwise):
            return [_slice((), then), _slice((), otherwise)]
        case Hcl():
            blocks = [_slice((block.type, *block.labels), block) for block in of.blocks]
            return [*blocks, *_given(of.attributes)]
        case Literal() | HclTemplate() | Name() | Access() | For() | Operation() | Repeat():
            return []
        case Override() | Opaque():
            return []
    return _slices_of_block(of)


def _slices_of_block(block: Block) -> list[Slice]:
    """Return attributes and blocks; in the JSON form, which has no blocks, these are attributes."""
    given = sorted(_given(block.attributes), key=lambda part: part.start)
    starts = [part.start for part in given]
    count = Counter(inner.type for inner in block.blocks)
    number: Counter[str] = Counter()
    found = list(given)
    for inner in block.blocks:
        before = bisect_right(starts, inner.span.start) - 1
        if before < 0 or given[before].end < inner.span.end:
            several = (number[inner.type],) if count[inner.type] > 1 else ()
            found.append(_slice((inner.type, *several), inner))
        number[inner.type] += 1
    return found


def _given(attributes: Mapping[str, Attribute]) -> list[Slice]:
    return [
        Slice(given.key.start, given.expression.span.end, (name,), given.expression)
        for name, given in attributes.items()
    ]


def _slice(steps: Pointer, within: Block | Expression) -> Slice:
    return Slice(within.span.start, within.span.end, steps, within)


def _name(key: Expression) -> str:
    parts = key.parts if isinstance(key, HclTemplate) else ()
    return "".join(part.text if isinstance(part, Chunk) else "…" for part in parts) or "…"
