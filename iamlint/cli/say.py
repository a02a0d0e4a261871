"""Prints what holds words of others: names, Sids, values and paths, each on its line."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from iamlint.text.shown import plain, plain_line

if TYPE_CHECKING:
    from collections.abc import Iterable


def say(*lines: str) -> None:
    """Print lines; none steers a terminal, or is a command of a CI system."""
    for line in lines:
        _write(f"{plain(line)}\n")


def tell(*lines: str) -> None:
    """Print lines on standard error alike."""
    for line in lines:
        _write(f"{plain(line)}\n", err=True)


def say_text(text: str) -> None:
    """Print a text of several lines; an end of line in it is one."""
    for line in text.splitlines(keepends=True):
        bare = line.rstrip("\r\n")
        _write(plain_line(bare) + line[len(bare) :])


def say_report(pieces: Iterable[str], *, color: bool) -> None:
    """Print pieces that may have colors; they are removed unless they are wanted."""
    for piece in pieces:
        _write(piece, color=color, at_once=False)
    sys.stdout.flush()


def _write(
    text: str, *, err: bool = False, color: bool | None = None, at_once: bool = True
) -> None:
    """Write a text as click does, whose import takes longer than to read a policy."""
    stream = sys.stderr if err else sys.stdout
    if "\x1b" not in text and is_simple(stream):
        stream.write(text)
        if at_once:
            stream.flush()
        return
    import click  # noqa: PLC0415 - colors, and streams that need more care

    click.echo(text, nl=False, err=err, color=color)


def is_simple(stream: object) -> bool:
    """Return whether a stream takes any text as it is."""
    return (
        sys.platform != "win32"
        and isinstance(stream, io.TextIOWrapper)
        and stream.encoding.lower() == "utf-8"
    )
