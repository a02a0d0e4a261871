"""A comment on a pull request: blocks of lines that fit, and how many lines do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass
from iamlint.report.text import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MOST: Final = 65_000
"""Characters; a comment holds 65,536."""
_MARGIN: Final = 1_000


@dataclass(frozen=True, slots=True)
class MarkdownBlock:
    """Lines under a head, which are folded if they have a title."""

    head: str
    lines: Sequence[str]
    noun: str
    title: str = ""


class MarkdownPage:
    """The blocks of a page that is not too long."""

    def __init__(self, blocks: Iterable[str]) -> None:
        self.blocks = [*blocks]

    @property
    def text(self) -> str:
        return "\n\n".join(self.blocks) + "\n"

    @property
    def room(self) -> int:
        """The number of characters that may still be added."""
        return _MOST - _MARGIN - len(self.text)

    def add(self, block: MarkdownBlock, room: int) -> None:
        """Add as many lines of a block as there is room for, and how many are left out."""
        fitting: list[str] = []
        for line in block.lines:
            room -= len(line) + 1
            if room < 0:
                break
            fitting.append(line)
        if not block.lines:
            return
        parts = ["\n".join(filter(None, (block.head, *fitting)))] if fitting else []
        if more := len(block.lines) - len(fitting):
            parts.append(f"{count(more, f'more {block.noun}')} left out.")
        inside = "\n\n".join(parts)
        if block.title:
            summary = f"{block.title} ({len(block.lines)})"
            inside = f"<details><summary>{summary}</summary>\n\n{inside}\n\n</details>"
        self.blocks.append(inside)
