"""Prints what holds words of others: names, Sids, values and paths, each on its line."""

from __future__ import annotations

import click

from iamlint.text.shown import plain, plain_line


def say(*lines: str) -> None:
    """Print lines; none steers a terminal, or is a command of a CI system."""
    for line in lines:
        click.echo(plain(line))


def tell(*lines: str) -> None:
    """Print lines on standard error alike."""
    for line in lines:
        click.echo(plain(line), err=True)


def say_text(text: str) -> None:
    """Print a text of several lines; an end of line in it is one."""
    for line in text.splitlines(keepends=True):
        bare = line.rstrip("\r\n")
        click.echo(plain_line(bare) + line[len(bare) :], nl=False)
