"""How many steps something takes, whatever else the machine does."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType


def calls(work: Callable[[], object]) -> int:
    """Return how many functions are called, those of C too."""
    count = 0

    def note(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def growth(work: Callable[[int], object], size: int) -> float:
    """Return how many times the steps of a size are those of twice the size; 2 is linear."""
    work(size)  # what is imported and cached is so from here on
    return calls(lambda: work(2 * size)) / calls(lambda: work(size))
