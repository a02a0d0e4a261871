"""The exit code of a run, and on standard error the reason, if no finding gives it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from iamlint.cli.say import tell
from iamlint.cli.session import Exit
from iamlint.report.formats import Output
from iamlint.report.text import by_severity, count, left_out

if TYPE_CHECKING:
    from iamlint.linter.lint_options import LintOptions
    from iamlint.rule.finding import Severity
    from iamlint.rule.run import Run

STDIN: Final = "-"
_FEW: Final = 5


class Gate(Protocol):
    """The options that decide what fails; `fail_on` None leaves it to the configuration."""

    @property
    def fail_on(self) -> Severity | None: ...
    @property
    def fail_on_not_analysed(self) -> bool: ...
    @property
    def exit_zero(self) -> bool: ...


def say_what_has_no_verdict(run: Run) -> None:
    for broken in run.broken:
        tell(
            f"error: {broken.path}: {broken}",
            f"help: this is a bug in the {broken.part}, please report it; "
            "its findings here are unknown",
        )
    for item in run.not_analysed:
        if item.unreadable:
            tell(f"error: {item.path}: {item.reason}")


def without_verdict(run: Run) -> Exit:
    """Return the code of a run that could not find everything, whatever it found."""
    if run.broken:
        return Exit.BROKEN
    return Exit.USAGE if any(item.unreadable for item in run.not_analysed) else Exit.CLEAN


def _without_policy(run: Run) -> Exit:
    """Return the code of a folder without any policy that could be read, and say why."""
    if any(not item.cause.is_spared for item in run.not_analysed):
        tell("error: no policy could be read", "help: each `not analysed` line gives the reason")
        return Exit.USAGE
    tell("error: no policy was found", "help: `--show-files` lists the files that were read")
    for item in run.not_analysed[:_FEW]:
        tell(f"note: {item.path}: {left_out(item)}")
    return Exit.NO_POLICY


def _says_gaps(run: Run) -> bool:
    """Return whether a policy may be left out, and say so."""
    gaps = sum(item.cause.is_gap for item in run.not_analysed)
    if gaps:
        message = f"{count(gaps, 'place')} that may contain a policy could not be analysed"
        help_ = "each `not analysed` line gives the reason; `exclude` files without policies"
        tell(f"error: {message}", f"help: {help_}")
    return bool(gaps)


def exit_code(run: Run, request: LintOptions, gate: Gate) -> int:
    """Return the exit code of a run, and print the reason if no finding gives it."""
    if code := without_verdict(run):
        return code
    # The strictest counts, so that no folder loosens the gate of another.
    configs = list(map(request.scopes.base, request.paths))
    fails_on_gaps = gate.fail_on_not_analysed or any(c.fail_on_not_analysed for c in configs)
    if fails_on_gaps and _says_gaps(run):
        return Exit.USAGE
    least = gate.fail_on or min((c.fail_on for c in configs), key=lambda one: one.rank)
    if any(severity.rank >= least.rank for severity in by_severity(run, Output())):
        return Exit.CLEAN if gate.exit_zero else Exit.FINDINGS
    has_none = not (run.policies or run.subjects)
    if has_none and any(Path(path).is_dir() for path in request.paths):
        return _without_policy(run)
    if has_none and STDIN in request.paths:
        is_file = request.stdin_name is not None
        tell(f"{'note' if is_file else 'error'}: standard input contains no policy")
        return Exit.CLEAN if is_file else Exit.USAGE
    return Exit.CLEAN
