"""Answers in three values: an unknown value is not guessed."""

from __future__ import annotations

from enum import IntEnum


class Truth(IntEnum):
    """No, maybe or yes. `and` is `min`, `or` is `max`, `not` is `2 - truth`."""

    NO = 0
    MAYBE = 1
    YES = 2


def negation(truth: Truth) -> Truth:
    return _NEGATIONS[truth]


_NEGATIONS = (Truth.YES, Truth.MAYBE, Truth.NO)
