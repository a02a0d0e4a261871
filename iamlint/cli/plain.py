"""Reads plain command lines of `iamlint check` without click, whose import takes long.

All others are for click. What is read here has the same meaning there.
"""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from iamlint.cli.flags import Flags
    from iamlint.cli.session import Session

_OWN: Final = ("IAMLINT_", "_IAMLINT_")
"""How the names of variables begin that change the meaning of a command line."""

_FLAGS: Final = ("--exit-zero", "--statistics")
_VALUES: Final = ("--output-format", "--profile", "--fail-on", "--jobs")
_QUIET: Final = ("-q", "--quiet")
_VERBOSE: Final = ("-v", "--verbose")
_FLAGS_OF_ALL: Final = (*_QUIET, *_VERBOSE, "--isolated")
_VALUES_OF_ALL: Final = ("--color", "--config")
"""These and the flags above are options of every command, so that they also come before it."""
_COLORS: Final = ("auto", "always", "never")
_JOBS: Final = ("", *(str(number) for number in range(1, 100)))
"""Numbers of processes as people write them."""


def main() -> None:
    """Run the program; `sys.exit` with its code."""
    read = read_plainly(sys.argv[1:], os.environ)
    if read is None:
        from iamlint.cli.app import main as run  # noqa: PLC0415 - the rest of the language

        run()
        return
    from iamlint.cli.ending import end_with, print_anything  # noqa: PLC0415 - the other way has them

    print_anything()
    end_with(lambda: _checked(*read))


def read_plainly(words: Sequence[str], variables: Iterable[str]) -> tuple[Session, Flags] | None:
    """Return what a command line says; None if it is for click.

    `variables` are the names of those of the environment.
    """
    if any(name.startswith(_OWN) for name in variables):
        return None
    given = _given(words)
    if given is None:
        return None
    from iamlint.cli.flags import Flags  # noqa: PLC0415 - only a check needs it
    from iamlint.rule.finding import Profile, Severity  # noqa: PLC0415 - the same

    paths, flags, values = given
    profile, fail_on, jobs = (values.get(f"--{name}") for name in ("profile", "fail-on", "jobs"))
    try:
        read = Flags(
            paths,
            profile=None if profile is None else Profile(profile),
            output_format=values.get("--output-format", "full"),
            fail_on=None if fail_on is None else Severity(fail_on),
            exit_zero="--exit-zero" in flags,
            statistics="--statistics" in flags,
            jobs=None if jobs is None else _JOBS.index(jobs),
        )
        return _session(flags, values), read
    except (ValueError, OSError):  # click reports it
        return None


def _session(flags: Sequence[str], values: Mapping[str, str]) -> Session:
    """Return what the options of all commands say; raise `ValueError` if click refuses them."""
    from iamlint.cli.session import Session  # noqa: PLC0415 - only a check needs it

    color, config, isolated = values.get("--color"), values.get("--config"), "--isolated" in flags
    if config is not None and (isolated or not os.access(config, os.R_OK) or Path(config).is_dir()):
        raise ValueError(config)
    return Session(
        color="auto" if color is None else _COLORS[_COLORS.index(color)],
        verbosity=sum(map(flags.count, _VERBOSE)) - sum(map(flags.count, _QUIET)),
        config=None if config is None else Path(config),
        isolated=isolated,
    )


def _given(words: Sequence[str]) -> tuple[tuple[str, ...], list[str], dict[str, str]] | None:
    """Return the paths, the flags and the values of options; None if another word is there."""
    paths: list[str] = []
    flags: list[str] = []
    values: dict[str, str] = {}
    rest = iter(words)
    for word in rest:
        name, is_joined, value = word.partition("=")
        if word == "-" or (word and word[0] != "-"):
            if not paths and word != "check":
                return None
            paths.append(word)
        elif word in _FLAGS_OF_ALL or (paths and word in _FLAGS):
            flags.append(word)
        elif name in _VALUES_OF_ALL or (paths and name in _VALUES):
            value = value if is_joined else next(rest, "")
            if not value or value[0] == "-":
                return None
            values[name] = value
        else:
            return None
    return (tuple(paths[1:]), flags, values) if paths else None


def _checked(session: Session, flags: Flags) -> int:
    """Return the exit code of a check, which ends as click ends it."""
    from iamlint.cli.checking import check  # noqa: PLC0415 - only a check needs it
    from iamlint.cli.ending import INTERRUPTED  # noqa: PLC0415 - the same

    try:
        return check(session, flags, tuple)
    except (EOFError, KeyboardInterrupt):
        sys.stderr.write("\n")
        return INTERRUPTED
    except OSError as error:
        if error.errno != errno.EPIPE:
            raise
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):
            os.dup2(nowhere, stream.fileno())
        return 1
