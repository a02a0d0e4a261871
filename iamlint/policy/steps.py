"""How often rules may hold parts of one policy against each other: counted in steps, never seconds.

A list is asked about in one step for each entry that is looked at. What a policy needs at most
grows with its size, so that no input costs more than its share; AWS takes no policy that needs as
many.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Policy, Statement

MAX_PARTS: Final = 25_000
"""Statements, keys, strings and mistakes of one policy that rules look at."""

LEAST: Final = 2_000_000
"""Steps that every policy may take, whatever its size."""

EACH: Final = 100
"""Steps that it may take besides for each of its parts."""

_UNLIMITED: Final = 1 << 62


class TooManyStepsError(Exception):
    """The rules compare more than they may: they have said nothing about the rest."""


class _Left:
    """The steps that are left."""

    __slots__ = ("steps",)

    def __init__(self) -> None:
        self.steps = _UNLIMITED


_LEFT: Final = _Left()


def spend(steps: int) -> None:
    """Take steps; raise `TooManyStepsError` where none are left."""
    _LEFT.steps -= steps
    if _LEFT.steps < 0:
        raise TooManyStepsError


def parts_of(policy: Policy) -> int:
    """Return the number of statements, keys, strings and mistakes of a policy."""
    return len(policy.statements) + len(policy.problems) + sum(map(_parts_of, policy.statements))


def _parts_of(statement: Statement) -> int:
    elements = (
        statement.action,
        statement.not_action,
        statement.resource,
        statement.not_resource,
        statement.principal,
        statement.not_principal,
    )
    lists = sum(len(element.entries) for element in elements if element is not None)
    return lists + sum(1 + len(condition.values) for condition in statement.conditions)


@contextmanager
def limit_steps(steps: int) -> Iterator[None]:
    """Limit the steps inside to a number."""
    before, _LEFT.steps = _LEFT.steps, steps
    try:
        yield
    finally:
        _LEFT.steps = before
