"""Patterns that are compiled when they are first used: at a start most are not."""

from __future__ import annotations

import re
from _thread import get_ident
from contextlib import contextmanager
from typing import TYPE_CHECKING, AnyStr, Generic, cast

if TYPE_CHECKING:
    from collections.abc import Iterator
    from re import Pattern


def late_pattern(text: AnyStr, flags: int = 0) -> Pattern[AnyStr]:
    """Return a pattern, as `re.compile` does, for what its methods do."""
    return cast("Pattern[AnyStr]", _Late(text, flags))


class _Process:
    is_own = False


def own_process() -> None:
    """Note that this process runs the program, and nothing else."""
    _Process.is_own = True


@contextmanager
def compiled_late() -> Iterator[None]:
    """Let what is imported meanwhile compile its patterns when it uses them; not other threads.

    Only in a process of the program itself: a library leaves the modules of others as they are.
    """
    if not _Process.is_own:
        yield
        return
    now, own = re.compile, get_ident()

    def here(text: AnyStr | Pattern[AnyStr], flags: int = 0) -> Pattern[AnyStr]:
        if get_ident() != own or isinstance(text, re.Pattern):
            return now(text, flags)
        return late_pattern(text, flags)

    re.compile = here  # type: ignore[assignment] # it is overloaded
    try:
        yield
    finally:
        re.compile = now


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
