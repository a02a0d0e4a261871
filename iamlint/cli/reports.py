"""Reports of commands with formats of their own: into files, as `-o` names them, and printed."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from iamlint.cli.ending import unwritable
from iamlint.cli.say import say_report
from iamlint.cli.targets import target_of
from iamlint.errors import UsageError
from iamlint.policy.spelling import did_you_mean
from iamlint.writing import write_file

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path


def report_target(
    text: str, formats: Collection[str], endings: Mapping[str, str], otherwise: str, command: str
) -> tuple[str, Path]:
    """Return the format and the file that `-o` names; raise for a format the command lacks."""
    name, path = target_of(text, endings, otherwise)
    if name not in formats:
        raise UsageError(
            f"there is no output format `{name}` of `iamlint {command}`",
            help=did_you_mean(name, formats) or f"formats: {', '.join(formats)}",
        )
    return name, path


def write_reports(
    targets: Sequence[tuple[str, Path]], render: Callable[[str], str], here: Path
) -> None:
    """Write each file in its format."""
    for name, path in targets:
        try:
            write_file(path, [render(name)], here)
        except OSError as error:
            raise unwritable(path, error) from error


def say_in_format(name: str, text: str, *, color: bool) -> None:
    """Print a report; formats for programs are UTF-8 whatever the terminal has."""
    if name != "text" and isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    say_report([text], color=color)
