"""What a run found: all that a report can say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.errors import InternalError
    from iamlint.load.document import NotAnalysed
    from iamlint.rule.finding import Finding
    from iamlint.rule.rule import Rule
    from iamlint.text.span import Lines


@dataclass(frozen=True, slots=True)
class SwitchedOff:
    """What a configuration below the named folder may hide, against the one that holds there.

    `rules` are off, those of `severities` count for less, and findings depend on `settings`, which
    are keys of the file.
    """

    path: str
    rules: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """All that a report can say. `findings` are sorted and include the suppressed ones.

    `lines` holds the text of every file that was read, by its path; paths start at `here`.
    `switched_off` is sorted by path.
    """

    findings: tuple[Finding, ...]
    not_analysed: tuple[NotAnalysed, ...]
    broken: tuple[InternalError, ...]
    files: int
    policies: int
    lines: Mapping[str, Lines]
    rules: tuple[Rule, ...]
    catalog_date: str
    here: Path = Path()
    switched_off: tuple[SwitchedOff, ...] = ()

    @property
    def open(self) -> tuple[Finding, ...]:
        """The findings that are neither suppressed nor part of another one."""
        return tuple(f for f in self.findings if f.is_open)
