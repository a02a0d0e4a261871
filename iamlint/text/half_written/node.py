"""The tree of a text that may not be whole: keys, values and where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Word:
    """A key or a value, without quotes, and its offsets."""

    text: str
    start: int
    end: int

    def has(self, offset: int) -> bool:
        return self.start <= offset <= self.end


@dataclass(slots=True, eq=False)
class PartNode:
    """A member of an object, an item of a list, or all of a text, at the offsets of its whole.

    It has a `value`, or `members` if it is an object or, with `is_list`, a list; a member that is
    only begun has neither. `labels` are the words between the name of a block and its brace.
    Its value starts at or behind `after_key`.
    """

    start: int
    end: int
    key: Word | None = None
    after_key: int = 0
    value: Word | None = None
    members: list[PartNode] = field(default_factory=list)
    is_list: bool = False
    is_object: bool = False
    labels: tuple[str, ...] = ()
    indent: int = -1

    def child(self, *names: str) -> PartNode | None:
        """Return the first member with one of these keys, in any case."""
        for one in self.members:
            if one.key is not None and one.key.text.lower() in names:
                return one
        return None

    def words(self) -> Iterator[Word]:
        """Yield the values in it: its own, or those of its items."""
        of_items = self.members if self.is_list else ()
        yield from (one.value for one in (self, *of_items) if one.value is not None)

    def way(self, offset: int, column: int | None = None) -> list[PartNode]:
        """Return the nodes around an offset, the outermost first.

        At a blank line of a text whose indents count, `column` is where its content would start.
        """
        found = [self]
        while True:
            inner = [one for one in found[-1].members if one.start <= offset <= one.end]
            if column is not None:
                inner = [one for one in inner if one.indent < column]
            if not inner:
                return found
            found.append(inner[-1])
