"""Writes out a pattern of actions in a list, as a code action."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.server.cursor import is_action_element, tree_of

if TYPE_CHECKING:
    from iamlint.catalog import Catalog
    from iamlint.text.half_written.node import Word

MOST: Final = 100


def written_out(text: str, name: str, offset: int, catalog: Catalog) -> tuple[Word, str] | None:
    """Return a pattern at an offset and the items that mean the same; None if that is not short.

    The pattern is an item of a list, and the new text replaces it between its quotes.
    """
    way = tree_of(text, name).way(offset)
    if len(way) < 2 or not (is_action_element(way[-2]) and way[-2].is_list):  # noqa: PLR2004 - list and item
        return None
    word = way[-1].value
    if word is None or not word.has(offset) or not ("*" in word.text or "?" in word.text):
        return None
    named = [action.full_name for action in catalog.expand(word.text)]
    if not 0 < len(named) <= MOST:
        return None
    start = text.rfind("\n", 0, word.start) + 1
    quote = text[word.start - 1] if text[word.start - 1] in "\"'" else ""
    before = text[start : word.start - len(quote)]
    if before.strip() == "-":  # an item of YAML
        return word, f"{quote}\n{before}{quote}".join(named)
    gap = f"\n{before}" if before and not before.strip() else " "
    return word, f"{quote},{gap}{quote}".join(named)
