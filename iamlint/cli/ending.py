"""How the program ends: its exit code, and errors on standard error."""

from __future__ import annotations

import errno
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from iamlint.cli.say import tell
from iamlint.cli.session import Exit
from iamlint.errors import BrokenError, IamlintError, UsageError, describe_error, os_reason

if TYPE_CHECKING:
    from collections.abc import Callable

INTERRUPTED: Final = 130
"""The exit code of a run that the user ended."""


def end_with(run: Callable[[], int]) -> None:
    """Run a command, print why it fails if it does, and `sys.exit` with its code."""
    try:
        code = run()
    except IamlintError as error:
        print_error(error)
        code = Exit.BROKEN if isinstance(error, BrokenError) else Exit.USAGE
    except BrokenPipeError:
        # Whoever read our output has had enough of it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = Exit.CLEAN
    except Exception as error:  # noqa: BLE001 - the last boundary: broken never looks like findings
        failure = _unforeseen(error)
        print_error(failure)
        code = Exit.BROKEN if isinstance(failure, BrokenError) else Exit.USAGE
    sys.exit(int(code))


def print_anything() -> None:
    """Escape characters that a stream lacks, and end lines alike on every system.

    Output to a stream that was closed before the start is lost.
    """
    if sys.stdout is None or sys.stderr is None:
        nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - until the end
        sys.stdout, sys.stderr = sys.stdout or nowhere, sys.stderr or nowhere
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace", newline="\n")


# The last is a pipe whose reader has gone, on Windows.
_UNWRITTEN = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EINVAL)


def _unforeseen(error: Exception) -> IamlintError:
    """Return why nothing came of it: a full disk, which names no file, or a fault of ours."""
    if isinstance(error, OSError) and error.filename is None and error.errno in _UNWRITTEN:
        return UsageError(f"the output cannot be written: {os_reason(error)}")
    return BrokenError(f"iamlint broke: {describe_error(error)}", help="please report it")


def unwritable(path: Path, error: OSError) -> UsageError:
    """Return why a file was not written."""
    help_ = None if path.parent.is_dir() else f"make the folder `{path.parent}` first"
    return UsageError(f"`{path}` cannot be written: {os_reason(error)}", help=help_)


def print_error(error: IamlintError) -> None:
    tell(f"error: {error.message}", *error.more, *([f"help: {error.help}"] if error.help else ()))
