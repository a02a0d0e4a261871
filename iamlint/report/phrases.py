"""Phrases that reports share: lists that may be long, and what would decide an unknown answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.text.source import Input

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def folded(items: Sequence[str], most: int) -> str:
    """Return a list; of a long one the first, and how many more there are."""
    more = len(items) - most
    if more <= 1:
        return ", ".join(items)
    return f"{', '.join(items[:most])} and {more} more"


def deciders(names: Iterable[str]) -> str:
    """Return how to decide what depends on variables, parameters and other names."""
    inputs = [Input(name) for name in names]
    flags = [each.flag.replace("…", "VALUE") for each in inputs if each.flag]
    others = [f"`{each.name}`" for each in inputs if not each.flag]
    parts = [f"give `{' '.join(flags)}`"] if flags else []
    if others:
        parts.append(f"it depends on {folded(others, _MOST_OTHERS)}")
    return "; ".join(parts)


_MOST_OTHERS = 6
"""Values that no option gives, such as attributes, that are named."""
