"""Override files, whose blocks change those of other files.

https://developer.hashicorp.com/terraform/language/files/override
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.fast_dataclass import dataclass
from iamlint.late_pattern import late_pattern
from iamlint.load.terraform.language.node import Text
from iamlint.text.hcl.tree import Attribute, Chunk, HclTemplate, Override

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from iamlint.text.hcl.tree import Block, Expression
    from iamlint.text.span import Span

Header: TypeAlias = tuple[str, ...]

_NAME: Final = late_pattern(r"(?:.*_)?override\.(?:tf|tofu)(?:\.json)?", re.DOTALL)


def is_override(name: str) -> bool:
    """Return whether a file is an override file, by its name."""
    return _NAME.fullmatch(name) is not None


@dataclass(frozen=True, slots=True, eq=False)
class Changed:
    """A block with the changes of others; its place is the original one, `by` has the others."""

    type: str
    labels: tuple[str, ...]
    span: Span
    key: Span
    attributes: Mapping[str, Attribute]
    blocks: Sequence[Block]
    by: tuple[tuple[Text, Span], ...] = ()


def header_of(block: Block) -> Header:
    """Return the header that a block shares with the one it changes; with alias for a provider."""
    alias = block.attributes.get("alias") if block.type == "provider" else None
    parts = alias.expression.parts if alias and isinstance(alias.expression, HclTemplate) else ()
    name = "".join(part.text for part in parts if isinstance(part, Chunk))
    return (block.type, *block.labels, *([name] if name else []))


def override_block(block: Block, others: Sequence[tuple[Block, Text]]) -> Block:
    """Return a block with the attributes and, by type, the blocks of others; the last counts."""
    if not others:
        return block
    moved = [_moved(by, text, block) for by, text in others]
    attributes = dict(block.attributes)
    for one in moved:
        attributes.update(one.attributes)
    kept: list[Sequence[Block]] = []
    types: set[str] = set()
    newest_first: list[Block] = [*reversed(moved), block]
    for layer in newest_first:
        kept.append([inner for inner in layer.blocks if _type_of(inner) not in types])
        types |= {_type_of(inner) for inner in layer.blocks} - {"lifecycle"}
    blocks = [inner for some in reversed(kept) for inner in some]
    by = tuple((text, other.span) for other, text in others)
    return Changed(block.type, block.labels, block.span, block.key, attributes, blocks, by)


def places_of(block: Block, text: Text) -> Iterator[tuple[Text, Span]]:
    """Yield the place of a block of a file, and the places of its changes."""
    yield text, block.span
    yield from block.by if isinstance(block, Changed) else ()


def place_of(expression: Expression, text: Text) -> tuple[Text, Span]:
    """Return the place of an expression in a block of a file."""
    if isinstance(expression, Override) and isinstance(expression.home, Text):
        return expression.home, expression.expression.span
    return text, expression.span


def _moved(block: Block, text: Text, to: Block) -> Changed:
    """Return a block of another file with the place of `to`."""
    attributes = {
        name: Attribute(name, to.key, Override(one.expression, text, to.span))
        for name, one in block.attributes.items()
    }
    inner = [_moved(one, text, to) for one in block.blocks]
    return Changed(block.type, block.labels, to.span, to.key, attributes, inner)


def _type_of(block: Block) -> str:
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type
