"""Compiled patterns: what a policy writes with `*`, `?` and `${…}`, turned into fast tests.

A glob is a tuple of literal texts and wildcards, so that a `*` which comes from a variable's value
stays a plain character. Tests take time linear in the text for each literal piece, and at most text
times piece for one with `?`; nothing backtracks.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.evaluator.context import Missing
from iamlint.fast_dataclass import dataclass
from iamlint.late_pattern import late_pattern
from iamlint.policy.variables import Escape, Variable, VariableFault, split_variables
from iamlint.text.source import Partial, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iamlint.evaluator.context import Context
    from iamlint.policy.model import Text


class Wild(Enum):
    """`*` and `?`."""

    ANY = "*"
    ONE = "?"


Glob: TypeAlias = tuple[str | Wild, ...]
Test: TypeAlias = Callable[[str], bool]

_WILD = late_pattern(r"([*?])")
_WILDS: Final = {"*": Wild.ANY, "?": Wild.ONE}


def read_glob(text: str) -> Glob:
    """Return a pattern split at its wildcards."""
    if "*" not in text and "?" not in text:
        return (text,) if text else ()
    return tuple(_WILDS.get(part, part) for part in _WILD.split(text) if part)


def always(_: str) -> bool:
    return True


def never(_: str) -> bool:
    return False


@lru_cache(maxsize=16384)
def glob_test(glob: Glob) -> Test:
    """Return the test of a glob over a whole text."""
    match glob:
        case ():
            return "".__eq__
        case (str(literal),):
            return literal.__eq__
        case (Wild.ANY,):
            return always
        case (str(head), Wild.ANY):
            return partial(_starts, head)
        case (Wild.ANY, str(tail)):
            return partial(_ends, tail)
        case (Wild.ANY, str(middle), Wild.ANY):
            return partial(_holds, middle)
        case (str(head), Wild.ANY, str(tail)):
            return partial(_between, head, tail, len(head) + len(tail))
    return _pieces_test(glob)


def _starts(head: str, text: str) -> bool:
    return text.startswith(head)


def _ends(tail: str, text: str) -> bool:
    return text.endswith(tail)


def _holds(middle: str, text: str) -> bool:
    return middle in text


def _between(head: str, tail: str, least: int, text: str) -> bool:
    return len(text) >= least and text.startswith(head) and text.endswith(tail)


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is between two `*`: a text of fixed length; `mask` when it holds a `?`."""

    text: str
    mask: re.Pattern[str] | None = None

    def at(self, text: str, start: int) -> bool:
        if self.mask is None:
            return text.startswith(self.text, start)
        return self.mask.match(text, start) is not None

    def find(self, text: str, start: int, end: int) -> int:
        if self.mask is None:
            return text.find(self.text, start, end)
        found = self.mask.search(text, start, end)
        return found.start() if found else -1


def _pieces_test(glob: Glob) -> Test:
    runs: list[list[str | Wild]] = [[]]
    for token in glob:
        if token is Wild.ANY:
            runs.append([])
        else:
            runs[-1].append(token)
    head, *rest = [_piece(run) for run in runs]
    if not rest:
        return partial(_equals, head)
    return partial(_in_order, head, tuple(piece for piece in rest[:-1] if piece.text), rest[-1])


def _piece(run: list[str | Wild]) -> _Piece:
    text = "".join(token if isinstance(token, str) else "?" for token in run)
    if Wild.ONE not in run:
        return _Piece(text)
    # Of fixed length: nothing in it can backtrack.
    mask = "".join(re.escape(token) if isinstance(token, str) else "." for token in run)
    return _Piece(text, re.compile(mask, re.DOTALL))


def _equals(piece: _Piece, text: str) -> bool:
    return len(text) == len(piece.text) and piece.at(text, 0)


