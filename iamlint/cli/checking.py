"""`iamlint check`: lint paths, report, and say by the exit code whether a merge may go on."""

from __future__ import annotations

import io
import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from iamlint.cli.ending import unwritable
from iamlint.cli.progress import Progress
from iamlint.cli.say import say, say_report, tell
from iamlint.cli.session import Exit
from iamlint.cli.targets import target_of
from iamlint.cli.verdict import STDIN, exit_code, say_what_has_no_verdict, without_verdict
from iamlint.errors import UsageError
from iamlint.fast_dataclass import replace
from iamlint.linter.cache_folder import default_cache, is_in_repository
from iamlint.linter.lint_options import LintOptions
from iamlint.linter.pipeline import files, links, lint, lint_parts
from iamlint.paths import has_scheme
from iamlint.plugins.extensions import load_extensions
from iamlint.policy.spelling import did_you_mean
from iamlint.report.formats import Output, pieces_of
from iamlint.report.text import count, open_count

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from iamlint.cli.flags import Flags
    from iamlint.cli.session import Session
    from iamlint.linter.baseline import Baseline
    from iamlint.load.given import Vars
    from iamlint.plugins.extensions import Extensions
    from iamlint.report.formats import Reporter
    from iamlint.rule.run import Run

_FOR_PEOPLE = ("full", "concise")
_ENDINGS = {
    ".sarif": "sarif",
    ".json": "json",
    ".jsonl": "jsonl",
    ".txt": "full",
    ".md": "markdown",
    ".html": "html",
    ".xml": "junit",
}


def check(session: Session, flags: Flags, given: Callable[[], Vars]) -> int:
    """Run the command; return its exit code. `given` returns the values of variables in order."""
    request = request_of(session, flags, given)
    config = request.scopes.base(request.paths[0])
    plugins = load_extensions(replace(config, is_trusted=config.is_trusted or flags.allow_plugins))
    reporters = {name: reporter_of(name, plugins.reporters) for name in formats_of(flags)}
    if flags.show_files:
        say(*files(request, plugins))
        if session.verbosity > 0:
            found = links(request, plugins)
            say(f"links: {found.total}, not known: {len(found.unknown)}")
            say(*(f"  {line}" for line in found.unknown))
        return Exit.CLEAN
    if flags.diff or flags.fix or flags.fix_only:
        return _fix(request, session, flags, plugins, reporters)
    if flags.part is not None:
        from iamlint.cli.sharing import check_share  # noqa: PLC0415 - few runs are shared

        return check_share(request, plugins, flags)
    progress = Progress(wanted=session.verbosity >= 0)
    run = _spread(request, plugins, flags) or lint_parts(request, plugins, progress)
    progress.end()
    if flags.update_baseline:
        run = _update(run, request, plugins)
    return report(run, request, session, flags, reporters)


def _spread(request: LintOptions, plugins: Extensions, flags: Flags) -> Run | None:
    """Return the run that a cluster makes, where one is named."""
    if flags.scheduler is None and flags.scheduler_file is None:
        return None
    from iamlint.linter.parts import RunParts  # noqa: PLC0415 - few runs have a cluster
    from iamlint.linter.pipeline import merge  # noqa: PLC0415 - the same
    from iamlint.spread.dask import spread  # noqa: PLC0415 - the same
    from iamlint.spread.sending import Sending  # noqa: PLC0415 - the same

    sending = Sending(tell) if flags.send else None
    parts = RunParts(sending.noted(request) if sending else request, plugins)
    return merge(spread(parts, flags.scheduler, flags.scheduler_file, sending), parts)


def report(
    run: Run,
    request: LintOptions,
    session: Session,
    flags: Flags,
    reporters: Mapping[str, Reporter],
) -> int:
    """Write what a run found; return its exit code."""
    _write(run, session, flags, reporters)
    if flags.unsafe_fixes:
        fixable = count(sum(f.fix is not None for f in run.open), "finding")
        tell(f"note: {fixable} can be fixed: `--unsafe-fixes` needs `--fix`")
    return exit_code(run, request, flags)


