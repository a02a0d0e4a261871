"""Groups the entries of one list that cover each other, as pure patterns.

AWS's validator compares the texts alone: it neither looks actions up nor takes ARNs apart, so a
`*` may mean colons. One group is one finding.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass
from iamlint.late_pattern import late_pattern
from iamlint.policy import wildcard
from iamlint.policy.pieces import Pieces
from iamlint.policy.steps import spend
from iamlint.rule import Hit, Note
from iamlint.rules._fixes import without_covered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from iamlint.policy.model import Entry

MANY = 200_000
"""Pairs of a pattern and an entry that are looked through without an index."""

_WILD = late_pattern(r"[*?]")
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class CoveringEntries:
    """Entries that overlap, in list order; `covers` has the pairs (wide, narrow)."""

    members: tuple[int, ...]
    covers: tuple[tuple[int, int], ...]


def redundant(
    entries: Sequence[Entry], patterns: Sequence[str], covers: Callable[[str, str], bool]
) -> Iterator[Hit]:
    """Yield a hit for each group of entries; `patterns` are their texts as they are compared.

    `covers` returns whether one entry covers another when AWS decides, and not only as texts.
    """
    for group in groups(patterns):
        wide, narrow = group.covers[0]
        first, *others = (entries[member] for member in group.members)
        yield Hit(
            first.at,
            _message(entries[wide].text, entries[narrow].text, len(group.members)),
            related=tuple(Note(other.at, f"`{other.text}`") for other in others),
            fix=without_covered(entries, group.covers, covers),
        )


def _message(wide: str, narrow: str, size: int) -> str:
    more = f" ({size} entries overlap)" if size > len("ab") else ""
    if wide == narrow:
        return f"`{narrow}` is in the list twice{more}"
    return f"`{wide}` already covers `{narrow}`{more}"


def groups(patterns: Sequence[str]) -> Iterator[CoveringEntries]:
    """Yield the groups of two or more, in the order of their first members."""
    pairs = list(_pairs(patterns))
    parent = list(range(len(patterns)))
    for one, other in pairs:
        left, right = sorted((_root(parent, one), _root(parent, other)))
        parent[right] = left
    found: dict[int, list[tuple[int, int]]] = {}
    for pair in pairs:
        found.setdefault(_root(parent, pair[0]), []).append(pair)
    for _, inside in sorted(found.items()):
        members = sorted({index for pair in inside for index in pair})
        yield CoveringEntries(tuple(members), tuple(inside))


def _root(parent: list[int], index: int) -> int:
    while parent[index] != index:
        parent[index] = parent[parent[index]]
        index = parent[index]
    return index


def _pairs(patterns: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of entries that cover each other: (wide, narrow)."""
    if len(set(patterns)) == len(patterns) and not any(map(wildcard.is_wild, patterns)):
        return
    order = sorted(range(len(patterns)), key=lambda index: (patterns[index], index))
    texts = [patterns[index] for index in order]
    yield from _twins(texts, order)
    wild = [
        place
        for place, text in enumerate(texts)
        if wildcard.is_wild(text) and texts[place - 1 : place] != [text]
    ]
    stretches = {place: _stretch(texts, place) for place in wild}
    is_short = sum(map(len, stretches.values())) <= MANY
    near = _in_stretches(texts, stretches) if is_short else _by_pieces(texts, wild)
    for place, at in near:
        if texts[at] != texts[place] and wildcard.covers(texts[place], texts[at]):
            yield order[place], order[at]


def _stretch(texts: list[str], place: int) -> range:
    """Return where texts begin with a pattern's text up to its first wildcard, as all that it covers."""
    head = _WILD.split(texts[place], maxsplit=1)[0]
    return range(bisect_left(texts, head), bisect_right(texts, f"{head}{_LAST}"))


def _in_stretches(texts: list[str], stretches: Mapping[int, range]) -> Iterator[tuple[int, int]]:
    """Yield pairs of places; the first may cover the second, which has the longest of its parts."""
    for place, stretch in stretches.items():
        longest = max(_WILD.split(texts[place])[1:], key=len)
        yield from ((place, at) for at in stretch if longest in texts[at])


def _by_pieces(texts: list[str], wild: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the same for a long list, whose entries may all begin alike."""
    parts = {place: _WILD.split(texts[place]) for place in wild}
    pieces = Pieces((parts[place], place) for place in wild)
    found: list[tuple[int, int]] = []
    for at, text in enumerate(texts):
        for place in pieces.may_match(text):
            spend(1)
            if text.startswith(parts[place][0]):
                found.append((place, at))
    yield from sorted(found)


def _twins(texts: list[str], order: list[int]) -> Iterator[tuple[int, int]]:
    for place in range(1, len(texts)):
        if texts[place] == texts[place - 1]:
            yield order[place - 1], order[place]
