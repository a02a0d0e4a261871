"""What the plugin raises; pytest shows the text alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iamlint import IamlintError


class IamError(Exception):
    """A question that has no answer, or one that would prove nothing."""

    @classmethod
    def of(cls, error: IamlintError) -> IamError:
        return cls(error.message + (f"\nhelp: {error.help}" if error.help else ""))

    @classmethod
    def of_assumptions(cls, answer: str, notes: Iterable[str]) -> IamError:
        listed = "\n".join(f"  {note}" for note in notes)
        return cls(f"{answer}\nunder --iam-strict nothing is taken for granted:\n{listed}")
