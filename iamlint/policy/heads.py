"""Patterns by the text that they begin with: few of a long list can cover or meet another one.

What is found only may: whoever asks compares it. What is not found surely does not.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from iamlint.late_pattern import late_pattern
from iamlint.policy.steps import spend

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_T = TypeVar("_T")

FEW: Final = 12
"""So many are as quickly looked through as sorted."""

_HEAD: Final = late_pattern(r"[^*?$]*")


def head_of(pattern: str) -> str:
    """Return the text that whatever a pattern names begins with: up to a wildcard or variable."""
    return _HEAD.match(pattern)[0]  # type: ignore[index]  # it matches anything


class Heads(Generic[_T]):
    """Patterns, each with what it is of. Every one that is looked at is a step."""

    __slots__ = ("_by_head", "_heads", "_lengths")

    def __init__(self, items: Iterable[tuple[str, _T]]) -> None:
        self._by_head: dict[str, list[_T]] = {}
        for pattern, item in items:
            self._by_head.setdefault(head_of(pattern), []).append(item)
        self._lengths = sorted({len(head) for head in self._by_head})
        self._heads: list[str] | None = None

    def may_cover(self, pattern: str) -> Iterator[_T]:
        """Yield what may name all that a pattern, or a text, names."""
        for length in self._lengths:
            if length > len(pattern):
                return
            found = self._by_head.get(pattern[:length], ())
            spend(1 + len(found))
            yield from found

    def may_meet(self, pattern: str) -> Iterator[_T]:
        """Yield what may name something that a pattern names."""
        head = head_of(pattern)
        yield from self.may_cover(head)
        if self._heads is None:
            self._heads = sorted(self._by_head)
        for at in range(bisect_left(self._heads, head), len(self._heads)):
            longer = self._heads[at]
            if not longer.startswith(head):
                return
            if longer != head:
                found = self._by_head[longer]
                spend(len(found))
                yield from found


def some_meet(left: Sequence[str], right: Sequence[str], meets: Callable[[str, str], bool]) -> bool:
    """Return whether a pattern of one list names something that one of the other names."""
    heads, turned = _by_head(left, right)
    return any(
        meets(other, pattern) for pattern in right for other in heads.may_meet(turned(pattern))
    )


def all_covered(
    wanted: Sequence[str], unwanted: Sequence[str], covers: Callable[[str, str], bool]
) -> bool:
    """Return whether each pattern of a list has one of the other list that covers it."""
    heads, turned = _by_head(unwanted, wanted)
    return all(any(covers(u, w) for u in heads.may_cover(turned(w))) for w in wanted)


def _by_head(
    patterns: Sequence[str], others: Sequence[str]
) -> tuple[Heads[str], Callable[[str], str]]:
    """Return patterns by what they begin with, or end with where they all begin with wildcards.

    And how the others are to be turned to ask for them.
    """
    if any(map(head_of, patterns)) or any("${" in text for text in (*patterns, *others)):
        return Heads((text, text) for text in patterns), str
    return Heads((text[::-1], text) for text in patterns), _backwards


def _backwards(text: str) -> str:
    return text[::-1]
