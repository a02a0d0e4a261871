"""Counts the steps of a question, so that hostile policies cannot take for ever."""

from __future__ import annotations

from typing import Final

BUDGET: Final = 200_000
"""Steps for one question; after them its answer is unknown."""


class BudgetError(Exception):
    """A question takes more steps than its budget allows."""


TOTAL: Final = 5
"""So many times the steps of one question are allowed for all questions of a comparison."""


class Budget:
    """The steps that are left of so many; `within` is a budget that it is a part of."""

    __slots__ = ("left", "limit", "within")

    def __init__(self, limit: int = BUDGET, within: Budget | None = None) -> None:
        self.limit = self.left = limit
        self.within = within

    def spend(self, steps: int = 1) -> None:
        """Count steps; raise `BudgetError` if they are too many."""
        self.left -= steps
        if self.left < 0:
            raise BudgetError
        if self.within is not None:
            self.within.spend(steps)
