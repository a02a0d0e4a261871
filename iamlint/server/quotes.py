"""Whether a word at a place of a text needs quotes, in the form of its language."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iamlint.text.half_written.node import PartNode, Word

_QUOTED: Final = re.compile(
    r"""(?:(?<=[\s\[{(,:=])|^)(?:"(?:[^"\\]|\\.)*(?P<double>"?)|'[^']*(?P<single>'?))"""
)
_NAME: Final = re.compile(r"[A-Za-z_]\w*\Z")
_NOT_PLAIN: Final = re.compile(r"[*&!%@`?|>]|.*(?::\Z|:[ ]|[ ]#|[{}\[\],])")


class Quotes(Enum):
    """Which words need quotes: none inside of quotes, all in JSON, values in HCL, few in YAML."""

    NONE = "none"
    ALL = "all"
    VALUES = "values"
    FEW = "few"

    def around(self, text: str, *, is_name: bool) -> str:
        """Return the quote to put before and behind a text; `is_name` says that it is a key."""
        is_needed = {
            Quotes.NONE: False,
            Quotes.ALL: True,
            Quotes.VALUES: not (is_name and _NAME.match(text)),
            Quotes.FEW: _NOT_PLAIN.match(text) is not None,
        }
        return '"' if is_needed[self] else ""


def quotes_at(way: Sequence[PartNode], text: str, word: Word) -> Quotes:
    """Return which words need quotes at a place, as the keys around it are written."""
    if is_in_quotes(text, word.start):
        return Quotes.NONE
    key = next((one for one in _keys_near(way) if not one.has(word.start)), None)
    if key is not None and text[key.start - 1 : key.start] in ('"', "'"):
        return Quotes.ALL
    return Quotes.FEW if any(node.indent >= 0 for node in way) else Quotes.VALUES


def _keys_near(way: Sequence[PartNode]) -> Iterator[Word]:
    for node in reversed(way):
        yield from (one.key for one in node.members if one.key is not None)
        if node.key is not None:
            yield node.key


def is_in_quotes(text: str, offset: int) -> bool:
    """Return whether a quote is open at an offset of a line."""
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    last = None
    for found in _QUOTED.finditer(line):
        last = found
    return last is not None and last.end() == len(line) and not (last["double"] or last["single"])
