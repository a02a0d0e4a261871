"""The stretches of files that steps depend on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rule.finding import Range

if TYPE_CHECKING:
    from iamlint.graph.answer import StepPlace
    from iamlint.text.span import Lines, Span


def range_at(place: StepPlace) -> Range | None:
    """Return where the file of a place has it; None for a policy that is in no file."""
    if place.document is not None and place.at is not None:
        lines = place.document.file_of(place.at)[1].lines
        return _range(lines, place.document.span(place.at))
    named = place.named_at
    return None if named is None else _range(named.source.lines, named.span)


def _range(lines: Lines, span: Span) -> Range:
    return Range(lines.position(span.start), lines.position(span.end))
