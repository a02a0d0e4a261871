"""`iamlint baseline`: record current findings, so that only new ones are reported."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from iamlint.cli.command import Group
from iamlint.cli.options import FILE, PATH
from iamlint.cli.say import say
from iamlint.errors import BrokenError, ReadError, UsageError
from iamlint.linter import baseline as file
from iamlint.linter.baseline import Baseline
from iamlint.linter.lint_options import LintOptions
from iamlint.linter.pipeline import lint
from iamlint.linter.suppress import reason_in
from iamlint.plugins.extensions import load_extensions
from iamlint.report.text import count

if TYPE_CHECKING:
    from iamlint.cli.session import Session
    from iamlint.linter.baseline import KnownFinding
    from iamlint.rule.finding import Finding

_paths = click.argument("paths", nargs=-1, type=PATH, metavar="[PATH…]")
_file = click.option(
    "--baseline",
    type=FILE,
    default=Path(file.FILE),
    show_default=True,
    help="The baseline file.",
)
_DAY = click.DateTime(["%Y-%m-%d"])


@click.group(
    name="baseline",
    cls=Group,
    examples=(
        (
            "iamlint baseline create --reason 'before the first check, SEC-40'",
            "record the findings of this folder",
        ),
        (
            "iamlint check --baseline iamlint-baseline.json",
            "report only findings that are not in it",
        ),
    ),
)
def command() -> None:
    """Create, prune or show a baseline: findings that `check --baseline FILE` ignores."""


@command.command(
    examples=(
        ("iamlint baseline create policies", "record the findings below a folder"),
        ("iamlint baseline create --expires 2027-03-31", "until a day"),
    ),
)
@_paths
@_file
@click.option(
    "--reason", default=file.REASON, show_default=True, help="Why these findings are ignored."
)
@click.option(
    "--expires", type=_DAY, metavar="DATE", help="The last day on which they are ignored."
)
@click.pass_obj
def create(
    session: Session,
    *,
    paths: tuple[str, ...],
    baseline: Path,
    reason: str,
    expires: datetime | None,
) -> None:
    """Write the current findings to a new baseline."""
    if baseline.exists():
        raise UsageError(
            f"`{baseline}` exists already",
            help=f"`iamlint check --baseline {baseline} --update-baseline` updates it",
        )
    if not reason_in(reason):
        raise UsageError(
            "`--reason` is empty", help="give the reason why these findings are ignored"
        )
    found, _ = _found(session, paths)
    until = expires.date() if expires else None
    made = Baseline(baseline, (), reason, until, here=session.here).refreshed(
        _places(paths), found, frozenset()
    )
    file.write(made)
    say(f"{count(len(made.entries), 'finding')} in {baseline}")


@command.command(
    examples=(("iamlint baseline prune", "remove the entries of fixed findings"),),
)
@_paths
@_file
@click.pass_obj
def prune(session: Session, *, paths: tuple[str, ...], baseline: Path) -> None:
    """Remove entries that are not found any more."""
    known = file.read(baseline, session.here)
    stale = _stale(session, paths, known)
    file.write(known.without(stale))
    for entry in stale:
        say(_row(entry))
    say(f"{len(stale)} removed, {len(known.entries) - len(stale)} left in {baseline}")


@command.command(
    examples=(("iamlint baseline show policies", "list the entries below a folder"),),
)
@_paths
@_file
@click.pass_obj
def show(session: Session, *, paths: tuple[str, ...], baseline: Path) -> None:
    """List the entries, and mark those that are not found any more."""
    known = file.read(baseline, session.here)
    stale = _stale(session, paths, known)
    entries = known.below(_places(paths))
    for entry in entries:
        say(_row(entry) + (" (not found any more)" if entry in stale else ""))
    say(f"{count(len(entries), 'finding')}, {len(stale)} not found any more")


def _stale(session: Session, paths: tuple[str, ...], known: Baseline) -> tuple[KnownFinding, ...]:
    found, idle = _found(session, paths)
    return known.stale(_places(paths), found, idle)


def _found(session: Session, paths: tuple[str, ...]) -> tuple[list[Finding], frozenset[str]]:
    """Return the findings that are not ignored, and the rules that did not run.

    A policy that could not be analysed has no findings, so a baseline would forget its entries.
    """
    places = _places(paths)
    request = LintOptions(
        paths=places,
        today=datetime.now(tz=UTC).date(),
        here=session.here,
        config=session.fixed_config(),
    )
    plugins = load_extensions(session.config_for(places[0]))
    run = lint(request, plugins)
    if run.broken:
        raise BrokenError(f"{run.broken[0].path}: {run.broken[0]}")
    if unreadable := [item for item in run.not_analysed if item.unreadable]:
        raise ReadError(f"{unreadable[0].path}: {unreadable[0].reason}")
    ran = {rule.name for rule in run.rules}
    return list(run.open), frozenset(rule.name for rule in plugins.rules) - ran


def _places(paths: tuple[str, ...]) -> tuple[str, ...]:
    return paths or (os.curdir,)


def _row(entry: KnownFinding) -> str:
    until = f" (until {entry.expires.isoformat()})" if entry.expires else ""
    return f"{entry.path}: [{entry.rule}] {entry.message}{until}"
