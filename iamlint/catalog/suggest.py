"""What a misspelt name may have been meant to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

_CLOSE = 0.8
"""Share of agreeing characters, from 0 to 1; a suggestion below it is rather noise."""


def close_names(name: str, known: Iterable[str], n: int) -> tuple[str, ...]:
    """Return the known names that are spelt like one in lower case, the nearest first."""
    return tuple(nearest(name, known, n, _CLOSE))


def close_keys(key: str, known: Iterable[str], n: int) -> tuple[str, ...]:
    """Return keys of one prefix that are spelt like the key; first those that only lack their end.

    `known` are the keys of its prefix, as AWS writes them.
    """
    name = key.lower().partition(":")[2]
    spelled = {other.lower().partition(":")[2]: other for other in known}
    longer = [other for other in spelled if other.startswith(name.rstrip("/") + "/")]
    near = dict.fromkeys((*longer, *close_names(name, spelled, n)))
    return tuple(spelled[other] for other in near)[:n]
