"""What the plugin raises; pytest shows the text alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iamlint import IamlintError


class IamError(Exception):
    """A question that has no answer, or one that would prove nothing."""

    @classmethod
    def of(cls, error: IamlintError) -> IamError:
        return cls(error.message + (f"\nhelp: {error.help}" if error.help else ""))
