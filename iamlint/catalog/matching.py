"""Which of a service's sorted names a pattern matches, fast for long lists and many wildcards.

And which of its condition keys a name is.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from iamlint.late_pattern import late_pattern
from iamlint.policy import wildcard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from iamlint.catalog.model import ConditionKey

_PLACEHOLDER = late_pattern(r"\$\{[^{}]*\}")


def names_like(pattern: str, names: tuple[str, ...]) -> Iterator[str]:
    """Yield the names that match, in order. `names` are sorted: the fixed head finds its place."""
    head, *rest = re.split(r"[*?]", pattern)
    tail = rest[-1] if rest else ""
    if len(rest) > 1 and max(rest, key=len) not in _joined(names):
        return
    least = len(pattern) - pattern.count("*")
    is_match: Callable[[str], object] | None = None
    for at in range(bisect_left(names, head), len(names)):
        name = names[at]
        if not name.startswith(head):
            return
        if len(name) >= least and name.endswith(tail):
            is_match = is_match or _test(pattern, head, tail)
            if is_match(name):
                yield name


@lru_cache(maxsize=64)
def _joined(names: tuple[str, ...]) -> str:
    return "\n".join(names)


def _test(pattern: str, head: str, tail: str) -> Callable[[str], object]:
    """Return a test of names with this head and tail, which takes no longer for more wildcards."""
    if pattern == head:
        return pattern.__eq__
    if pattern == f"{head}*{tail}":
        return bool  # it is long enough, and begins and ends so
    return _as_expression(pattern).match


@lru_cache(maxsize=1024)
def _as_expression(pattern: str) -> re.Pattern[str]:
    """Return an expression in which each text between stars takes its first fit, for good."""
    first, *others = (re.escape(piece).replace(r"\?", ".") for piece in pattern.split("*"))
    middle = "".join(f"(?>.*?{piece})" for piece in others[:-1])
    return re.compile(f"{first}{middle}" + (f".*{others[-1]}" if others else "") + r"\Z")


def key_among(keys: Mapping[str, ConditionKey], low: str) -> ConditionKey | None:
    """Return the key of a name in lower case, such as `aws:requesttag/team`, by its pattern."""
    if low in keys:
        return keys[low]
    return next((keys[name] for name in keys if "$" in name and _fits(name, low)), None)


def _fits(name: str, key: str) -> bool:
    return wildcard.matches(_as_pattern(name), key)


@cache
def _as_pattern(name: str) -> str:
    """Return the key's name as a pattern in which each placeholder is one character or more."""
    return _PLACEHOLDER.sub("?*", name)
