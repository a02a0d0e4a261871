"""The commands of the program: each takes the options of all, and its help has examples."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final, TypeAlias

import click

from iamlint.cli.session import Exit, Session
from iamlint.fast_dataclass import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

Rows: TypeAlias = "Sequence[tuple[str, str]]"
"""Words, and what each is for."""

_USUAL_EXITS: Final[Mapping[int, str]] = {
    Exit.CLEAN: "it is done",
    Exit.USAGE: "wrong use or configuration, or something could not be read",
    Exit.BROKEN: "iamlint, a rule or a loader broke; the message names it and the file",
}


class _EverywhereOption(click.Option):
    """An option that all commands take, and so does the program before them."""


class _Helpful(click.Command):
    """A command whose help shows its options by `groups`, then `about`, `exits` and `examples`.

    `groups` has the names of options by heading, `about` has rows by heading, `exits` has what an
    exit code means if it is not the same for all commands, and `examples` has command lines with
    what they do.
    """

    config_variable: ClassVar[str | None] = None

    def __init__(
        self,
        *args: object,
        groups: Mapping[str, tuple[str, ...]] | None = None,
        about: Mapping[str, Rows] | None = None,
        examples: Rows = (),
        exits: Mapping[int, str] | None = None,
        **attributes: object,
    ) -> None:
        super().__init__(*args, **attributes)  # type: ignore[arg-type] # click's own
        self.params.extend(_everywhere(self.config_variable))
        self.groups = groups or {}
        self.about = about or {}
        self.examples = examples
        self.exits: dict[int, str] = {**_USUAL_EXITS, **(exits or {})}
        self.has_own_exits = bool(exits)

    def sections(self, ctx: click.Context) -> Iterator[tuple[str, Rows]]:
        """Yield the headings of the help below the usage, each with its rows."""
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        own = {str(one.name): one for one in self.params if not isinstance(one, click.Argument)}
        own = {name: one for name, one in own.items() if not isinstance(one, _EverywhereOption)}
        grouped = {name for names in self.groups.values() for name in names}
        for heading, names in self.groups.items():
            yield heading, _records((own[name] for name in names), ctx)
        yield "Options", _records((one for name, one in own.items() if name not in grouped), ctx)
        for heading, rows in self.about.items():
            yield heading, rows
        if self.has_own_exits:
            yield "Exit codes", [(str(int(code)), self.exits[code]) for code in sorted(self.exits)]
        yield "Examples", self.examples
        yield "Options of every command", _records((o for o in options if o.name not in own), ctx)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for heading, rows in self.sections(ctx):
            if rows:
                with formatter.section(heading):
                    formatter.write_dl(rows)


class Command(_Helpful):
    """A command that does something."""


class Group(_Helpful, click.Group):
    """A command that has others."""

    command_class = Command

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self.format_commands(ctx, formatter)
        super().format_options(ctx, formatter)


def _records(options: Iterable[click.Parameter], ctx: click.Context) -> Rows:
    found = (option.get_help_record(ctx) for option in options)
    return [record for record in found if record is not None]


def _everywhere(config_variable: str | None) -> tuple[click.Option, ...]:
    """Return the options of all commands. Only the program itself reads the environment."""
    option = partial(_EverywhereOption, expose_value=False)
    color = click.Choice(["auto", "always", "never"])
    file = click.Path(path_type=Path, dir_okay=False)
    less = partial(_keep_verbosity, -1)
    more = partial(_keep_verbosity, 1)
    return (
        option(
            ["--color"],
            type=color,
            help="When to color the output; default auto.",
            callback=_keep_color,
        ),
        option(["-q", "--quiet"], count=True, help="Print less.", callback=less),
        option(["-v", "--verbose"], count=True, help="Print more.", callback=more),
        option(
            ["--config"],
            type=file,
            metavar="FILE",
            envvar=config_variable,
            help="Use this configuration file for every path.",
            callback=_keep_config,
        ),
        option(
            ["--isolated"],
            is_flag=True,
            help="Ignore all configuration files.",
            callback=_keep_isolated,
        ),
    )


def session_of(ctx: click.Context) -> Session:
    """Return what the options of every command say so far."""
    return ctx.find_object(Session) or Session()


def _keep_color(ctx: click.Context, _: click.Parameter, color: str | None) -> None:
    if color is not None:
        ctx.obj = replace(session_of(ctx), color=color)


def _keep_verbosity(step: int, ctx: click.Context, _: click.Parameter, times: int) -> None:
    session = session_of(ctx)
    ctx.obj = replace(session, verbosity=session.verbosity + step * times)


def _keep_config(ctx: click.Context, _: click.Parameter, config: Path | None) -> None:
    if config is not None:
        _keep_one(ctx, replace(session_of(ctx), config=config))


def _keep_isolated(ctx: click.Context, _: click.Parameter, isolated: bool) -> None:  # noqa: FBT001 - click's form
    if isolated:
        _keep_one(ctx, replace(session_of(ctx), isolated=True))


def _keep_one(ctx: click.Context, session: Session) -> None:
    if session.config and session.isolated:
        raise click.UsageError("`--config` and `--isolated` cannot be used together", ctx)
    ctx.obj = session
