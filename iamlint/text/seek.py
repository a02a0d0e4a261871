"""Finds single places in plain JSON, and skips all that is not on the way to them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from iamlint.late_pattern import late_pattern
from iamlint.text.source import Place
from iamlint.text.span import Span

if TYPE_CHECKING:
    import re

    from iamlint.text.span import Pointer

MOST_PASSES: Final = 4
"""Times the whole text that is skipped: a pass that notes all places costs more than these."""

_SHORT: Final = 10_000
"""Characters of a text that is not worth counting."""

_BLANK: Final = late_pattern(r"[ \t\n\r]*+")
_KEY: Final = late_pattern(r'"([^"\\]*+)"[ \t\n\r]*+:[ \t\n\r]*+')
_COLON: Final = late_pattern(r"[ \t\n\r]*+:[ \t\n\r]*+")
_BETWEEN: Final = late_pattern(r"[ \t\n\r]*+,?[ \t\n\r]*+")
_read: Final = json.JSONDecoder().raw_decode


class Seeker:
    """The places of a text that is JSON without oddities, each found when it is asked for.

    It notes where the members of an object or a list are, as far as it has skipped them.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._opened: dict[int, _Opened] = {}
        self._root: tuple[int, Span | None] = _end(_BLANK, text, 0), None
        self._last: tuple[Pointer, int, Span | None] = (), *self._root
        """The object or list of the member that was asked for last: others are in the same one."""
        self._left = MOST_PASSES * max(len(text), _SHORT)

    def find(self, pointer: Pointer) -> tuple[Place, int] | None:
        """Return the place of a node, or of the nearest above it, and the steps that lead there.

        None if it has skipped so much that all places cost less.
        """
        if self._left < 0:
            return None
        above, start, key = self._last
        if above != pointer[:-1]:
            above, start, key = (), *self._root
        for steps, step in enumerate(pointer[len(above) :], len(above)):
            found = self._member(start, step)
            if found is None:
                return self._place(start, key), steps
            if steps == len(pointer) - 1:
                self._last = pointer[:-1], start, key
            start, key = found
        return self._place(start, key), len(pointer)

    def _place(self, start: int, key: Span | None) -> Place:
        return Place(Span(start, self._skip(start)), key)

    def _skip(self, start: int) -> int:
        """Return the end of a value."""
        end = _read(self._text, start)[1]
        self._left -= end - start
        return end

    def _member(self, start: int, step: str | int) -> tuple[int, Span | None] | None:
        """Return where the value of a member starts, and its key; None if there is none."""
        if self._text[start] not in "{[":
            return None
        opened = self._opened.setdefault(
            start, _Opened(is_object=self._text[start] == "{", last=start)
        )
        while step not in opened.known:
            after = start + 1 if opened.last == start else self._skip(opened.last)
            at = _end(_BETWEEN, self._text, after)
            if self._text[at] in "}]":
                break
            self._note(opened, at)
        return opened.known.get(step)

    def _note(self, opened: _Opened, start: int) -> None:
        """Note the member that starts here, with its key."""
        name: str | int = len(opened.known)
        key, at = None, start
        if opened.is_object:
            if plain := _KEY.match(self._text, start):
                name, at, key = plain[1], plain.end(), Span(start, plain.end(1) + 1)
            else:
                name, end = _read(self._text, start)
                at, key = _end(_COLON, self._text, end), Span(start, end)
        opened.known[name] = at, key
        opened.last = at


class _Opened:
    """An object or a list, its members as far as they are known, and where the last one starts."""

    __slots__ = ("is_object", "known", "last")

    def __init__(self, *, is_object: bool, last: int) -> None:
        self.is_object = is_object
        self.known: dict[str | int, tuple[int, Span | None]] = {}
        self.last = last


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.match(text, start)
    return start if found is None else found.end()