def _in_order(head: _Piece, middle: tuple[_Piece, ...], tail: _Piece, text: str) -> bool:
    """Return whether the pieces fit in order; each where it first fits, which is exact."""
    at, end = len(head.text), len(text) - len(tail.text)
    if end < at or not head.at(text, 0) or not tail.at(text, end):
        return False
    for piece in middle:
        found = piece.find(text, at, end)
        if found < 0:
            return False
        at = found + len(piece.text)
    return True


def split_glob(glob: Iterable[str | Wild], times: int) -> list[Glob]:
    """Return a glob split at the first `times` colons of its literal parts."""
    fields: list[list[str | Wild]] = [[]]
    for token in glob:
        if isinstance(token, Wild):
            fields[-1].append(token)
            continue
        first, *others = token.split(":", times - len(fields) + 1)
        if first:
            fields[-1].append(first)
        fields.extend([other] if other else [] for other in others)
    return [tuple(field) for field in fields]


@dataclass(frozen=True, slots=True)
class Unsure:
    """A part of a template that may be any text, wildcards included."""


TemplatePart: TypeAlias = "str | Wild | Variable | Unsure"


@dataclass(frozen=True, slots=True)
class Expansion:
    """A template with its variables filled in; not `certain` when a part may be any text."""

    glob: Glob
    certain: bool = True


@dataclass(frozen=True, slots=True)
class ValueTemplate:
    """A value of a policy whose text depends on the request or is known only in part.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    """

    parts: tuple[TemplatePart, ...]

    @property
    def variables(self) -> tuple[Variable, ...]:
        return tuple(part for part in self.parts if isinstance(part, Variable))

    def unknown_keys(self, context: Context) -> Iterator[str]:
        """Yield the keys of its variables whose values the request does not give."""
        for variable in self.variables:
            if context.text_of(variable) is Missing.UNKNOWN:
                yield variable.key

    @property
    def is_fixed(self) -> bool:
        return not any(isinstance(part, Variable | Unsure) for part in self.parts)

    @property
    def fixed(self) -> Glob:
        """The glob of a template without variables and unknown parts."""
        return tuple(part for part in self.parts if isinstance(part, str | Wild))

    def expand(self, context: Context) -> Expansion | None:
        """Return it with the request's values; None if a variable has no value and no default."""
        glob: list[str | Wild] = []
        certain = True
        for part in self.parts:
            if isinstance(part, str | Wild):
                glob.append(part)
                continue
            value = context.text_of(part) if isinstance(part, Variable) else Unsure()
            if value is None:
                return None
            if isinstance(value, str):
                glob.append(value)
            else:
                glob.append(Wild.ANY)
                certain = False
        return Expansion(tuple(glob), certain)


def read_template(text: Text, *, variables: bool, wildcards: bool) -> ValueTemplate:
    """Return the parts of a value; without `variables` `${…}` is text, as in policies of 2008."""
    if isinstance(text, str) and "$" not in text:
        parts: Iterable[TemplatePart] = read_glob(text) if wildcards else (text,)
        return ValueTemplate(tuple(parts))
    pieces = text.parts if isinstance(text, Partial) else (text,)
    found: list[TemplatePart] = []
    for at, piece in enumerate(pieces):
        if isinstance(piece, Unknown):
            found.append(Unsure())
            continue
        found.extend(_read_parts(piece, variables=variables, wildcards=wildcards))
        if variables and at + 1 < len(pieces) and _is_cut(piece):
            found[-1] = Unsure()  # it has the rest of the variable, which may end anywhere
            break
    return ValueTemplate(tuple(found))


def _is_cut(text: str) -> bool:
    """Return whether a text ends inside of a policy variable."""
    return any(
        isinstance(part, Variable) and part.fault is VariableFault.UNCLOSED
        for part in split_variables(text)
    )


def _read_parts(text: str, *, variables: bool, wildcards: bool) -> Iterable[TemplatePart]:
    for part in split_variables(text) if variables else (text,):
        if isinstance(part, Escape):
            yield part.char
        elif isinstance(part, Variable):
            yield part.text if part.fault is VariableFault.UNCLOSED else part
        elif wildcards:
            yield from read_glob(part)
        else:
            yield part
