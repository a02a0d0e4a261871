"""A run in, text out, as a whole or in pieces: one file a format."""

from __future__ import annotations

from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, TypeAlias, cast

from iamlint.fast_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from iamlint.rule.finding import Severity
    from iamlint.rule.run import Run


class GroupBy(StrEnum):
    """What a report for people lists once, with a count."""

    POLICY = "policy"  # equal findings in equal policies of several accounts


@dataclass(frozen=True, slots=True)
class Output:
    """The look of a report. `category` distinguishes SARIF uploads of one repository.

    `group_by` is for reports that people read; all others list every finding.
    """

    color: bool = False
    category: str | None = None
    statistics: bool = False
    min_severity: Severity | None = None
    group_by: GroupBy | None = None


Reporter: TypeAlias = "Callable[[Run, Output], str | Iterator[str]]"
"""Returns the text of a report, or yields its pieces, which are written as they come."""


def pieces_of(made: str | Iterator[str]) -> Iterator[str]:
    """Return the pieces of what a reporter returned."""
    return iter((made,)) if isinstance(made, str) else made


_FORMATS = (
    "full",
    "concise",
    "json",
    "jsonl",
    "sarif",
    "github",
    "gitlab",
    "junit",
    "markdown",
    "html",
)


def _lazy(name: str) -> Reporter:
    def report(run: Run, output: Output) -> str | Iterator[str]:
        module = import_module(f"iamlint.report.{name}")
        return cast("Reporter", module.report)(run, output)

    return report


BUILTIN: dict[str, Reporter] = {name: _lazy(name) for name in _FORMATS}
