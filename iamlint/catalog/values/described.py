"""How a row of the tables says what values look like, and which patterns match none of them."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from iamlint.fast_dataclass import dataclass
from iamlint.policy.spelling import nearest
from iamlint.policy.text_shape import shape_of
from iamlint.policy.wildcard import covers, overlaps

_FEW = 8
"""So many values are all shown."""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Texts that do not occur: those that a pattern names, except for some shapes."""

    pattern: str
    advice: str
    shapes: tuple[str, ...] = ()

    def holds(self, pattern: str) -> bool:
        if _longest_text(self.pattern) not in pattern or not covers(self.pattern, pattern):
            return False
        return not _meets(self.shapes, pattern)


@dataclass(frozen=True, slots=True)
class KeyValues:
    """The values of some keys: one of the `words`, or a text of one of the `shapes`.

    The names in `keys` are in lower case. `advice` is what to write, and `source` AWS's page.
    """

    keys: str
    source: str
    words: str = ""
    shapes: tuple[str, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    advice: str = ""

    def fault(self, pattern: str, *, ignores_case: bool = False) -> str | None:
        """Return advice on a pattern that matches no value; None if it may match one."""
        excluded = advice_on(self.exclusions, pattern)
        if excluded is not None:
            return excluded
        words = tuple(self.words.split())
        if _meets(self.shapes, pattern, ignores_case=ignores_case):
            return None
        wanted = pattern.lower() if ignores_case else pattern
        if any(overlaps(wanted, word.lower() if ignores_case else word) for word in words):
            return None
        return self.advice or _choice(pattern, words)


def advice_on(exclusions: tuple[Exclusion, ...], pattern: str) -> str | None:
    """Return advice on a pattern that names nothing but what does not occur."""
    return next((one.advice for one in exclusions if one.holds(pattern)), None)


@cache
def _longest_text(pattern: str) -> str:
    """Return the longest plain text in a pattern of a table, which all that it covers has."""
    return max(re.split("[*?]", pattern), key=len)


@lru_cache(maxsize=4096)
def _meets(shapes: tuple[str, ...], pattern: str, *, ignores_case: bool = False) -> bool:
    return any(shape_of(shape).meets(pattern, ignores_case=ignores_case) for shape in shapes)


def _choice(pattern: str, words: tuple[str, ...]) -> str:
    """Return the value that was probably meant, or the values if they are few."""
    by_lower = {word.lower(): word for word in words}
    near = nearest(pattern.lower(), tuple(by_lower), 1, 0.7)
    if near:
        return f"did you mean `{by_lower[near[0]]}`?"
    shown = ", ".join(f"`{word}`" for word in words[:_FEW])
    return f"the values are {shown}" + (", …" if len(words) > _FEW else "")
