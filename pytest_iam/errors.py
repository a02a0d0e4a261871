"""What the plugin raises; pytest shows the text alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.errors import IamlintError
from iamlint.text.masked import mask

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType


class IamError(Exception):
    """A question that has no answer, or one that would prove nothing; its text has no secret."""

    def __init__(self, text: str) -> None:
        super().__init__(mask(text))

    @classmethod
    def of(cls, error: IamlintError) -> IamError:
        return cls(error.message + (f"\nhelp: {error.help}" if error.help else ""))

    @classmethod
    def of_assumptions(cls, answer: str, notes: Iterable[str]) -> IamError:
        listed = "\n".join(f"  {note}" for note in notes)
        return cls(
            f"{answer}\nthe answer rests on assumptions, which --iam-strict rejects:\n{listed}"
        )


class Asking:
    """Turns errors of questions inside of it into `IamError`, without our own frames."""

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        __tracebackhide__ = True
        if isinstance(error, IamlintError):
            raise IamError.of(error) from None
