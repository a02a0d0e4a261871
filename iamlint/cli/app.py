"""The command line. Each command is a file of its own, imported when it is called."""

from __future__ import annotations

import errno
import io
import os
import re
import sys
from dataclasses import field, replace
from enum import IntEnum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from iamlint.cli.say import tell
from iamlint.errors import BrokenError, IamlintError, UsageError, describe_error, os_reason
from iamlint.fast_dataclass import dataclass
from iamlint.version import VERSION

if TYPE_CHECKING:
    from iamlint.config import Config

_COMMANDS = {
    "check": "lint policies",
    "can": "ask whether a principal can do something",
    "who-can": "list who can do something",
    "simulate": "decide requests described in a file",
    "test": "run *.iamtest.toml without pytest",
    "rule": "explain rules: why, bad, good, how to fix, sources",
    "expand": "list the actions a pattern names",
    "catalog": "show or update the bundled AWS data",
    "baseline": "record current findings, so that only new ones are reported",
    "config": "show or create a configuration, print its schema",
    "completion": "print the completion script for a shell",
}


class Exit(IntEnum):
    """Exit codes; scripts depend on them."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    BROKEN = 3
    NO_POLICY = 4


@dataclass(frozen=True, slots=True)
class Session:
    """What the options before the command say, and the folder where paths on it start."""

    color: str = "auto"
    verbosity: int = 0
    config: Path | None = None
    isolated: bool = False
    here: Path = field(default_factory=Path.cwd)

    def fixed_config(self) -> Config | None:
        """Return the configuration for every file; None where each has its nearest."""
        from iamlint.config import Config, read  # noqa: PLC0415 - not every command has one

        if self.isolated:
            return Config(root=self.here, here=self.here)
        if self.config is None:
            return None
        return replace(read(self.here / self.config, self.here), is_trusted=True)

    def config_for(self, path: str) -> Config:
        """Return the configuration of a file or folder."""
        from iamlint.config import Scopes  # noqa: PLC0415 - not every command has one

        return Scopes((path,), self.here, self.fixed_config()).of(path)

    def colors(self, stream: object) -> bool:
        """Return whether to colour the output to a stream."""
        if self.color != "auto":
            return self.color == "always"
        if os.environ.get("NO_COLOR"):
            return False
        if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
            return True
        return bool(getattr(stream, "isatty", lambda: False)())


class _Lazy(click.Group):
    """A group that imports a command when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's form
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's form
        if cmd_name not in _COMMANDS:
            return None
        return cast(
            "click.Command", import_module(f"iamlint.cli.{cmd_name.replace('-', '_')}").command
        )

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in _COMMANDS:
            from iamlint.policy.spelling import did_you_mean  # noqa: PLC0415 - only a mistake pays

            help_ = did_you_mean(name, _COMMANDS)
            if Path(name).exists():
                help_ = f"to lint it: `iamlint check {name}`"
            raise click.UsageError(
                f"there is no command `{name}`" + (f"\nhelp: {help_}" if help_ else ""), ctx
            )
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's form
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.command(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="iamlint", message="%(prog)s %(version)s")
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="When to color the output.",
)
@click.option("-q", "--quiet", count=True, help="Print less.")
@click.option("-v", "--verbose", count=True, help="Print more.")
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="IAMLINT_CONFIG",
    help="Use this configuration file for every path.",
)
@click.option("--isolated", is_flag=True, help="Ignore all configuration files.")
@click.pass_context
def cli(
    ctx: click.Context,
    *,
    color: str,
    quiet: int,
    verbose: int,
    config: Path | None,
    isolated: bool,
) -> None:
    """Lint AWS IAM policies, offline."""
    if config and isolated:
        raise click.UsageError("`--config` and `--isolated` cannot be used together")
    ctx.obj = Session(color, verbose - quiet, config, isolated)


def main(args: list[str] | None = None) -> None:
    """Run the program; `sys.exit` with its code."""
    _print_anything()
    try:
        code = cli.main(args, prog_name="iamlint", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        code = error.exit_code
    except click.ClickException as error:
        print_error(_wrong_use(error))
        code = error.exit_code
    except click.exceptions.Abort:
        code = 130
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
    sys.exit(int(code or 0))


def _print_anything() -> None:
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
    if any(name in param.opts for param in cli.params):
        return UsageError(message, help=f"put it before the command: `iamlint {name} …`")
    known = [option for param in (*context.command.params, *cli.params) for option in param.opts]
    help_ = f"`{context.command_path} --help` lists its options"
    return UsageError(message, help=did_you_mean(name, known) or help_)


def print_error(error: IamlintError) -> None:
    tell(f"error: {error.message}", *error.more, *([f"help: {error.help}"] if error.help else ()))
