"""Reads `%{ if … }` and `%{ for … }` of a template: their expressions, and the text between.

https://developer.hashicorp.com/terraform/language/expressions/strings#directives
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass
from iamlint.late_pattern import late_pattern
from iamlint.text.hcl.template import hole_end

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MARK: Final = late_pattern(r"(?<!%)%\{(~?)\s*+(if|else|endif|for|endfor)\b")
_FOR: Final = late_pattern(r"\s*+([\w-]++)\s*+(?:,\s*+([\w-]++)\s*+)?in\b")

Stretch = tuple[int, int]
"""Where something begins and ends in the text."""


@dataclass(frozen=True, slots=True)
class Directive:
    """A directive with all that belongs to it; `names` are those that a `for` gives.

    `asked` is the condition, or the collection; `bodies` what holds then, and otherwise.
    """

    word: str
    names: tuple[str, ...]
    asked: Stretch
    bodies: Sequence[Stretch]


@dataclass(frozen=True, slots=True)
class _Mark:
    word: str
    start: int
    end: int
    inside: Stretch
    trims: tuple[bool, bool]  # white space before it, and after


def directive(text: str, start: int, end: int) -> Directive | None:
    """Return the directive that fills a stretch of a text; None if there is no such directive."""
    marks = list(_own_marks(text, start, end))
    words = [mark.word for mark in marks]
    first = words[0] if words else ""
    if words not in (["for", "endfor"], ["if", "endif"], ["if", "else", "endif"]):
        return None
    asked, names = marks[0].inside, ()
    if first == "for":
        found = _FOR.match(text, *asked)
        if found is None:
            return None
        names, asked = tuple(filter(None, found.groups())), (found.end(), asked[1])
    return Directive(first, names, asked, [_between(text, *pair) for pair in pairwise(marks)])


def _own_marks(text: str, start: int, end: int) -> Iterator[_Mark]:
    """Yield the marks of a directive itself, not those of others in it."""
    depth, at = 0, start
    while (found := _MARK.search(text, at, end)) is not None:
        stop = hole_end(text, found.end())
        if stop is None or stop > end:
            return
        at, word = stop, found[2]
        depth -= word.startswith("end")
        if depth == 0 or (depth == 1 and word == "else"):
            trims = bool(found[1]), text[stop - 2] == "~"
            inside = found.end(), stop - 1 - trims[1]
            yield _Mark(word, found.start(), stop, inside, trims)
        depth += word in ("if", "for")


def _between(text: str, mark: _Mark, after: _Mark) -> Stretch:
    """Return what is between two marks, without the white space that `~` takes away."""
    start, end = mark.end, after.start
    if mark.trims[1]:
        start += len(text[start:end]) - len(text[start:end].lstrip())
    if after.trims[0]:
        end -= len(text[start:end]) - len(text[start:end].rstrip())
    return start, end
