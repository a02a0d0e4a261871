"""The places of the statements that decide a gain or a loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.account.origin import place_of, statement_of
from iamlint.fast_dataclass import dataclass
from iamlint.policy.action import parse_action
from iamlint.rule.finding import Range

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iamlint.evaluator.deciding import Deciding
    from iamlint.load.document import Document
    from iamlint.policy.at import At
    from iamlint.reason.answer import Difference, UnitChange
    from iamlint.text.span import Lines


@dataclass(frozen=True, slots=True)
class SourcePlace:
    """A node of a policy, and where its file has it."""

    document: Document
    at: At

    @property
    def path(self) -> str:
        return self.document.file_of(self.at)[0]

    @property
    def lines(self) -> Lines:
        return self.document.file_of(self.at)[1].lines

    @property
    def range(self) -> Range:
        span = self.document.span(self.at)
        return Range(self.lines.position(span.start), self.lines.position(span.end))


def spot_of(deciding: Deciding) -> SourcePlace | None:
    """Return the place of a statement; None for a policy that no file holds."""
    found = statement_of(deciding)
    return None if found is None else SourcePlace(found[0], found[1].at)


def spot_of_action(deciding: Deciding, action: str) -> SourcePlace | None:
    """Return where a statement names an action; its `NotAction` if it names it by none."""
    found = statement_of(deciding)
    if found is None:
        return None
    document, statement = found
    patterns = ((entry.at, parse_action(entry.text)) for entry in statement.actions)
    named = (at for at, pattern in patterns if pattern is not None and pattern.matches(action))
    element = statement.action_element
    return SourcePlace(document, next(named, element.at if element else statement.at))


def line_of(deciding: Sequence[Deciding]) -> str:
    """Return the file and line of the first statement, or the name of its policy."""
    return place_of(deciding[0]) if deciding and deciding[0].label is not None else ""


def place_of_unit(change: UnitChange, differences: Sequence[Difference]) -> str:
    """Return the place of what grants the first of these, or the place of the unit."""
    if place := line_of(differences[0].because) if differences else "":
        return place
    if change.path is None or change.line is None:
        return change.path or ""
    return f"{change.path}:{change.line}"
