"""What `iamlint check` does with fixes: shows them, or writes them, and says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from iamlint.errors import UsageError
from iamlint.fix import Fixed, fix, write

if TYPE_CHECKING:
    from iamlint.lint import Request
    from iamlint.plugins import Plugged


def show(request: Request, plugins: Plugged, *, unsafe: bool) -> bool:
    """Print what fixes would change as a diff; tell whether that is anything."""
    fixed = fix(request, plugins, unsafe=unsafe)
    for file in fixed.files:
        click.echo(file.diff, nl=False)
    _tell(fixed, "would fix")
    return bool(fixed.files)


def apply(request: Request, plugins: Plugged, *, unsafe: bool) -> Fixed:
    """Fix the files, and return what is left."""
    if request.stdin is not None:
        help_ = "`--diff` shows what would change"
        raise UsageError("standard input cannot be fixed in its place", help=help_)
    fixed = fix(request, plugins, unsafe=unsafe)
    write(fixed.files)
    _tell(fixed, "fixed")
    return fixed


def _tell(fixed: Fixed, what: str) -> None:
    for path, reason in fixed.refused.items():
        click.echo(f"warning: {path} is not fixed: {reason}", err=True)
    if fixed.count:
        files = _number(len(fixed.files), "file")
        click.echo(f"{what} {_number(fixed.count, 'finding')} in {files}", err=True)


def _number(count: int, word: str) -> str:
    return f"{count} {word}{'s' * (count != 1)}"
