"""What the rules share that report statements that never apply."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iamlint.policy.model import Statement


def consequence(statement: Statement) -> str:
    """Return what a statement does that never applies."""
    return "denies nothing" if statement.denies else "allows nothing"
