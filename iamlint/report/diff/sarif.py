"""The gains as SARIF, at lines of the new revision, so that code scanning shows them there.

Losses and changes of the same meaning need no fix. An unknown answer is a notification.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sarif_om as om

from iamlint.report.diff.example import example
from iamlint.report.diff.rank import Ranking
from iamlint.report.diff.spots import spot_of_action
from iamlint.report.diff.units import strongest_units_first
from iamlint.report.diff.words import access_of, unknown
from iamlint.report.sarif import MOST_RESULTS, SarifNote, write_log
from iamlint.rule.docs_url import PROJECT_URL
from iamlint.rule.finding import (
    Confidence,
    Family,
    Finding,
    PolicyRef,
    Profile,
    Range,
    Severity,
    StatementRef,
    digest,
)
from iamlint.rule.run import Run
from iamlint.text.span import Position

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iamlint.catalog import Catalog
    from iamlint.reason.answer import Diff, Difference
    from iamlint.report.diff.spots import SourcePlace
    from iamlint.report.diff.units import DiffOutput, UnitView

_RULE: Final = "gained-access"
_CATEGORY: Final = "diff"
"""Its own, so that an upload does not close the alerts of `iamlint check`."""
_WHY: Final = (
    "The new revision allows requests that the old one does not allow. "
    "The message describes them and has one of them as an example."
)
_FIX: Final = (
    "Compare the access with what the change is for. If it is more, name fewer actions or "
    "resources in the statement, or add a condition. If it is right, dismiss the alert."
)
_SCORE: Final = 5.0


def report(diff: Diff, output: DiffOutput) -> str:
    ranking = Ranking(output.catalog)
    views = strongest_units_first(diff, ranking)
    gains = [_Gain(view, one, ranking) for view in views for one in view.gained]
    placed = [gain for gain in gains if gain.path is not None]
    placed.sort(key=lambda gain: -gain.severity.rank)
    run = Run(
        findings=[gain.finding(output.catalog) for gain in placed[:MOST_RESULTS]],
        not_analysed=diff.not_analysed,
        broken=(),
        files=0,
        policies=0,
        lines={gain.spot.path: gain.spot.lines for gain in placed if gain.spot is not None},
        rules=(),
        catalog_date=output.catalog.date,
        here=output.here,
    )
    notes = [*_notes(views, gains), *_left_out(len(placed) - MOST_RESULTS)]
    return "".join(write_log(run, _CATEGORY, [_rule()], run.findings, notes))


class _Gain:
    """A gain as a result, at the action that grants it, or else at the place of its unit."""

    def __init__(self, view: UnitView, one: Difference, ranking: Ranking) -> None:
        self._view = view
        self._one = one
        self.spot: SourcePlace | None = None
        self._statement: StatementRef | None = None
        for each in one.because:
            if self.spot is None and (spot := spot_of_action(each, one.witness.action)):
                self.spot, self._statement = spot, StatementRef(each.statement, each.sid)
        self.path = self.spot.path if self.spot else view.change.path
        self.severity = Severity.ERROR if ranking.is_grave(one) else Severity.WARNING

    @property
    def message(self) -> str:
        verb = "gains" if self._view.is_holder else "newly allows"
        return f"{self._view.title} {verb} {' '.join(access_of(self._one).split())}"

    def finding(self, catalog: Catalog) -> Finding:
        change, one, spot = self._view.change, self._one, self.spot
        pointer = spot.document.pointer if spot else ()
        identity = (change.subject, change.account, change.address, change.path, change.kind)
        return Finding(
            rule=_RULE,
            family=Family.BREADTH,
            severity=self.severity,
            confidence=Confidence.HIGH,
            profile=Profile.DEFAULT,
            security_severity=_SCORE,
            access_analyzer=None,
            message=self.message,
            help=f"for example: {example(change, one, catalog)}",
            path=self.path or "",
            policy=PolicyRef(None, None, pointer),
            statement=self._statement,
            pointer=spot.at.pointer if spot else (),
            range=spot.range if spot else _line(change.line or 1),
            fingerprint=digest((_RULE, *identity, self.message)),
        )


def _line(number: int) -> Range:
    start = Position(number, 1, 0)
    return Range(start, start)


def _notes(views: Sequence[UnitView], gains: Sequence[_Gain]) -> Iterator[SarifNote]:
    """Yield what is unknown, and gains by policies that no file of the repository has."""
    for gain in gains:
        if gain.path is None:
            yield SarifNote("warning", gain.message)
    for view in views:
        for one in view.open:
            yield SarifNote("warning", f"{view.title}: {unknown(one)}", view.change.path)


def _left_out(number: int) -> Iterator[SarifNote]:
    if number > 0:
        yield SarifNote("warning", f"{number} more gains are left out: GitHub keeps {MOST_RESULTS}")


def _rule() -> om.ReportingDescriptor:
    text = om.MultiformatMessageString
    return om.ReportingDescriptor(
        id=_RULE,
        name="GainedAccess",
        short_description=text(text="A change gives access that was not there before."),
        full_description=text(text=_WHY),
        help=text(text=f"{_WHY}\n\n{_FIX}", markdown=f"{_WHY}\n\n## How to fix\n\n{_FIX}"),
        help_uri=f"{PROJECT_URL}/blob/main/docs/diff.md",
        default_configuration=om.ReportingConfiguration(level=Severity.WARNING.value),
        properties={
            "tags": ["security", "aws", "iam", "external/cwe/cwe-269"],
            "precision": "high",
            "problem.severity": "warning",
            "security-severity": f"{_SCORE:.1f}",
        },
    )
