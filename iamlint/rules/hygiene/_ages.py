"""How long ago something in a report was, in whole days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.errors import UsageError
from iamlint.fast_dataclass import dataclass

if TYPE_CHECKING:
    from datetime import datetime

    from iamlint.rule import SubjectContext

KEY_AGE: Final = 90
"""CIS AWS Foundations Benchmark 1.14, FSBP IAM.3."""

UNUSED: Final = 90
"""FSBP IAM.8."""

UNUSED_STRICT: Final = 45
"""CIS AWS Foundations Benchmark 1.12, IAM.22 of Security Hub."""


@dataclass(frozen=True, slots=True)
class Days:
    """The rule's option: how many `days` are too many, in place of the benchmark's number."""

    days: int | None = None

    def __post_init__(self) -> None:
        given: object = self.days  # a configuration may hold anything
        if given is not None and (type(given) is not int or given < 1):
            raise UsageError(f"`days` must be a number of days, not `{given}`")


def limit(context: SubjectContext, usual: int, strict: int | None = None) -> int:
    """Return the number of days that the user allows, or else what the benchmark does."""
    given = context.options.days if isinstance(context.options, Days) else None
    if given is not None:
        return given
    return strict if strict is not None and context.is_strict else usual


def days_since(then: datetime | None, now: datetime | None) -> int | None:
    """Return how many days ago a time was; None if a time is unknown."""
    return None if then is None or now is None else (now - then).days


def in_words(days: int) -> str:
    """Return a number of days in words."""
    return {0: "less than a day", 1: "1 day"}.get(days, f"{days} days")
