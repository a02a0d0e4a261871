"""Shapes of texts, and whether a pattern can match a text of a shape.

A shape is text and sets of characters in brackets, written as in a regular expression: a set may be
repeated, as in `o-[a-z0-9]{10,32}` and `arn:[^:]+:iam::[0-9]{12}:root`. All else is plain text.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from iamlint.policy.steps import spend
from iamlint.policy.wildcard import normal

_PART: Final = (
    r"(?P<set>\[[^\]]+\])(?:\{(?P<least>\d+)(?:,(?P<most>\d+))?\}|(?P<count>[+*]))?|[^\[]+"
)
_CHARACTERS_A_STEP: Final = 16


class TextShape:
    """One shape, as places between its characters; bit `n` of a number is the place before the nth.

    A pattern is read once, with the places that a text may be at.
    """

    __slots__ = ("_every", "_known", "_last", "_many", "_missing", "_tests")

    def __init__(self, written: str) -> None:
        self._tests: list[re.Pattern[str]] = []
        self._many = self._missing = 0
        for part in re.finditer(_PART, written):
            if part["set"] is None:
                for char in part[0]:
                    self._add(re.escape(char))
            else:
                self._add_set(part)
        self._last = 1 << len(self._tests)
        self._every = (self._last << 1) - 1
        self._known: dict[str, int] = {}

    def _add_set(self, part: re.Match[str]) -> None:
        count = part["count"]
        least = int(part["least"] or (count != "*"))
        for _ in range(least):
            self._add(part["set"])
        for _ in range(int(part["most"] or least) - least):
            self._missing |= 1 << len(self._tests)
            self._add(part["set"])
        if count:
            here = 1 << len(self._tests)
            self._many |= here
            self._missing |= here
            self._add(part["set"])

    def _add(self, test: str) -> None:
        self._tests.append(re.compile(test, re.DOTALL))

    def meets(self, pattern: str, *, ignores_case: bool = False) -> bool:
        """Return whether a text of this shape matches a pattern with `*` and `?`."""
        if len(pattern) > _CHARACTERS_A_STEP:
            spend(len(pattern) // _CHARACTERS_A_STEP)
        places = self._with_missing(1)
        for char in normal(pattern):
            if char == "*":
                places = self._every & -(places & -places)
            else:
                fits = self._every ^ self._last if char == "?" else self._fits(char)
                if ignores_case:
                    fits |= self._fits(char.lower()) | self._fits(char.upper())
                fits &= places
                places = self._with_missing(fits << 1 | fits & self._many)
            if not places:
                return False
        return bool(places & self._last)

    def _fits(self, char: str) -> int:
        """Return the places before what takes a character."""
        found = self._known.get(char)
        if found is None:
            found = sum(1 << n for n, test in enumerate(self._tests) if test.fullmatch(char))
            self._known[char] = found
        return found

    def _with_missing(self, places: int) -> int:
        """Return the places with those beyond what may be left out."""
        while more := (places & self._missing) << 1 & ~places:
            places |= more
        return places


@lru_cache(maxsize=512)
def shape_of(written: str) -> TextShape:
    return TextShape(written)
