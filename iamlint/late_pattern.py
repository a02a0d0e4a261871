"""Patterns that are compiled when they are first used: at a start most are not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, AnyStr, Generic, cast

if TYPE_CHECKING:
    from re import Pattern


def late_pattern(text: AnyStr, flags: int = 0) -> Pattern[AnyStr]:
    """Return a pattern, as `re.compile` does, for what its methods do."""
    return cast("Pattern[AnyStr]", _Late(text, flags))


class _Late(Generic[AnyStr]):
    def __init__(self, text: AnyStr, flags: int) -> None:
        self._text: AnyStr = text
        self._flags = flags

    def __getattr__(self, name: str) -> object:
        if name.startswith("_"):
            raise AttributeError(name)
        found: object = getattr(re.compile(self._text, self._flags), name)
        setattr(self, name, found)
        return found
