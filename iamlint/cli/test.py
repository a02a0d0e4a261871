"""`iamlint test`: runs `*.iamtest.toml` without pytest."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from iamlint.cli.options import PATH
from iamlint.cli.say import say, tell
from iamlint.cli.session import Exit, Session
from iamlint.cli.values import TakesValues, given_values, values_options
from iamlint.config import last_folder, nearest
from iamlint.errors import ReadError
from iamlint.fast_dataclass import replace
from iamlint.load.find.files import SKIPPED_FOLDERS
from iamlint.paths import real, shown
from iamlint.repository import open_repository
from iamlint.testing.declarative import ENDING, read_tests, run_case

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.config import Config
    from iamlint.load import Vars
    from iamlint.repository import Repository
    from iamlint.testing.declarative import IamTestFile

_Key = tuple[Path, "Path | None", "str | None"]


@click.command(
    cls=TakesValues,
    exits={
        Exit.CLEAN: "all tests pass",
        Exit.FINDINGS: "a test fails",
        Exit.NO_POLICY: "no test was found",
    },
    examples=(
        ("iamlint test", "run the tests of this folder"),
        (
            "iamlint test tests/deployer.iamtest.toml -v",
            "one file, with the names of tests that pass",
        ),
    ),
)
@click.argument("paths", nargs=-1, type=PATH, metavar="[PATH…]")
@values_options
@click.pass_obj
def command(
    session: Session, *, paths: tuple[str, ...], var: tuple[str, ...], var_file: tuple[str, ...]
) -> int:
    """Run the tests in files and folders; the default is this folder."""
    files = [path for given in paths or (os.curdir,) for path in _files(Path(given))]
    if not files:
        tell(f"error: no `*{ENDING}` was found")
        return Exit.NO_POLICY
    given = given_values(var, var_file)
    repositories: dict[_Key, Repository] = {}
    counts = {True: 0, False: 0}
    for path in dict.fromkeys(files):
        tests = read_tests(path, shown(path, session.here))
        repository = _repository(session, path, tests, repositories, given)
        for case in tests.cases:
            failures = run_case(repository, case)
            counts[not failures] += 1
            if session.verbosity > 0 or failures:
                say(f"{'FAILED' if failures else 'ok'} {case.file}::{case.name}")
            for failure in failures:
                text = failure.detail if session.verbosity >= 0 else ""
                say(f"  {failure.place}: {failure.message}")
                say(*([f"help: {failure.help}"] if failure.help else []))
                say(*(f"    {line}" for line in text.splitlines()), "")
    click.echo(f"{counts[True]} passed, {counts[False]} failed")
    return Exit.FINDINGS if counts[False] else Exit.CLEAN


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    elif path.is_dir():
        for found in sorted(path.rglob(f"*{ENDING}")):
            inside = found.relative_to(path).parts
            if not any(part.startswith(".") or part in SKIPPED_FOLDERS for part in inside[:-1]):
                yield found
    else:
        raise ReadError(f"`{path}` does not exist")


def _nearest(path: Path, here: Path) -> Config:
    folder = real(path.parent)
    return nearest(folder, here, last_folder(folder, real(here)))


def _repository(
    session: Session, path: Path, tests: IamTestFile, known: dict[_Key, Repository], given: Vars
) -> Repository:
    """Return the repository of a file, read once for all files that share it."""
    config = session.fixed_config() or _nearest(session.here / path, session.here)
    key = (config.root, config.path, tests.account)
    if key not in known:
        config = replace(config, account=tests.account) if tests.account else config
        nested = session.fixed_config() is not None
        known[key] = open_repository(config, nested=nested, given=given)
    return known[key]
