"""Options that several commands share, and their types."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from iamlint.policy.spelling import did_you_mean
from iamlint.report.formats import BUILTIN, GroupBy
from iamlint.rule.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from enum import StrEnum

    from click.shell_completion import CompletionItem

    Complete = Callable[[click.Context, click.Parameter, str], list[str]]

_Command = TypeVar("_Command", bound="Callable[..., object]")

FILE = click.Path(dir_okay=False, path_type=Path)
PATH = click.Path(allow_dash=True)
"""A file or folder, which the program looks for itself; shells complete it."""


def words(value: str | tuple[str, ...]) -> tuple[str, ...]:
    """Return words split at commas."""
    given = value.split(",") if isinstance(value, str) else value
    return tuple(word.strip() for word in given if word.strip())


words.__name__ = "SEL,…"


class OneOf(click.ParamType):  # type: ignore[type-arg]  # older versions of click take none
    """One of a closed set."""

    def __init__(self, choices: type[StrEnum]) -> None:
        self.name = "|".join(choices)
        self._choices = choices

    def get_metavar(self, *_: object, **__: object) -> str:
        return f"[{self.name}]"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> StrEnum:
        try:
            return self._choices(value)
        except ValueError:
            hint = did_you_mean(value, self._choices) or f"one of: {', '.join(self._choices)}"
            self.fail(f"`{value}`; {hint}", param, ctx)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem  # noqa: PLC0415 - only shells ask

        return [CompletionItem(word) for word in among(self._choices)(ctx, param, incomplete)]


def among(choices: Iterable[str]) -> Complete:
    """Return what completes one of these words."""

    def complete(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
        return [choice for choice in choices if choice.startswith(incomplete)]

    return complete


def format_option(*formats: str) -> Callable[[_Command], _Command]:
    """Return the option for the format of an answer, which the first one is by default."""
    return click.option(
        "--output-format",
        type=click.Choice(formats),
        default=formats[0],
        help=f"Format on standard output; default {formats[0]}.",
    )


_OF_REPORTS = (
    click.option(
        "--fail-on-not-analysed", is_flag=True, help="Exit 2 if a policy may have been skipped."
    ),
    click.option(
        "--fail-on",
        type=OneOf(Severity),
        envvar="IAMLINT_FAIL_ON",
        help="Lowest severity that makes the exit code 1; default warning.",
    ),
    click.option("--statistics", is_flag=True, help="Count the findings of each rule."),
    click.option(
        "--group-by",
        type=OneOf(GroupBy),
        help="List equal findings of several accounts once, for people.",
    ),
    click.option(
        "--sarif-category",
        metavar="NAME",
        help="Name of this SARIF upload, if there are several.",
    ),
    click.option(
        "-o",
        "--output",
        multiple=True,
        type=PATH,
        metavar="[FORMAT:]FILE",
        help="Also write the findings to a file; may be repeated.",
    ),
    click.option(
        "--output-format",
        default="full",
        envvar="IAMLINT_OUTPUT_FORMAT",
        metavar="FORMAT",
        help="Format of the findings on standard output; default full.",
        shell_complete=among(BUILTIN),
    ),
)


def report_options(command: _Command) -> _Command:
    """Return a command with the options of reports and of the exit code."""
    for option in _OF_REPORTS:
        command = option(command)
    return command
