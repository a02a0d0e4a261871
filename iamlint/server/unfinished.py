"""What to show of a text while the user types: what is still so, and nothing new.

A check of a half-written statement is right about the text, but not about what the user means. So
findings that were shown stay where they are, those that the change ends go at once, and new ones
wait until the user stops.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass, replace
from iamlint.rule.finding import Range
from iamlint.server.cursor import is_statement, tree_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from iamlint.rule.finding import Finding
    from iamlint.server.checked import CheckedText
    from iamlint.server.texts import OpenText
    from iamlint.text.span import Lines


@dataclass(frozen=True, slots=True)
class ShownFindings:
    """The findings of a text when the user last stopped, or opened it."""

    text: OpenText
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class TextChange:
    """The stretch in which a new text differs from an old one; both go on alike behind it."""

    start: int
    old_end: int
    new_end: int

    def touches(self, range_: Range) -> bool:
        """Return whether a range of the old text is, in part, what was changed."""
        return range_.start.offset <= self.old_end and self.start <= range_.end.offset

    def moved(self, range_: Range, lines: Lines) -> Range:
        """Return where a range of the old text, which it does not touch, is in the new one."""
        by = self.new_end - self.old_end if range_.start.offset > self.old_end else 0
        ends = (one.offset + by for one in (range_.start, range_.end))
        return Range(*map(lines.position, ends))


def change(old: str, new: str) -> TextChange:
    """Return what differs between two texts."""
    most = min(len(old), len(new))
    start = _longest(most, lambda n: old[:n] == new[:n])
    same = _longest(most - start, lambda n: old[len(old) - n :] == new[len(new) - n :])
    return TextChange(start, len(old) - same, len(new) - same)


def _longest(most: int, holds: Callable[[int], bool]) -> int:
    """Return the greatest number up to `most` for which a condition holds, as for all below it."""
    low = 0
    while low < most:
        middle = (low + most + 1) // 2
        low, most = (middle, most) if holds(middle) else (low, middle - 1)
    return low


def while_typing(
    before: ShownFindings, checked: CheckedText, text: OpenText
) -> tuple[Finding, ...]:
    """Return what to show of a text that the user is typing, by its check."""
    made = change(before.text.whole, text.whole)
    now = {(f.rule, f.range): f for f in checked.findings}
    shown = list(_kept(before, made, text, now, is_whole=checked.is_whole))
    known = {(f.rule, f.range) for f in shown}
    touched = {f.rule for f in before.findings if made.touches(f.range)}
    shown += [
        f for key, f in now.items() if key not in known and f.rule in touched and _is_in(f, made)
    ]
    return tuple(sorted(shown, key=lambda f: f.order))


def _is_in(f: Finding, made: TextChange) -> bool:
    return f.range.start.offset <= made.new_end and made.start <= f.range.end.offset


def _kept(
    before: ShownFindings,
    made: TextChange,
    text: OpenText,
    now: dict[tuple[str, Range], Finding],
    *,
    is_whole: bool,
) -> Iterator[Finding]:
    """Yield the findings that the change did not touch, where they are now.

    In the statement that is being written only those that the check has, if it could read the text.
    """
    gone: list[tuple[Finding, Range]] = []
    for f in before.findings:
        if made.touches(f.range):
            continue
        range_ = made.moved(f.range, text.lines)
        if (found := now.get((f.rule, range_))) is not None:
            yield found
        else:
            gone.append((f, range_))
    written = _statement_around(text, made) if gone and is_whole else range(0)
    for f, range_ in gone:
        if not (written.start <= range_.start.offset and range_.end.offset <= written.stop):
            yield _placed(f, range_, made, text.lines)


def _placed(f: Finding, range_: Range, made: TextChange, lines: Lines) -> Finding:
    """Return a finding at its new place; a fix is of the old text, so there is none."""
    related = tuple(
        one if one.path is not None else replace(one, range=made.moved(one.range, lines))
        for one in f.related
        if one.path is not None or not made.touches(one.range)
    )
    return replace(f, range=range_, related=related, fix=None)


def _statement_around(text: OpenText, made: TextChange) -> range:
    """Return the stretch of the statements in which a change is; nothing if it is in none."""
    tree = tree_of(text.whole, text.place)
    ends = []
    for offset in (made.start, made.new_end):
        way = tree.way(offset)
        found = [way[n] for n in range(len(way)) if is_statement(way, n)]
        if not found:
            return range(0)
        ends.append(found[-1])
    return range(ends[0].start, ends[-1].end)
