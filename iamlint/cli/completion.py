"""`iamlint completion`: what a shell needs to complete commands and options."""

from __future__ import annotations

import click
from click.shell_completion import ShellComplete, get_completion_class

from iamlint.cli.command import Command
from iamlint.cli.complete import complete_in_bash
from iamlint.errors import BrokenError


@click.command(
    cls=Command,
    examples=(
        ("source <(iamlint completion bash)", "in ~/.bashrc"),
        ("source <(iamlint completion zsh)", "in ~/.zshrc, after compinit"),
        ("iamlint completion fish | source", "in ~/.config/fish/config.fish"),
    ),
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, *, shell: str) -> None:
    """Print the completion script for a shell; source it when the shell starts."""
    complete_in_bash()
    class_ = get_completion_class(shell)
    if class_ is None:
        raise BrokenError(f"there is no completion for `{shell}`")
    complete = class_(ctx.find_root().command, {}, "iamlint", "_IAMLINT_COMPLETE")
    # The class for bash would start bash to ask for its version.
    click.echo(ShellComplete.source(complete))