def _fix(
    request: LintOptions,
    session: Session,
    flags: Flags,
    plugins: Extensions,
    reporters: Mapping[str, Reporter],
) -> int:
    from iamlint.cli import show_fixes  # noqa: PLC0415 - few runs fix

    if flags.update_baseline:
        raise UsageError("`--update-baseline` cannot be used with fixes")
    if any(map(has_scheme, flags.paths)):
        raise UsageError("objects of stores cannot be fixed", help="copy them to a folder first")
    if flags.diff:
        fixed = show_fixes.show(request, plugins, unsafe=flags.unsafe_fixes)
        say_what_has_no_verdict(fixed.run)
        return without_verdict(fixed.run) or (Exit.FINDINGS if fixed.files else Exit.CLEAN)
    fixed = show_fixes.apply(request, plugins, unsafe=flags.unsafe_fixes)
    if flags.fix_only:
        say_what_has_no_verdict(fixed.run)
        code: int = without_verdict(fixed.run)
    else:
        _write(fixed.run, session, flags, reporters)
        code = exit_code(fixed.run, request, flags)
    if fixed.files and flags.exit_non_zero_on_fix and not code:
        return Exit.FINDINGS
    return code


def request_of(session: Session, flags: Flags, given: Callable[[], Vars]) -> LintOptions:
    """Return what to lint."""
    _refuse_nothing(flags)
    _refuse_two_ways(flags)
    reads_stdin = STDIN in flags.paths
    if reads_stdin and len(flags.paths) > 1:
        raise UsageError("`-` cannot be used with other paths", help="give `-` or paths, not both")
    if flags.update_baseline and (not flags.baseline or flags.no_ignores):
        raise UsageError(
            "`--update-baseline` needs `--baseline FILE`, and cannot be used with `--no-ignores`"
        )
    return LintOptions(
        paths=flags.paths or (os.curdir,),
        today=datetime.now(tz=UTC).date(),
        here=session.here,
        config=session.fixed_config(),
        select=flags.select,
        extend_select=flags.extend_select,
        ignore=flags.ignore,
        profile=flags.profile,
        exclude=flags.exclude,
        kind=flags.kind,
        force_exclude=flags.force_exclude,
        respect_gitignore=not flags.no_respect_gitignore,
        honour_ignores=not flags.no_ignores,
        stdin=_standard_input() if reads_stdin else None,
        stdin_name=flags.stdin_filename,
        baseline=_baseline(flags, session.here),
        jobs=flags.jobs,
        given=given(),
        nested=not flags.no_nested_config,
        cache=_cache(session, flags),
        resumes=flags.resume is not None,
        stores=True,
        at=_time(flags.at),
    )


def _time(text: str | None) -> datetime | None:
    if text is None:
        return None
    from iamlint.account.ask.validate import moment  # noqa: PLC0415 - few runs are about a time

    is_day = len(text) == len("2027-03-31")
    return datetime.fromisoformat(moment(f"{text}T00:00:00Z" if is_day else text))


def _cache(session: Session, flags: Flags) -> Path | None:
    """Return the folder of earlier results; raise for one that a change could write to."""
    given = flags.resume or flags.cache_dir
    if flags.no_cache or (session.isolated and given is None):
        return None
    folder = default_cache(os.environ) if given is None else session.here / given
    if folder is None or not is_in_repository(folder, session.here, flags.paths):
        return folder
    if given is None:
        return None
    raise UsageError(
        f"the cache `{given}` is in a repository that is checked",
        help="name a folder elsewhere, so that no change to these files can plant results",
    )


def _standard_input() -> bytes:
    if sys.stdin is None:
        raise UsageError("standard input is closed", help="name files, or pipe a policy to `-`")
    return sys.stdin.buffer.read()


