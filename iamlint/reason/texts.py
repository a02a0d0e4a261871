"""Cuts a universe of texts into parts that no pattern distinguishes, with one text of each.

All patterns become one automaton that reads them side by side. Following it from its start finds
each combination of patterns that some text of the universe has. Patterns of one statement count as
one, and a pattern that has matched and ends in `*` decides its statement at once.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from iamlint.evaluator.match import Wild

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from iamlint.evaluator.match import Glob
    from iamlint.reason.budget import Budget

DIGITS: Final = "0123456789"
_STEPS_AT_ONCE: Final = 128
"""Places of patterns that are followed in one step."""
_FRESH: Final = "xyzabcdefghijklmnopqrstuvwABCDEFGHIJKLMNOPQRSTUVWXYZ"


class CharStep(NamedTuple):
    """One place of a pattern: a character, or a wildcard.

    A wildcard takes no character of `without`, and if there are some, `only` those. A character
    that is `folded` is taken in either letter case.
    """

    char: str | None
    repeats: bool = False
    without: str = ""
    only: str = ""
    folded: bool = False

    def takes(self, char: str) -> bool:
        if self.char is None:
            return char not in self.without and (not self.only or char in self.only)
        return char == self.char or (self.folded and char.casefold() == self.char.casefold())


Language: TypeAlias = tuple[CharStep, ...]
Union: TypeAlias = tuple[Language, ...]
"""Languages that count as one: a text belongs to it if it belongs to any of them."""

ANY_TEXT: Final[Language] = (CharStep(None), CharStep(None, repeats=True))
"""Each text that is not empty."""


def language_of(glob: Iterable[str | Wild], *, without: str = "", folded: bool = False) -> Language:
    """Return the language of a glob; its wildcards take no character of `without`."""
    steps: list[CharStep] = []
    for token in glob:
        if isinstance(token, str):
            steps += [CharStep(char, folded=folded) for char in token]
        else:
            steps.append(CharStep(None, repeats=token is Wild.ANY, without=without))
    return tuple(steps)


def arn_language(fields: Sequence[Glob]) -> Language:
    """Return the language of an ARN pattern of six fields; only in the last may be colons."""
    steps: list[CharStep] = []
    for at, field in enumerate(fields):
        steps += [CharStep(":")] if at else []
        steps += language_of(field, without="" if at == len(fields) - 1 else ":")
    return tuple(steps)


class Part(NamedTuple):
    """The texts that belong to the same unions, a bit for each; `text` is a shortest one.

    `others` are texts of other patterns of the unions that are required.
    """

    unions: int
    text: str
    others: tuple[str, ...] = ()


class _Automaton:
    """All languages side by side; a state is a set of places, held as the bits of one number."""

    def __init__(self, universe: Union, unions: Sequence[Union]) -> None:
        self.steps: list[CharStep | None] = []
        self.start = self.repeating = self.wild = 0
        self.areas: list[int] = []
        self.ends: list[int] = []
        self.certain: list[int] = []
        for union in (universe, *unions):
            self._add(union)
        places: dict[CharStep, int] = {}
        for at, step in enumerate(self.steps):
            if step is not None:
                places[step] = places.get(step, 0) | 1 << at
        literals = {step.char for step in places if step.char}
        classes = {char for s in places for char in (*s.without, *_one_more(s, literals))}
        folded = {s.char.swapcase() for s in places if s.folded and s.char}
        self.specials = sorted(classes)
        chars = literals | classes | {c for c in folded if len(c) == 1}
        self.other = next(c for c in _candidates() if c not in chars)
        self.accepts = _accepting(places, (*chars, self.other))
        self.of_folded = bool(folded)
        self.chars = [self.other, *sorted(chars)]
        pairs = zip(self.areas[1:], self.certain[1:], strict=True)
        self.with_certain = [(area, certain) for area, certain in pairs if certain]
        self.every_certain = sum(certain for _, certain in self.with_certain)
        self.start = self.close(self.start)

    def _add(self, union: Union) -> None:
        first, ends, certain = len(self.steps), 0, 0
        for language in union:
            self.start |= 1 << len(self.steps)
            for step in language:
                bit = 1 << len(self.steps)
                self.repeating |= bit if step.repeats else 0
                self.wild |= bit if step.char is None or step.folded else 0
                self.steps.append(step)
            if language and language[-1] == CharStep(None, repeats=True):
                certain |= 1 << (len(self.steps) - 1)
            ends |= 1 << len(self.steps)
            self.steps.append(None)
        self.areas.append((1 << len(self.steps)) - (1 << first))
        self.ends.append(ends)
        self.certain.append(certain)

    def close(self, state: int) -> int:
        """Add the places that a `*` for no text leads to; a certain match is all of its union."""
        while (wider := state | (state & self.repeating) << 1) != state:
            state = wider
        if state & self.every_certain:
            for area, certain in self.with_certain:
                if found := state & certain:
                    state = state & ~area | found & -found | (found & -found) << 1
        return state

    def followed(self, state: int) -> Iterator[tuple[str, int]]:
        """Yield where characters lead: those that are expected, and one that none expects."""
        known: set[int] = set()
        for char in self._expected(state):
            taken = state & self.accepts[char]
            if not taken & self.areas[0] or taken in known:
                continue
            known.add(taken)
            stay = taken & self.repeating
            yield char, self.close((taken ^ stay) << 1 | stay)

    def _expected(self, state: int) -> Sequence[str]:
        if self.of_folded:
            return self.chars
        universe = state & self.areas[0]
        if not universe & self.wild:
            return self._literals(universe)
        return [self.other, *self.specials, *self._literals(state & ~self.wild)]

    def _literals(self, state: int) -> list[str]:
        found: dict[str, None] = {}
        while state:
            low = state & -state
            step = self.steps[low.bit_length() - 1]
            if step is not None and step.char is not None:
                found[step.char] = None
            state ^= low
        return sorted(found)

    def unions_at(self, state: int) -> int:
        return sum(1 << at for at, ends in enumerate(self.ends[1:]) if state & ends)


def _accepting(places: Mapping[CharStep, int], chars: Iterable[str]) -> dict[str, int]:
    """Return the places whose steps take each character."""
    others = [(s, bits) for s, bits in places.items() if s.char is None or s.folded]
    return {
        char: places.get(CharStep(char), 0) | sum(bits for s, bits in others if s.takes(char))
        for char in chars
    }


def _candidates() -> Iterator[str]:
    yield from _FRESH
    yield from (chr(code) for code in range(0x100, 0x3000))


def _one_more(step: CharStep, literals: set[str]) -> str:
    """Return a character of a class that no pattern names, if there is one."""
    return next((char for char in step.only if char not in literals), step.only[:1])


def cut(universe: Union, unions: Sequence[Union], budget: Budget, required: int = 0) -> list[Part]:
    """Return the parts of a universe; with `required`, those that one of these unions has.

    Raises `BudgetError` where there are more steps than the budget allows.
    """
    automaton = _Automaton(universe, unions)
    wanted = sum(area for at, area in enumerate(automaton.areas[1:]) if required >> at & 1)
    ends = sum(end for at, end in enumerate(automaton.ends[1:]) if required >> at & 1)
    seen = {automaton.start}
    found: dict[int, dict[int, str]] = {}
    cost = 1 + len(automaton.steps) // _STEPS_AT_ONCE
    waiting = deque([(automaton.start, "")])
    while waiting:
        state, text = waiting.popleft()
        if state & automaton.ends[0]:
            named = automaton.unions_at(state)
            if not required or named & required:
                found.setdefault(named, {}).setdefault(state & ends, text)
        for char, after in automaton.followed(state):
            budget.spend(cost)
            is_alive = after & automaton.areas[0] and (not wanted or after & wanted)
            if is_alive and after not in seen:
                seen.add(after)
                waiting.append((after, text + char))
    return [
        Part(unions, text, tuple(others))
        for unions, texts in found.items()
        for text, *others in (texts.values(),)
    ]
