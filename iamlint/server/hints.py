"""What the patterns of a policy name, beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.server.cursor import is_action_element, tree_of
from iamlint.server.facts import count_actions
from iamlint.text.half_written.braces import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.catalog import Catalog


def hints(
    text: str, name: str, start: int, end: int, catalog: Catalog
) -> Iterator[tuple[int, str]]:
    """Yield the offset behind each pattern of actions in a stretch, and what it names."""
    for node in walk(tree_of(text, name)):
        if node.end < start or node.start > end or not is_action_element(node):
            continue
        for word in node.words():
            is_pattern = "*" in word.text or "?" in word.text
            if is_pattern and word.text != "*" and start <= word.end <= end:
                named = catalog.expand(word.text)
                if named:
                    yield word.end, count_actions(named)
