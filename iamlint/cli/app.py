"""The command line. Each command is a file of its own, imported when it is called."""

from __future__ import annotations

import os
import re
from importlib import import_module
from pathlib import Path
from typing import Final, cast

import click

from iamlint.cli.command import Group, session_of
from iamlint.cli.ending import INTERRUPTED, end_with, print_anything, print_error
from iamlint.errors import UsageError
from iamlint.version import VERSION

GROUPS: Final = {
    "Check policies": {
        "check": "lint policies",
        "test": "run *.iamtest.toml without pytest",
        "baseline": "record current findings, so that only new ones are reported",
        "merge": "join the results of `check --part`",
    },
    "Ask what is allowed": {
        "can": "ask whether a principal can do something",
        "who-can": "list who can do something",
        "simulate": "decide requests described in a file",
        "graph": "report who can become an administrator, and how",
    },
    "Review changes": {
        "diff": "report whose access changes between two revisions",
    },
    "Look up": {
        "rule": "explain rules: why, bad, good, how to fix, sources",
        "expand": "list the actions a pattern names",
        "catalog": "show or update the bundled AWS data",
    },
    "Set up": {
        "config": "show or create a configuration, print its schema",
        "server": "serve an editor: findings and fixes while one types",
        "completion": "print the completion script for a shell",
    },
}
"""The commands by what people want to do."""

COMMANDS: Final = {name: what for group in GROUPS.values() for name, what in group.items()}
EXAMPLES: Final = (
    ("iamlint check", "lint the policies of this folder"),
    ("iamlint can role/deployer iam:PassRole", "ask what a role of these files may do"),
    ("iamlint diff main", "report whose access changes since a branch"),
    ("iamlint rule wildcard-admin", "explain a rule"),
)


class _Lazy(Group):
    """A group that imports a command when it is called."""

    config_variable = "IAMLINT_CONFIG"

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's form
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's form
        if cmd_name not in COMMANDS:
            return None
        return cast(
            "click.Command", import_module(f"iamlint.cli.{cmd_name.replace('-', '_')}").command
        )

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS:
            from iamlint.policy.spelling import did_you_mean  # noqa: PLC0415 - only a mistake pays

            help_ = did_you_mean(name, COMMANDS)
            if Path(name).exists():
                help_ = f"to lint it: `iamlint check {name}`"
            raise click.UsageError(
                f"there is no command `{name}`" + (f"\nhelp: {help_}" if help_ else ""), ctx
            )
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's form
        """List the commands without importing them."""
        width = max(map(len, COMMANDS))
        for heading, commands in GROUPS.items():
            with formatter.section(heading):
                formatter.write_dl([(name.ljust(width), what) for name, what in commands.items()])


@click.command(
    cls=_Lazy, examples=EXAMPLES, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(VERSION, prog_name="iamlint", message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Lint AWS IAM policies, offline. `iamlint COMMAND --help` explains a command."""
    ctx.obj = session_of(ctx)


ASKED: Final = "_IAMLINT_COMPLETE"
"""The variable with which a shell asks for words."""


def main(args: list[str] | None = None) -> None:
    """Run the program; `sys.exit` with its code."""
    if ASKED in os.environ:
        from iamlint.cli.complete import complete_in_bash  # noqa: PLC0415 - only shells ask

        complete_in_bash()
    print_anything()
    end_with(lambda: _called(args))


def _called(args: list[str] | None) -> int:
    """Return the exit code of a command line."""
    try:
        code = cli.main(args, prog_name="iamlint", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return error.exit_code
    except click.ClickException as error:
        print_error(_wrong_use(error))
        return error.exit_code
    except click.exceptions.Abort:
        return INTERRUPTED
    return int(code or 0)


def _wrong_use(error: click.ClickException) -> UsageError:
    """Return what is wrong with the words of the command line, and what to do."""
    context: click.Context | None = getattr(error, "ctx", None)
    if isinstance(error, click.NoSuchOption) and context:
        return _no_option(error.option_name, context)
    whole, _, help_ = error.format_message().partition("\nhelp: ")
    message, *more = whole.expandtabs(2).split("\n")
    if context and not help_:
        help_ = f"`{context.command_path} --help` lists its options"
    message = re.sub(r"'([^'\n]*)'", r"`\1`", message).rstrip(".")
    return UsageError(message[:1].lower() + message[1:], help=help_ or None, more=tuple(more))


def _no_option(name: str, context: click.Context) -> UsageError:
    from iamlint.policy.spelling import did_you_mean  # noqa: PLC0415 - only a mistake pays

    message = f"there is no option `{name}` of `{context.command_path}`"
    known = [option for param in context.command.params for option in param.opts]
    help_ = f"`{context.command_path} --help` lists its options"
    return UsageError(message, help=did_you_mean(name, known) or help_)
