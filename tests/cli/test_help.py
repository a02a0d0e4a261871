"""What `--help` prints: commands by purpose, formats, selectors and examples that can be called."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

import click
import pytest

from iamlint.cli.app import COMMANDS, cli
from iamlint.cli.app import EXAMPLES as EXAMPLES_OF_ALL
from iamlint.cli.check import FORMATS
from iamlint.cli.command import Command, Group, session_of
from iamlint.cli.session import Session
from iamlint.config.select import selectors_of
from iamlint.report.formats import BUILTIN
from iamlint.rules import BUILTIN as RULES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.program import Program


def commands() -> Iterator[tuple[str, Command | Group]]:
    """Yield each command with its name, also those of groups."""
    context = click.Context(cli)
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert isinstance(command, Command | Group)
        yield name, command
        for inner in getattr(command, "commands", {}).values():
            yield f"{name} {inner.name}", inner


EVERY = dict(commands())


def test_help_lists_the_commands_by_what_people_want_to_do(iamlint: Program) -> None:
    result = iamlint("--help")

    headings = re.findall(r"^(\w.*):$", result.out, re.MULTILINE)
    listed = re.findall(r"^  ([a-z][a-z-]*) ", result.out, re.MULTILINE)
    assert (result.code, result.err) == (0, "")
    assert headings == [
        *("Check policies", "Ask what is allowed", "Review changes", "Look up", "Set up"),
        *("Options", "Examples", "Options of every command"),
    ]
    assert [name for name in listed if name != "iamlint"] == list(COMMANDS)


@pytest.mark.parametrize("name", EVERY)
def test_help_of_a_command_has_examples_and_the_options_of_all(name: str, iamlint: Program) -> None:
    shown = iamlint(*name.split(), "--help").out

    assert "\nExamples:\n" in shown
    assert all(f"  {words}" in shown for words, _ in EVERY[name].examples)
    _, _, of_all = shown.partition("\nOptions of every command:\n")
    assert re.findall(r"^  (?:-\w, )?(--[a-z]+)", of_all, re.MULTILINE) == [
        *("--color", "--quiet", "--verbose", "--config", "--isolated", "--help")
    ]


@pytest.mark.parametrize("name", EVERY)
def test_each_option_says_what_it_is_for(name: str) -> None:
    options = [param for param in EVERY[name].params if isinstance(param, click.Option)]

    assert [option.name for option in options if not option.help] == []


@pytest.mark.parametrize("name", EVERY)
def test_each_option_is_in_one_group(name: str) -> None:
    command = EVERY[name]
    grouped = [one for names in command.groups.values() for one in names]

    assert len(set(grouped)) == len(grouped)
    if grouped:
        assert dict(command.sections(click.Context(command)))["Options"] == []


EXAMPLES = [
    words
    for examples in (EXAMPLES_OF_ALL, *(command.examples for command in EVERY.values()))
    for words, _ in examples
    if not words.startswith("source")
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_example_is_a_command_line_that_the_program_takes(example: str) -> None:
    called = next(part for part in re.split(r" [|<>] ", example) if part.startswith("iamlint"))
    _, *words = shlex.split(called)
    context, command = click.Context(cli), EVERY[words.pop(0)]
    while isinstance(command, Group):
        command = EVERY[f"{command.name} {words.pop(0)}"]

    command.make_context(command.name, words, parent=context)


def test_help_of_check_names_all_formats_and_selectors(iamlint: Program) -> None:
    shown = iamlint("check", "--help").out
    groups = set(selectors_of(RULES)) - {rule.name for rule in RULES}

    assert [name for name, _ in FORMATS] == list(BUILTIN)
    assert all(re.search(rf"\b{group}\b", shown) for group in groups)


@pytest.mark.parametrize("name", EVERY)
def test_options_of_all_commands_work_before_and_after_each(name: str) -> None:
    command = EVERY[name]
    if not isinstance(command, Group):
        needed = ["x" for one in command.params if isinstance(one, click.Argument) and one.required]
        needed = ["bash"] if name == "completion" else needed
        before = click.Context(cli, obj=Session(color="always", verbosity=-1))

        context = command.make_context(name, [*needed, "-v", "-v", "--isolated"], parent=before)

        assert session_of(context) == Session(color="always", verbosity=1, isolated=True)
