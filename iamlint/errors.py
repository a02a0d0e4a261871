"""What iamlint raises: lower-case messages, help apart from them; the command line formats both.

And what is not a verdict: a rule or loader that raised.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from iamlint.fast_dataclass import dataclass


class IamlintError(Exception):
    """Anything iamlint can say about its own failure; `more` are further lines of the message."""

    def __init__(
        self,
        message: str,
        *,
        help: str | None = None,  # noqa: A002 - the word users read
        more: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.more = more


class UsageError(IamlintError):
    """Wrong use or a wrong configuration: exit code 2."""


class ConfigurationError(UsageError):
    """A configuration that is not valid; `problem` is the message without its place."""

    def __init__(
        self,
        message: str,
        place: Path,
        line: int,
        problem: str,
        *,
        help: str | None = None,  # noqa: A002 - the word users read
    ) -> None:
        super().__init__(message, help=help)
        self.place = place
        self.line = line
        self.problem = problem


class ReadError(IamlintError):
    """Something that could not be read: exit code 2."""


class BrokenError(IamlintError):
    """A rule, loader or reporter broke: exit code 3, never a clean result."""


class BrokenPart(StrEnum):
    RULE = "rule"
    LOADER = "loader"
    PROCESS = "process"


@dataclass(frozen=True, slots=True)
class InternalError:
    """A rule or loader that raised on a file, or a process that died of it.

    There is no verdict, so the run is not clean.
    """

    part: BrokenPart
    name: str
    path: str
    error: str

    def __str__(self) -> str:
        return f"{self.part} `{self.name}` broke: {self.error}"


def os_reason(error: OSError) -> str:
    """Return why the system refused, as messages say it."""
    return (error.strerror or type(error).__name__).lower()


def describe_error(error: Exception) -> str:
    """Return the name, message and place of an unexpected error."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" ({Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno})" if trace else ""
    return f"{type(error).__name__}: {error}{where}"