def _refuse_two_ways(flags: Flags) -> None:
    """Refuse options that each say what checks the parts, or where their results are kept."""
    ways = [flags.part, flags.scheduler, flags.scheduler_file]
    if sum(map(bool, ways)) > 1:
        names = "`--part`, `--scheduler` and `--scheduler-file`"
        raise UsageError(f"{names} cannot be used together")
    if any(ways) and STDIN in flags.paths:
        raise UsageError("standard input cannot be checked in parts", help="name files or folders")
    if flags.send and not (flags.scheduler or flags.scheduler_file):
        raise UsageError("`--send` needs `--scheduler` or `--scheduler-file`")
    if flags.resume and (flags.cache_dir or flags.no_cache):
        raise UsageError("`--resume` and options of the cache cannot be used together")
    if flags.resume and any(map(has_scheme, flags.paths)):
        raise UsageError("`--resume` keeps no results of objects of stores")


def _refuse_nothing(flags: Flags) -> None:
    """Refuse empty arguments, as of a variable without a value: all would look clean."""
    if flags.select == ():
        raise UsageError(
            "`--select` does not name a rule", help="leave it out for the default rules"
        )
    if "" in flags.paths:
        raise UsageError("a path is empty", help="write `.` for this folder")


def _baseline(flags: Flags, here: Path) -> Baseline | None:
    """Return the baseline; one that is to be updated need not be there yet."""
    if flags.baseline is None:
        return None
    from iamlint.linter.baseline import Baseline, read  # noqa: PLC0415 - few runs have one

    if flags.update_baseline and not flags.baseline.exists():
        return Baseline(flags.baseline, here=here)
    return read(flags.baseline, here)


def _update(run: Run, request: LintOptions, plugins: Extensions) -> Run:
    """Return the run after its findings below the paths are written to the baseline."""
    if request.baseline is None:
        return run
    from iamlint.linter.baseline import read, write  # noqa: PLC0415 - few runs have one

    where = request.baseline.where
    found = [
        f
        for f in run.findings
        if f.path != where and (f.suppressed is None or f.suppressed.where == where)
    ]
    idle = frozenset(rule.name for rule in plugins.rules) - {rule.name for rule in run.rules}
    write(request.baseline.refreshed(request.paths, found, idle))
    return lint(replace(request, baseline=read(request.baseline.file, request.here)), plugins)


def formats_of(flags: Flags) -> set[str]:
    return {flags.output_format, *(_target(flags, text)[0] for text in flags.output)}


def _target(flags: Flags, text: str) -> tuple[str, Path]:
    return target_of(text, _ENDINGS, flags.output_format)


def reporter_of(name: str, reporters: Mapping[str, Reporter]) -> Reporter:
    if name not in reporters:
        raise UsageError(
            f"there is no output format `{name}`",
            help=did_you_mean(name, reporters) or f"formats: {', '.join(reporters)}",
        )
    return reporters[name]


def _write(run: Run, session: Session, flags: Flags, reporters: Mapping[str, Reporter]) -> None:
    plain = Output(
        category=flags.sarif_category,
        statistics=flags.statistics,
        group_by=flags.group_by,
        min_severity=flags.min_severity,
    )
    for text in flags.output:
        from iamlint.writing import write_file  # noqa: PLC0415 - few runs write files

        name, path = _target(flags, text)
        try:
            write_file(path, pieces_of(reporters[name](run, plain)), session.here)
        except OSError as error:
            raise unwritable(path, error) from error
    if flags.output_format not in _FOR_PEOPLE and isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    quiet = session.verbosity < 0 and flags.output_format in _FOR_PEOPLE and not open_count(run)
    if not quiet:
        color = session.colors(sys.stdout)
        made = reporters[flags.output_format](run, replace(plain, color=color))
        say_report(pieces_of(made), color=color)
    say_what_has_no_verdict(run)
