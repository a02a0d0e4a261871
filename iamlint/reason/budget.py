"""Counts the steps of a question, so that hostile policies cannot take for ever."""

from __future__ import annotations

from typing import Final

BUDGET: Final = 200_000
"""Steps for one question; after them its answer is unknown."""


class BudgetError(Exception):
    """A question takes more steps than its budget allows."""


class Budget:
    """The steps that are left of so many."""

    __slots__ = ("left", "limit")

    def __init__(self, limit: int = BUDGET) -> None:
        self.limit = self.left = limit

    def spend(self, steps: int = 1) -> None:
        """Count steps; raise `BudgetError` if they are too many."""
        self.left -= steps
        if self.left < 0:
            raise BudgetError
