"""Which region a misspelt one was probably meant to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable


def region_meant(text: str, regions: Iterable[str]) -> str | None:
    """Return a line of help with the one or two nearest regions: `us-est-1` may be either."""
    near = sorted(nearest(text, regions, 2, 0.8))
    return f"did you mean {' or '.join(f'`{region}`' for region in near)}?" if near else None
