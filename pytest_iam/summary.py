"""The summary of coverage and mutation, and whether they are enough."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iamlint.errors import IamlintError
from pytest_iam.proof import collected
from pytest_iam.state import COVERAGE, MUTATION, is_given

if TYPE_CHECKING:
    from iamlint.account.coverage.coverage import AssertionCoverage

_REPORTS = ("term", "term-missing", "json", "lcov")


@dataclass(frozen=True, slots=True)
class Share:
    """A number of a number; both are 0 if the run has no question about a policy."""

    done: int
    all: int

    @property
    def percent(self) -> float:
        return 100 * self.done / self.all if self.all else 0.0

    def __str__(self) -> str:
        # Floored: 99.9 percent is not everything.
        return f"{self.done} of {self.all} ({int(self.percent)}%)"


def decided(evidence: AssertionCoverage) -> Share:
    return Share(len(evidence.removals) - len(evidence.undecided), len(evidence.removals))


def noticed(evidence: AssertionCoverage) -> Share:
    return Share(len(evidence.places) - len(evidence.unnoticed), len(evidence.places))


def reports_of(config: pytest.Config) -> list[tuple[str, Path | None]]:
    """Return the reports that were asked for, each with its file; the default is `term`."""
    found = []
    for text in config.getoption("--iam-cov-report") or ["term"]:
        kind, colon, name = text.partition(":")
        if (
            kind not in _REPORTS
            or bool(colon) is not (kind in ("json", "lcov"))
            or (colon and not name)
        ):
            raise pytest.UsageError(
                f"--iam-cov-report={text}: write term, term-missing, json:FILE or lcov:FILE"
            )
        found.append((kind, Path(name) if name else None))
    return found


def is_too_little(config: pytest.Config) -> list[str]:
    """Return which share is below what was demanded."""
    evidence = collected(config)
    rows = (
        ("--iam-cov-fail-under", "statements decided an answer", decided(evidence)),
        ("--iam-mutate-fail-under", "changes were noticed", noticed(evidence)),
    )
    return [
        f"only {share} {what}, and {option}={least:g}"
        for option, what, share in rows
        if (least := config.getoption(option)) is not None and share.percent < least
    ]


def write_summary(reporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Write what was asked for to the terminal and to files."""
    evidence = collected(config)
    if is_given(config, COVERAGE):
        _coverage(reporter, config, evidence)
    if is_given(config, MUTATION):
        reporter.section("policies changed", "-")
        reporter.write_line(f"{noticed(evidence)} changes were noticed by a test")
        for text in evidence.unnoticed:
            reporter.write_line(f"  unnoticed: {text}")
    for text in is_too_little(config):
        reporter.write_line(f"ERROR: {text}", red=True)


def _coverage(
    reporter: pytest.TerminalReporter, config: pytest.Config, evidence: AssertionCoverage
) -> None:
    reporter.section("policy statements", "-")
    reporter.write_line(f"{decided(evidence)} statements decided an asserted answer")
    for kind, path in reports_of(config):
        if kind == "term-missing":
            for place in evidence.undecided:
                reporter.write_line(f"  decided nothing: {place}")
        elif path is not None:
            text = _as_json(evidence) if kind == "json" else _as_lcov(evidence)
            try:
                evidence.write(path, text, config.invocation_params.dir)
            except IamlintError as error:
                pytest.exit(str(error), returncode=pytest.ExitCode.USAGE_ERROR)
            reporter.write_line(f"  written: {path}")


def _as_json(evidence: AssertionCoverage) -> str:
    share = decided(evidence)
    statements = [
        {"place": place, "decided": name in evidence.noticed}
        for name, place in sorted(evidence.removals.items())
    ]
    return json.dumps(
        {
            "version": 1,
            "statements": statements,
            "decided": share.done,
            "all": share.all,
            "percent": share.percent,
        },
        indent=1,
    )


def _as_lcov(evidence: AssertionCoverage) -> str:
    """Return each statement as a line that was run or not.

    https://ltp.sourceforge.net/coverage/lcov/geninfo.1.php
    """
    files: dict[str, dict[int, int]] = {}
    for name, place in evidence.removals.items():
        path, _, rest = place.partition(":")
        line = int(rest.split(" ")[0])
        hits = files.setdefault(path, {})
        hits[line] = max(hits.get(line, 0), int(name in evidence.noticed))
    lines = []
    for path, hits in sorted(files.items()):
        lines += ["TN:", f"SF:{path}"]
        lines += [f"DA:{line},{hit}" for line, hit in sorted(hits.items())]
        lines += [f"LF:{len(hits)}", f"LH:{sum(hits.values())}", "end_of_record"]
    return "".join(f"{line}\n" for line in lines)
