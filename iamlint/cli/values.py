"""`--var` and `--var-file`: values of Terraform variables and template parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

import click

from iamlint.cli.command import Command
from iamlint.cli.options import PATH
from iamlint.load.given import VarFile, var_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from iamlint.load.given import Var, Vars

_Command = TypeVar("_Command", bound="Callable[..., object]")
_KEY: Final = "iamlint.values"
_NAMES: Final = ("var", "var_file")


class TakesValues(Command):
    """A command with both options: the later one counts, as with Terraform."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        _, _, order = self.make_parser(ctx).parse_args(list(args))
        ctx.meta[_KEY] = [param.name for param in order if param.name in _NAMES]
        return super().parse_args(ctx, args)


def values_options(command: _Command) -> _Command:
    """Return a command with the options added."""
    for option in (
        click.option(
            "--var-file", multiple=True, type=PATH, help="A file of such values; may be repeated."
        ),
        click.option(
            "--var",
            multiple=True,
            metavar="NAME=VALUE",
            help="Value of a Terraform variable or template parameter; may be repeated.",
        ),
    ):
        command = option(command)
    return command


def given_values(var: tuple[str, ...], var_file: tuple[str, ...]) -> Vars:
    """Return what the options of this command give, in their order."""
    order = click.get_current_context().meta[_KEY]
    several: dict[str, Iterator[Var | VarFile]]
    several = {"var": iter(map(var_of, var)), "var_file": iter(map(_file, var_file))}
    return tuple(next(several[name]) for name in order)


def shared_values(var: tuple[str, ...], var_file: tuple[str, ...]) -> Vars:
    """Return what such options gave to another command, which takes only one of them."""
    return (*map(_file, var_file), *map(var_of, var))


def _file(path: str) -> VarFile:
    return VarFile(path, "--var-file")
