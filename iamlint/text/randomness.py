"""How random a text is: keys differ in this from words, paths and hashes."""

from __future__ import annotations

import math
from collections import Counter
from itertools import pairwise


def has_both_cases(text: str) -> bool:
    """Return whether a text has small letters and capitals: hexadecimal digits have not."""
    return text.upper() != text and text.lower() != text


def entropy(text: str) -> float:
    """Return the bits that a character of a text has, by how often each is in it."""
    counts, size = Counter(text).values(), len(text)
    return -sum(count / size * math.log2(count / size) for count in counts)


def turns(text: str) -> int:
    """Return how often the sort of letters changes in a text."""
    sorts = [one.islower() + 2 * one.isupper() + 4 * one.isdigit() for one in text]
    return sum(a != b for a, b in pairwise(sorts))
