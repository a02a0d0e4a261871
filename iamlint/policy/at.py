"""Where something is in a policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass

if TYPE_CHECKING:
    from iamlint.text.span import Pointer, Span


@dataclass(frozen=True, slots=True)
class At:
    """A node of a policy, or with `key` the name of a member; `span` if it is not at a node."""

    pointer: Pointer
    key: bool = False
    span: Span | None = None

    def __truediv__(self, step: str | int) -> At:
        return At((*self.pointer, step))

    @property
    def of_key(self) -> At:
        return At(self.pointer, key=True)
