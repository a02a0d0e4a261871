"""`iamlint server`: findings and fixes in an editor."""

from __future__ import annotations

import gc

import click

from iamlint.cli.command import Command
from iamlint.errors import UsageError


@click.command(cls=Command, examples=(("iamlint server", "serve an editor, which starts it"),))
@click.option("--stdio", is_flag=True, help="Speak over standard input and output, as always.")
def command(*, stdio: bool) -> None:  # noqa: ARG001 - editors pass it
    """Serve an editor by the language server protocol; the editor starts it."""
    try:
        from iamlint.server.start import make_server  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise UsageError(
            "`iamlint server` needs pygls", help="`pip install 'iamlint[lsp]'` installs it"
        ) from error
    gc.freeze()  # what is imported stays
    gc.set_threshold(20_000, 5, 5)
    gc.enable()  # other commands are over before they need it
    make_server().start_io()
