"""Exact reasoning over patterns as languages: which of the texts of one does each other name?

Patterns become one automaton that reads them all at once; following it from its start finds every
combination of "named" and "not named" that some text has, with such a text. Intersection,
containment and complement are questions about these combinations.
"""

from __future__ import annotations

from collections import deque
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from iamlint.evaluator.match import Wild, read_glob
from iamlint.fast_dataclass import dataclass
from iamlint.policy.arn_patterns import FIELDS, pad

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from iamlint.evaluator.match import Glob

BUDGET: Final = 400_000
"""Steps after which a question counts as too complex; a tenth of a second or two."""


class TooComplexError(Exception):
    """The patterns interact in more ways than the budget allows to look at."""


class MatchExtent(StrEnum):
    """How much of what a pattern names."""

    NONE = "none"
    SOME = "some"
    ALL = "all"
    UNDETERMINED = "undetermined"


class Step(NamedTuple):
    """One place of a pattern: a character, or a wildcard that may be kept from colons.

    A tuple, since languages are compared and hashed often.
    """

    char: str | None
    repeats: bool = False
    colons: bool = True


Language = tuple[Step, ...]

EVERY_ARN: Final = ["arn", "*", "*", "*", "*", "*"]


def text_language(glob: Glob, *, colons: bool = True) -> Language:
    """Return the language of a glob over plain texts."""
    return tuple(_steps(glob, colons=colons))


def arn_language(fields: Sequence[Glob]) -> Language:
    """Return the language of an ARN pattern of six fields; only in the last may be colons."""
    steps: list[Step] = []
    for at, field in enumerate(fields):
        steps += [Step(":")] if at else []
        steps += _steps(field, colons=at == FIELDS - 1)
    return tuple(steps)


@lru_cache(maxsize=4096)
def resource_language(pattern: str) -> Language | None:
    """Return the language of a resource pattern; None when it names no ARN at all."""
    fields = EVERY_ARN if pattern == "*" else pad(pattern, short=True)
    return None if fields is None else arn_language([read_glob(field) for field in fields])


def _steps(glob: Glob, *, colons: bool) -> Iterator[Step]:
    for token in glob:
        if isinstance(token, Wild):
            yield Step(None, repeats=token is Wild.ANY, colons=colons)
        else:
            yield from map(Step, token)


@dataclass(frozen=True, slots=True)
class Region:
    """The texts of the universe that the same patterns name; `witness` is a shortest one."""

    named_by: frozenset[int]
    witness: str


class _Automaton:
    """All languages side by side; a state is a set of places, held as the bits of one number.

    Where a state leads differs from character to character only for those that it expects.
    """

    def __init__(self, languages: Sequence[Language]) -> None:
        chars = sorted({s.char for language in languages for s in language if s.char} | {":"})
        # One character that no pattern names means all such.
        self.other = _other(chars)
        self.chars = [self.other, *chars]
        self.start = self.repeating = self.wild = self.of_any = 0
        self.literal = dict.fromkeys(self.chars, 0)
        self.ends: list[int] = []
        self.areas: list[int] = []
        at = 0
        for language in languages:
            self._add(language, at)
            at += len(language) + 1
        self.start = self._close(self.start)
        self.numbers = {end.bit_length() - 1: at for at, end in enumerate(self.ends[1:])}
        self.all_ends = sum(self.ends[1:])

    def _add(self, language: Language, at: int) -> None:
        self.start |= 1 << at
        self.ends.append(1 << (at + len(language)))
        self.areas.append(((1 << (len(language) + 1)) - 1) << at)
        for place, step in enumerate(language, at):
            bit = 1 << place
            if step.char is not None:
                self.literal[step.char] |= bit
                continue
            self.repeating |= bit if step.repeats else 0
            self.wild |= bit
            self.of_any |= bit if step.colons else 0

    def _close(self, state: int) -> int:
        """Add the places that a `*` for no text leads to."""
        while (wider := state | (state & self.repeating) << 1) != state:
            state = wider
        return state

    def followed(self, state: int) -> Iterator[tuple[str, int]]:
        """Yield where each character leads that a state expects, and one that it does not."""
        for char in self.chars:
            literal = state & self.literal[char]
            if literal or char in (self.other, ":"):
                wild = state & (self.of_any if char == ":" else self.wild)
                stay = wild & self.repeating
                yield char, self._close((literal | wild ^ stay) << 1 | stay)

    def named_by(self, state: int) -> frozenset[int]:
        found, ends = set(), state & self.all_ends
        while ends:
            place = ends.bit_length() - 1
            found.add(self.numbers[place])
            ends ^= 1 << place
        return frozenset(found)


def _other(chars: list[str]) -> str:
    for candidate in "xyzabcdefghijklmnopqrstuvwABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789":
        if candidate not in chars:
            return candidate
    return next(chr(code) for code in range(0x100, 0x110000) if chr(code) not in chars)


def regions(
    universe: Language, languages: Sequence[Language], *, budget: int = BUDGET
) -> Iterator[Region]:
    """Yield each combination of languages that some text of the universe has, once.

    Raises TooComplexError when the budget of steps is used up first.
    """
    automaton = _Automaton([universe, *languages])
    seen, found = {automaton.start}, set()
    waiting = deque([(automaton.start, "")])
    while waiting:
        state, text = waiting.popleft()
        if state & automaton.ends[0]:
            named_by = automaton.named_by(state)
            if named_by not in found:
                found.add(named_by)
                yield Region(named_by, text)
        budget -= len(automaton.chars)
        if budget < 0:
            raise TooComplexError
        for char, after in automaton.followed(state):
            if after & automaton.areas[0] and after not in seen:
                seen.add(after)
                waiting.append((after, text + char))


@lru_cache(maxsize=4096)  # the questions of many actions are equal in these
def cut(
    universe: Language, languages: tuple[Language, ...], budget: int = BUDGET
) -> tuple[tuple[Region, ...], bool]:
    """Return the regions that were found, and whether they are all."""
    found: list[Region] = []
    try:
        found.extend(regions(universe, languages, budget=budget))
    except TooComplexError:
        return tuple(found), False
    return tuple(found), True


def coverage(question: str, patterns: Iterable[str], *, budget: int = BUDGET) -> MatchExtent:
    """Return how many of the resources that `question` names any of the patterns names.

    `*` as the question means every ARN. Policy variables are plain text here.
    """
    patterns = tuple(patterns)
    universe = resource_language(question)
    if universe is None:
        return MatchExtent.NONE
    if "*" in patterns:
        return MatchExtent.ALL
    languages = [found for p in patterns if (found := resource_language(p)) is not None]
    try:
        named = {bool(region.named_by) for region in regions(universe, languages, budget=budget)}
    except TooComplexError:
        return MatchExtent.UNDETERMINED
    if named == {True}:
        return MatchExtent.ALL
    return MatchExtent.SOME if True in named else MatchExtent.NONE
