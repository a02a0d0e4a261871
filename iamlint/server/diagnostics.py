"""Findings as the editor shows them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from lsprotocol import types

from iamlint.rule.docs_url import docs_url
from iamlint.rule.finding import Family, Range, Severity
from iamlint.text.shown import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iamlint.errors import ConfigurationError
    from iamlint.rule.finding import Finding, Related
    from iamlint.server.checked import CheckedText
    from iamlint.server.positions import ClientUnits
    from iamlint.server.texts import OpenText, OpenTexts
    from iamlint.text.span import Lines

_LEVELS: Final = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.NOTE: types.DiagnosticSeverity.Information,
}


def diagnostics(
    findings: Iterable[Finding],
    checked: CheckedText,
    text: OpenText,
    texts: OpenTexts,
    units: ClientUnits,
) -> list[types.Diagnostic]:
    """Return a diagnostic for each finding of a text, with the same range."""
    rules = checked.rules

    def diagnostic(f: Finding) -> types.Diagnostic:
        rule = rules.get(f.rule)
        return types.Diagnostic(
            range=units.range(f.range, text.lines),
            message=plain(f.message) + (f"\nhelp: {plain(f.help)}" if f.help else ""),
            severity=_LEVELS[f.severity],
            code=f.rule,
            code_description=types.CodeDescription(docs_url(rule)) if rule else None,
            source="iamlint",
            tags=[types.DiagnosticTag.Unnecessary] if f.family is Family.REDUNDANCY else None,
            related_information=list(_related(f, checked, text, texts, units)) or None,
            data={"fingerprint": f.fingerprint},
        )

    return [diagnostic(f) for f in findings]


def of_error(error: ConfigurationError, text: OpenText, units: ClientUnits) -> types.Diagnostic:
    """Return what is wrong with a configuration, at its line."""
    lines = text.lines
    at = Range(lines.start(error.line), lines.end(error.line))
    return types.Diagnostic(
        range=units.range(at, lines),
        message=plain(error.problem) + (f"\nhelp: {plain(error.help)}" if error.help else ""),
        severity=types.DiagnosticSeverity.Error,
        source="iamlint",
    )


def _related(
    f: Finding, checked: CheckedText, text: OpenText, texts: OpenTexts, units: ClientUnits
) -> Iterator[types.DiagnosticRelatedInformation]:
    for one in f.related:
        lines = _lines(one, checked, text)
        if lines is not None:
            place = os.path.realpath(checked.question.root / (one.path or f.path))
            at = types.Location(texts.uri_of(place), units.range(one.range, lines))
            yield types.DiagnosticRelatedInformation(at, plain(one.message))


def _lines(one: Related, checked: CheckedText, text: OpenText) -> Lines | None:
    """Return the lines of the file that a related place is in; None if they are not known."""
    if one.path is None or one.path == checked.question.path:
        return text.lines
    return checked.run.lines.get(one.path)
