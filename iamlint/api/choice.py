"""Words of a closed set, which scripts may write as text."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from iamlint.errors import UsageError
from iamlint.policy.spelling import did_you_mean

Chosen = TypeVar("Chosen", bound=StrEnum)


def chosen(name: str, value: str, choices: type[Chosen]) -> Chosen:
    """Return the member with a value; raise `UsageError` if there is none."""
    known = [choice.value for choice in choices]
    if value in known:
        return choices(value)
    raise UsageError(
        f"`{value}` is not a value for `{name}`",
        help=did_you_mean(value, known) or f"one of: {', '.join(known)}",
    )
