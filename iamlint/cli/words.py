"""Types of options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from iamlint.policy.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable
    from enum import StrEnum

    Chosen = TypeVar("Chosen", bound=StrEnum)


FILE = click.Path(dir_okay=False, path_type=Path)


def words(value: str | tuple[str, ...]) -> tuple[str, ...]:
    """Split words at commas."""
    given = value.split(",") if isinstance(value, str) else value
    return tuple(word.strip() for word in given if word.strip())


words.__name__ = "SEL,…"


def enum(choices: type[Chosen]) -> Callable[[str], Chosen]:
    """Return the type of an option that takes one of a closed set."""

    def convert(value: str) -> Chosen:
        try:
            return choices(value)
        except ValueError:
            hint = did_you_mean(value, choices) or f"one of: {', '.join(choices)}"
            raise click.BadParameter(f"`{value}`; {hint}") from None

    convert.__name__ = "|".join(choices)
    return convert
