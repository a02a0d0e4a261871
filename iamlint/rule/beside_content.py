"""What rules may ask about a policy beside its content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rule.holders import UNKNOWN_HOLDERS, Holders

if TYPE_CHECKING:
    from collections.abc import Callable


class BesideContent:
    """What a file says around a policy, which may differ where another policy says the same.

    `written` returns it as its file writes it, which is `read` once a check has looked at it.
    `holders` are the principals that hold it, which are `asked` about once a check has.
    """

    __slots__ = ("asked", "holders", "read", "written")

    def __init__(
        self, written: Callable[[], str] = str, holders: Holders = UNKNOWN_HOLDERS
    ) -> None:
        self.written = written
        self.holders = holders
        self.read = self.asked = False
