"""Lints paths for a script, as `iamlint check` does."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from iamlint.api.choice import chosen
from iamlint.config import nearest, read
from iamlint.errors import UsageError
from iamlint.fast_dataclass import replace
from iamlint.linter import pipeline
from iamlint.linter.lint_options import LintOptions
from iamlint.plugins.extensions import load_extensions
from iamlint.policy.grammar import Kind
from iamlint.rule.finding import Profile

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from iamlint.rule.run import Run

_STDIN: Final = "-"


def lint(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]] = os.curdir,
    *,
    config: str | os.PathLike[str] | None = None,
    select: str | Iterable[str] | None = None,
    ignore: str | Iterable[str] = (),
    profile: str | None = None,
    kind: str | None = None,
    today: date | None = None,
    jobs: int = 1,
    allow_plugins: bool = False,
    here: str | os.PathLike[str] = os.curdir,
) -> Run:
    """Return all that `iamlint check` finds in paths, which start at the folder `here`.

    `config` is a file to use for every path, in place of the nearest one above each. `select`,
    `ignore`, `profile` and `kind` are the options of the command; `today` is the date by which
    ignores expire. `jobs` is the number of processes. Raises `UsageError` and `ReadError`.
    """
    if jobs < 1:
        raise UsageError(f"`jobs` is at least 1, not {jobs}")
    nearest.cache_clear()  # a script may have written a configuration since the last call
    start = Path(here).absolute()
    options = LintOptions(
        paths=_paths(paths),
        today=today or datetime.now(tz=UTC).date(),
        here=start,
        config=None if config is None else replace(read(start / config, start), is_trusted=True),
        select=None if select is None else _words(select),
        ignore=_words(ignore),
        profile=None if profile is None else chosen("profile", profile, Profile),
        kind=None if kind is None else chosen("kind", kind, Kind),
        jobs=jobs,
    )
    if options.select == ():
        raise UsageError("`select` names no rule", help="leave it out for the default rules")
    base = options.scopes.base(options.paths[0])
    trusted = replace(base, is_trusted=base.is_trusted or allow_plugins)
    return pipeline.lint(options, load_extensions(trusted))


def _paths(given: str | os.PathLike[str] | Iterable[str | os.PathLike[str]]) -> tuple[str, ...]:
    """Return the paths; raise where there is none, because all would look clean."""
    each = (given,) if isinstance(given, str | os.PathLike) else given
    paths = tuple(os.fspath(path) for path in each)
    if not paths:
        raise UsageError("no path was given", help="write `.` for this folder")
    for path in paths:
        if path in ("", _STDIN):
            raise UsageError(f"`{path}` is not a path", help="write `.` for this folder")
    return paths


def _words(given: str | Iterable[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)
